package io.cashdesk.simulator;

import jakarta.json.Json;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Bodies as they are easy to read: JSON and XML with line breaks, forms decoded with one field a line. */
final class Pretty {
    private static final JsonWriterFactory WRITERS =
            Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

    private static final Pattern FORM = Pattern.compile("[\\w.]+=[^\\s&]*(&[\\w.]+=[^\\s&]*)*");

    private Pretty() {}

    /** A text that is none of the three, for example one that was cut, is returned as it is. */
    static String body(String text) {
        var body = text.strip();
        if (body.startsWith("{") || body.startsWith("[")) return json(body);
        if (body.startsWith("<")) return body.replaceAll("(</[^>]+>|^<[^>/]+>)(?=<)", "$1\n");
        return FORM.matcher(body).matches() ? form(body) : body;
    }

    private static String json(String body) {
        try (var reader = Json.createReader(new StringReader(body))) {
            var text = new StringWriter();
            try (var writer = WRITERS.createWriter(text)) {
                writer.write(reader.read());
            }
            return text.toString().strip();
        } catch (RuntimeException notJson) { // cut, too deep, or with a number that is too long
            return body;
        }
    }

    private static String form(String body) {
        return Arrays.stream(body.split("&")).map(Pretty::decoded).collect(Collectors.joining("\n"));
    }

    private static String decoded(String pair) {
        try {
            return URLDecoder.decode(pair, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return pair;
        }
    }
}
