package io.cashdesk.simulator;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The language of WeChat Pay's v2: flat XML, and signatures with a shared key, written from its documents on the JDK alone. */
final class WechatV2Words {
    static final String HMAC = "HMAC-SHA256";
    static final String MD5 = "MD5";

    private static final String HEX = "0123456789abcdef";

    private WechatV2Words() {}

    /** A message that cannot be read, in WeChat Pay's words. */
    static final class Unreadable extends Exception {
        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    /** The fields of a message whose root is {@code xml}; each once, none with anything but a text in it. */
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

    /** Nothing but white space and comments may come first; a DTD least of all. */
    private static void next(XMLStreamReader reader, int wanted) throws XMLStreamException, Unreadable {
        int event = reader.next();
        while (event == XMLStreamConstants.COMMENT || event == XMLStreamConstants.SPACE) event = reader.next();
        if (event != wanted) throw new Unreadable("XML格式错误");
    }

    static String write(String root, Map<String, String> fields) {
        var xml = new StringBuilder("<" + root + ">");
        fields.forEach((name, value) -> {
            var safe = value.replace("]]>", "]]]]><![CDATA[>");
            xml.append("<" + name + "><![CDATA[").append(safe).append("]]></" + name + ">");
        });
        return xml.append("</" + root + ">").toString();
    }

    /** Over everything but {@code sign} and what is empty, sorted, with the key behind it. */
    static String sign(SortedMap<String, String> fields, String key, String type) {
        var text = new StringBuilder();
        fields.forEach((name, value) -> {
            if (name.equals("sign") || value.isEmpty()) return;
            text.append(name).append('=').append(value).append('&');
        });
        var bytes = text.append("key=").append(key).toString().getBytes(StandardCharsets.UTF_8);
        try {
            if (!type.equals(HMAC)) {
                return hex(MessageDigest.getInstance("MD5").digest(bytes)).toUpperCase(Locale.ROOT);
            }
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return hex(mac.doFinal(bytes)).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a refund notification carries: AES-256-ECB, keyed with the letters of the key's MD5. */
    static String seal(String text, String key) {
        try {
            var cipher = Cipher.getInstance("AES/ECB/PKCS5Padding"); // which for AES is PKCS#7
            cipher.init(
                    Cipher.ENCRYPT_MODE, new SecretKeySpec(sealingKey(key).getBytes(StandardCharsets.US_ASCII), "AES"));
            return Keys.base64(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sealingKey(String key) {
        try {
            return hex(MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        var hex = new StringBuilder();
        for (var b : bytes) {
            hex.append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
        }
        return hex.toString();
    }
}
