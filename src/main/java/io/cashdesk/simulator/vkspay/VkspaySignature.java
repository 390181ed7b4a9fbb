package io.cashdesk.simulator.vkspay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the three protocols sign, and the MD5 signatures of two of them. */
final class VkspaySignature {
    private VkspaySignature() {}

    /**
     * VksPay's own interface: every member but {@code sign}, also an empty one, in the order of the names' characters,
     * raw values, then {@code &key=}. Lower-case hexadecimal digits.
     *
     * @see <a href="https://github.com/VksPay/VksPay">the vendor's example</a>
     */
    static String ofVkspay(Map<String, String> members, String key) {
        return md5(joined(members, e -> !e.getKey().equals("sign")) + "&key=" + key);
    }

    /**
     * What epay signs, in both versions: every parameter that is not empty, without {@code sign} and {@code sign_type}.
     */
    static String epayText(Map<String, String> parameters) {
        return joined(
                parameters,
                e -> !e.getKey().equals("sign")
                        && !e.getKey().equals("sign_type")
                        && !e.getValue().isEmpty());
    }

    /** Epay V1: the key follows the text directly. */
    static String ofEpay(Map<String, String> parameters, String key) {
        return md5(epayText(parameters) + key);
    }

    private static String joined(Map<String, String> values, Predicate<Map.Entry<String, String>> signed) {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .filter(signed)
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("&"));
    }

    private static String md5(String text) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
