package io.cashdesk.simulator.douyin;

import jakarta.json.JsonArray;
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
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The two signatures of ecpay: of requests with the payment salt, of callbacks with the console's token.
 *
 * @see <a href="https://github.com/bytedance/open-pay-signature-java-demo">the platform's example</a>
 */
final class EcpaySignature {
    private static final Set<String> NOT_SIGNED = Set.of("app_id", "thirdparty_id", "sign", "other_settle_params");
    private static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private EcpaySignature() {}

    /**
     * The {@code sign} of a request: MD5 over the values and the salt, sorted, without names; lower-case hexadecimal.
     */
    static String ofRequest(JsonObject body, String salt) {
        var values = new ArrayList<String>();
        body.forEach((name, value) -> {
            if (NOT_SIGNED.contains(name)) return;
            var text = stripped(text(value));
            if (!text.isEmpty() && !text.equals("null")) values.add(text);
        });
        values.add(salt);
        values.sort(BY_BYTES);
        return hash("MD5", String.join("&", values));
    }

    /** Trimmed, without one pair of quotes around it, and trimmed again. */
    private static String stripped(String text) {
        var trimmed = text.trim();
        var quoted = trimmed.length() > 1 && trimmed.startsWith("\"") && trimmed.endsWith("\"");
        return quoted ? trimmed.substring(1, trimmed.length() - 1).trim() : trimmed;
    }

    /** As the platform prints a value; objects and lists in the way of its language, Go. */
    private static String text(JsonValue value) {
        if (value instanceof JsonString text) return text.getString();
        if (value instanceof JsonArray list) {
            return list.stream().map(EcpaySignature::text).collect(Collectors.joining(" ", "[", "]"));
        }
        if (value instanceof JsonObject object) {
            return new TreeMap<>(object)
                    .entrySet().stream()
                            .map(e -> e.getKey() + ":" + text(e.getValue()))
                            .collect(Collectors.joining(" ", "map[", "]"));
        }
        return value.toString();
    }

    /**
     * The {@code msg_signature} of a callback: SHA-1 over the sorted texts without separators; empty ones are left out.
     */
    static String ofCallback(String token, String timestamp, String nonce, String msg) {
        var text = Stream.of(token, timestamp, nonce, msg)
                .filter(t -> !t.isEmpty())
                .sorted(BY_BYTES)
                .collect(Collectors.joining());
        return hash("SHA-1", text);
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
