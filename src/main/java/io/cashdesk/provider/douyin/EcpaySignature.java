package io.cashdesk.provider.douyin;

import io.cashdesk.ground.signing.Digest;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The signatures of the guaranteed payment: MD5 over the sorted values of a request with a salt between them, and SHA-1
 * over the sorted parts of a callback with a token between them. Only values are signed, not their names.
 *
 * @see <a href="https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/ecpay/TE">signature of
 *     requests</a>
 */
final class EcpaySignature {
    private static final Set<String> NOT_SIGNED = Set.of("app_id", "thirdparty_id", "sign", "other_settle_params");

    /** By the bytes of UTF-8; Java compares UTF-16, which puts an emoji before U+FB00. */
    private static final Comparator<String> BY_BYTES = (one, other) -> Arrays.compareUnsigned(utf8(one), utf8(other));

    private EcpaySignature() {}

    /** 32 lower-case hex digits. */
    static String sign(JsonObject request, String salt) {
        var values = new ArrayList<String>();
        request.forEach((name, value) -> {
            var text = NOT_SIGNED.contains(name) ? "" : bare(text(value));
            if (!text.isEmpty() && !text.equals("null")) values.add(text);
        });
        values.add(salt);
        values.sort(BY_BYTES);
        return md5(String.join("&", values));
    }

    private static String text(JsonValue value) {
        if (value instanceof JsonString text) return text.getString();
        if (value instanceof JsonNumber number) return number.toString();
        return value == JsonValue.NULL ? "" : value.toString();
    }

    /** Without white space and one pair of quotes around it. */
    private static String bare(String value) {
        var text = value.trim();
        var quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1).trim() : text;
    }

    /**
     * Whether a callback is signed with this token; in a time that does not depend on the content.
     *
     * @param token an empty text signs nothing
     * @param signature 40 lower-case hex digits
     */
    static boolean isCallback(String token, String timestamp, String nonce, String msg, String signature) {
        if (token.isEmpty()) return false;
        return Digest.constantTimeEquals(callback(token, timestamp, nonce, msg), signature);
    }

    static String callback(String token, String timestamp, String nonce, String msg) {
        var text = Stream.of(token, timestamp, nonce, msg)
                .filter(part -> !part.isEmpty())
                .sorted(BY_BYTES)
                .collect(Collectors.joining());
        return Digest.sha1(utf8(text));
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(utf8(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
