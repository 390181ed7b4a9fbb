package io.cashdesk.simulator.wxpay.v2;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The messages of WeChat Pay's v2: XML with one level of fields, written from its documents with the JDK alone. */
final class WxpayV2Xml {
    private WxpayV2Xml() {}

    /** A message that cannot be read; the message is WeChat Pay's own text. */
    static final class Unreadable extends Exception {
        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    /** The fields of a message whose root is {@code xml}. Each may be there once and has nothing but text in it. */
    static SortedMap<String, String> read(byte[] body) throws Unreadable {
        if (body.length == 0) throw new Unreadable("post数据为空");
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable("编码格式错误，请使用UTF-8");
        }
        try {
            return fields(text);
        } catch (XMLStreamException e) {
            throw new Unreadable("XML格式错误");
        }
    }

    private static SortedMap<String, String> fields(String text) throws XMLStreamException, Unreadable {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        var reader = factory.createXMLStreamReader(new StringReader(text));
        SortedMap<String, String> fields = new TreeMap<>();
        next(reader, XMLStreamConstants.START_ELEMENT);
        if (!reader.getLocalName().equals("xml")) throw new Unreadable("XML格式错误");
        while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
            var name = reader.getLocalName();
            if (reader.getAttributeCount() > 0) throw new Unreadable("XML格式错误");
            if (fields.put(name, reader.getElementText()) != null) throw new Unreadable("XML格式错误");
        }
        next(reader, XMLStreamConstants.END_DOCUMENT);
        return fields;
    }

    /** Only white space and comments are skipped; anything else, a DTD too, is refused. */
    private static void next(XMLStreamReader reader, int expected) throws XMLStreamException, Unreadable {
        int event = reader.next();
        while (event == XMLStreamConstants.COMMENT || event == XMLStreamConstants.SPACE) event = reader.next();
        if (event != expected) throw new Unreadable("XML格式错误");
    }

    /** A message with each value as CDATA. */
    static String write(String root, Map<String, String> fields) {
        var xml = new StringBuilder("<" + root + ">");
        fields.forEach((name, value) -> {
            var safe = value.replace("]]>", "]]]]><![CDATA[>");
            xml.append("<" + name + "><![CDATA[").append(safe).append("]]></" + name + ">");
        });
        return xml.append("</" + root + ">").toString();
    }
}
