package io.cashdesk.provider.wechat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * A pushed message in XML as the JSON object that it stands for: an element with elements inside is an object, any
 * other a text.
 */
final class PushXml {
    private static final int DEEPEST = 8;

    private PushXml() {}

    /** The text is not XML, or not of this form. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static JsonObject read(String xml) throws Malformed {
        Element root;
        try {
            root = builder().parse(new InputSource(new StringReader(xml))).getDocumentElement();
        } catch (SAXException | IOException e) {
            throw new Malformed("not XML, or XML with a DTD", e);
        }
        if (!root.getTagName().equals("xml")) throw new Malformed("the root is not <xml>", null);
        return object(root, 1);
    }

    private static JsonObject object(Element element, int depth) throws Malformed {
        if (depth > DEEPEST) throw new Malformed("nested too deep", null);
        var object = Json.createObjectBuilder();
        var names = new HashSet<String>();
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element member) {
                if (!names.add(member.getTagName())) throw new Malformed("an element that occurs twice", null);
                if (hasElements(member)) object.add(member.getTagName(), object(member, depth + 1));
                else object.add(member.getTagName(), member.getTextContent());
            } else if (node.getNodeType() != Node.COMMENT_NODE
                    && !node.getTextContent().isBlank()) {
                throw new Malformed("a text beside elements", null);
            }
        }
        return object.build();
    }

    private static boolean hasElements(Element element) {
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element) return true;
        }
        return false;
    }

    /** The JDK's parser without DTDs, entities and external access, against XXE and entity expansion. */
    private static DocumentBuilder builder() {
        try {
            var factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Silent());
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("every JDK has a parser that refuses DTDs", e);
        }
    }

    /** Throws without printing: the parser's default handler writes parts of unverified messages to standard error. */
    private static final class Silent implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
