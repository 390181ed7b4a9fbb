package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.signing.Digest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * A message of API v2: UTF-8 XML with one level of elements. The fields are sorted as the signature requires.
 * Characters that XML cannot contain are removed on writing, because WeChat Pay verifies the signature over what its
 * parser returns.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011935215">v2's documents</a>
 */
final class V2Message {
    static final String ROOT = "xml";

    private final SortedMap<String, String> fields = new TreeMap<>();

    /** The text is not XML, or not of this form. */
    static final class Malformed extends Exception {
        Malformed(String message, Throwable cause) {
            super(message, cause);
        }

        Malformed(String message) {
            this(message, null);
        }
    }

    V2Message() {}

    /** Sets a field. A field with an empty value is left out, because it does not count in the signature either. */
    V2Message with(String name, String value) {
        var clean = clean(value);
        if (clean.isEmpty()) fields.remove(name);
        else fields.put(name, clean);
        return this;
    }

    V2Message with(String name, long fen) {
        return with(name, Long.toString(fen));
    }

    /** The field's text; empty if there is no such field. */
    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    /** Whether the field exists and is not empty. */
    boolean has(String name) {
        return !text(name).isEmpty();
    }

    Map<String, String> fields() {
        return Collections.unmodifiableMap(fields);
    }

    /** All fields except the signature, as evidence. */
    JsonObject json() {
        var json = Json.createObjectBuilder();
        fields.forEach((name, value) -> {
            if (!name.equals("sign")) json.add(name, value);
        });
        return json.build();
    }

    /** All fields with their names in camel case: {@code code_url} becomes {@code codeUrl}. */
    JsonObject camelCase() {
        var json = Json.createObjectBuilder();
        fields.forEach((name, value) -> json.add(camelCase(name), value));
        return json.build();
    }

    private static String camelCase(String name) {
        var camel = new StringBuilder();
        for (var word : name.split("_")) {
            if (camel.length() == 0) camel.append(word);
            else if (!word.isEmpty())
                camel.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return camel.toString();
    }

    // signing

    V2Message signed(V2Signature type, String key) {
        return with("sign", sign(type, key));
    }

    String sign(V2Signature type, String key) {
        return type.of(fields, key);
    }

    /** Whether the message has a signature, and it is valid under this key. */
    boolean isSigned(V2Signature type, String key) {
        return has("sign") && Digest.constantTimeEquals(text("sign"), sign(type, key));
    }

    // writing

    String xml() {
        var xml = new StringBuilder("<").append(ROOT).append('>');
        fields.forEach((name, value) -> xml.append('<')
                .append(name)
                .append("><![CDATA[")
                .append(value.replace("]]>", "]]]]><![CDATA[>"))
                .append("]]></")
                .append(name)
                .append('>'));
        return xml.append("</").append(ROOT).append('>').toString();
    }

    /** XML parsers turn every line end into {@code \n} and refuse control characters and unpaired surrogates. */
    static String clean(String value) {
        var clean = new StringBuilder();
        value.replace("\r\n", "\n").replace('\r', '\n').codePoints().forEach(c -> {
            var allowed = c == '\t'
                    || c == '\n'
                    || (c >= 0x20 && c <= 0xD7FF)
                    || (c >= 0xE000 && c <= 0xFFFD)
                    || c >= 0x10000;
            if (allowed) clean.appendCodePoint(c);
        });
        return clean.toString();
    }

    // reading

    /** Whether a message is XML and thus of v2; v3 sends JSON. */
    static boolean isXml(String text) {
        return text.stripLeading().startsWith("<");
    }

    static V2Message read(byte[] utf8) throws Malformed {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8));
            return read(text.toString(), ROOT);
        } catch (CharacterCodingException e) {
            throw new Malformed("not UTF-8", e);
        }
    }

    /** @param root the expected name of the root element */
    static V2Message read(String xml, String root) throws Malformed {
        var element = document(xml);
        if (!element.getTagName().equals(root)) throw new Malformed("the root is not <" + root + ">");
        var message = new V2Message();
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element field) {
                if (message.fields.put(field.getTagName(), text(field)) != null) {
                    throw new Malformed("a field that occurs twice");
                }
            } else if (!isBlank(node)) {
                throw new Malformed("something between the fields");
            }
        }
        return message;
    }

    private static String text(Element field) throws Malformed {
        if (field.hasAttributes()) throw new Malformed("a field with attributes");
        var text = new StringBuilder();
        for (var node = field.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (!isText(node)) throw new Malformed("a field that contains more than a text");
            text.append(node.getNodeValue());
        }
        return text.toString();
    }

    private static boolean isText(Node node) {
        return Set.of(Node.TEXT_NODE, Node.CDATA_SECTION_NODE).contains(node.getNodeType());
    }

    private static boolean isBlank(Node node) {
        return node.getNodeType() == Node.TEXT_NODE && node.getNodeValue().isBlank();
    }

    private static Element document(String xml) throws Malformed {
        try {
            return builder().parse(new InputSource(new StringReader(xml))).getDocumentElement();
        } catch (SAXException | IOException e) {
            throw new Malformed("not XML, or XML with a DTD", e);
        }
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
