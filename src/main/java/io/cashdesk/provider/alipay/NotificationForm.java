package io.cashdesk.provider.alipay;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The fields of a notification: the form's raw bytes, decoded once and by us, because the signature is over these
 * values.
 */
final class NotificationForm {
    private NotificationForm() {}

    /** @throws IllegalArgumentException if it is not a form, or names a field twice */
    static Map<String, String> fields(byte[] body) {
        var text = new String(body, StandardCharsets.ISO_8859_1); // percent-encoded, so one byte is one character
        var charset = StandardCharsets.UTF_8;
        for (var pair : text.split("&")) {
            if (pair.startsWith("charset="))
                charset = charset(URLDecoder.decode(pair.substring(8), StandardCharsets.UTF_8));
        }
        var fields = new LinkedHashMap<String, String>();
        for (var pair : text.split("&")) {
            if (pair.isEmpty()) continue;
            int at = pair.indexOf('=');
            if (at < 0) throw new IllegalArgumentException("a field without a value");
            var name = URLDecoder.decode(pair.substring(0, at), charset);
            if (fields.put(name, URLDecoder.decode(pair.substring(at + 1), charset)) != null) {
                throw new IllegalArgumentException("the field " + name + " stands there twice");
            }
        }
        return fields;
    }

    private static Charset charset(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "utf-8", "utf8", "" -> StandardCharsets.UTF_8;
            case "gbk" -> Charset.forName("GBK");
            case "gb2312" -> Charset.forName("GB2312");
            case "gb18030" -> Charset.forName("GB18030");
            default -> throw new IllegalArgumentException("charset " + name);
        };
    }
}
