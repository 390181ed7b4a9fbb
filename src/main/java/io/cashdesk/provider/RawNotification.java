package io.cashdesk.provider;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A provider's message as it came over the wire: not decoded, not verified.
 *
 * @param method the HTTP method
 * @param rawQuery the query as sent, or an empty text
 * @param headers first value of each header, by name in any case
 * @param body the exact bytes
 */
public record RawNotification(String method, String rawQuery, Map<String, String> headers, byte[] body) {
    public RawNotification {
        var anyCase = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = anyCase;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
