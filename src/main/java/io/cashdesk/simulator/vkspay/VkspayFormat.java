package io.cashdesk.simulator.vkspay;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;

/** Amounts, names, times and forms as VksPay and epay sites write them. */
final class VkspayFormat {
    static final int LONGEST_NAME = 127;

    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final DateTimeFormatter COMPACT = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    private VkspayFormat() {}

    /** A positive plain number of yuan with at most two decimals, in fen; empty for any other text. */
    static OptionalLong fen(String yuan) {
        if (!yuan.matches("[0-9]{1,9}(\\.[0-9]{1,2})?")) return OptionalLong.empty();
        var fen = new BigDecimal(yuan).movePointRight(2).longValueExact();
        return fen > 0 ? OptionalLong.of(fen) : OptionalLong.empty();
    }

    /** As PHP prints a float: 100 fen are "1", 10 fen are "0.1". */
    static String phpFloat(long fen) {
        return BigDecimal.valueOf(fen, 2).stripTrailingZeros().toPlainString();
    }

    /** As {@link #phpFloat}, with at least one decimal: 100 fen are "1.0". */
    static String withDecimal(long fen) {
        var text = phpFloat(fen);
        return text.contains(".") ? text : text + ".0";
    }

    /** At most 127 bytes of UTF-8; no character is cut in two. */
    static String cutName(String name) {
        var end = 0;
        var bytes = 0;
        while (end < name.length()) {
            var character = name.codePointAt(end);
            bytes += Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST_NAME) break;
            end += Character.charCount(character);
        }
        return name.substring(0, end);
    }

    /** In China's time, for people. */
    static String time(Instant at) {
        return TIME.format(at.atOffset(CHINA));
    }

    /** In China's time, 14 digits, for numbers. */
    static String digits(Instant at) {
        return COMPACT.format(at.atOffset(CHINA));
    }

    /** Digits that are the same for each call. */
    static String digitsOf(UUID id, int length) {
        var number = new BigInteger(id.toString().replace("-", ""), 16).mod(BigInteger.TEN.pow(length));
        var text = number.toString();
        return "0".repeat(length - text.length()) + text;
    }

    /** The parameters of a query or a form. Of several with the same name the last counts, as in PHP. */
    static Map<String, String> decoded(String form) {
        var fields = new LinkedHashMap<String, String>();
        for (var pair : form.split("&")) {
            var at = pair.indexOf('=');
            if (at <= 0) continue;
            try {
                fields.put(decodedText(pair.substring(0, at)), decodedText(pair.substring(at + 1)));
            } catch (IllegalArgumentException notEncoded) {
                throw VkspayRefusal.of("参数编码错误");
            }
        }
        return fields;
    }

    private static String decodedText(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The address with more parameters: after "&amp;" if it has a query. */
    static String withQuery(String address, String query) {
        return address + (address.contains("?") ? "&" : "?") + query;
    }
}
