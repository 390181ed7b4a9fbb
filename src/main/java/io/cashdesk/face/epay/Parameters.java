package io.cashdesk.face.epay;

import io.cashdesk.ground.problem.LocalizedText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parameters of a call, from the query and the form together, sorted by name as the signature needs them. One that
 * comes twice is refused, because the shop and this server might read different ones; so is text that is not UTF-8.
 */
final class Parameters {
    /** Of the form, in bytes. */
    static final int LARGEST = 16 * 1024;

    private static final String FORM = "application/x-www-form-urlencoded";

    private final SortedMap<String, String> values;

    private Parameters(SortedMap<String, String> values) {
        this.values = Collections.unmodifiableSortedMap(values);
    }

    /**
     * @param query as it stands in the address, or null
     * @param body empty: there is none
     * @param contentType of the body, or null
     */
    static Parameters of(String query, byte[] body, String contentType) {
        var values = new TreeMap<String, String>();
        read(query == null ? "" : query, values);
        if (body.length > LARGEST) {
            throw Refusal.general("请求体不能超过 " + LARGEST + " 字节", "The body must not exceed " + LARGEST + " bytes");
        }
        if (body.length > 0) {
            if (contentType == null || !contentType.split(";", 2)[0].strip().equalsIgnoreCase(FORM)) {
                throw Refusal.general(
                        "POST 请求的 Content-Type 必须是 " + FORM, "The Content-Type of a POST must be " + FORM);
            }
            read(utf8(body, "form"), values);
        }
        return new Parameters(values);
    }

    private static void read(String encoded, SortedMap<String, String> into) {
        for (var pair : encoded.split("&")) {
            if (pair.isEmpty()) continue;
            var parts = pair.split("=", 2);
            var name = decoded(parts[0], parts[0]);
            var value = parts.length == 1 ? "" : decoded(parts[1], name);
            if (name.isEmpty() || name.contains("[")) continue; // a list of PHP, which is not signed
            if (name.indexOf('=') >= 0 || name.indexOf('&') >= 0) throw disguised();
            if (into.put(name, value) != null) {
                var shown = LocalizedText.named(name);
                throw Refusal.general(
                        "参数 " + shown.zh() + " 出现了多次，请只传一次",
                        "The parameter " + shown.en() + " comes twice; send it once");
            }
        }
    }

    /** @param name of the parameter, for the message */
    private static String decoded(String text, String name) {
        var raw = text.getBytes(StandardCharsets.UTF_8);
        var bytes = new byte[raw.length];
        int length = 0;
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                var high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                var low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) throw unreadable(name);
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = raw[i] == '+' ? (byte) ' ' : raw[i];
            }
        }
        var decoded = utf8(Arrays.copyOf(bytes, length), name);
        if (decoded.indexOf('\0') >= 0) throw unreadable(name);
        return decoded;
    }

    private static String utf8(byte[] bytes, String name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw unreadable(name);
        }
    }

    /** In the text that is signed it would look like other parameters, whose checks it would pass by. */
    private static Refusal disguised() {
        return Refusal.general("参数名不能含有 = 或 &", "The name of a parameter must have neither = nor &");
    }

    private static Refusal unreadable(String name) {
        var shown = LocalizedText.named(name);
        return Refusal.general(
                "参数 " + shown.zh() + " 不是 UTF-8 编码的文本，或百分号编码有误",
                "The parameter " + shown.en() + " is not UTF-8, or its percent-encoding is malformed");
    }

    /** All of them by name, the signature too. */
    SortedMap<String, String> all() {
        return values;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Without one that is empty, which counts as absent. */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** @param longest in characters, of which one beyond ASCII counts as it is sent: three for each byte of UTF-8 */
    Optional<String> address(String name, int longest) {
        var address = text(name);
        if (address.filter(a -> sentLength(a) > longest).isPresent()) {
            throw Refusal.malformed(
                    name, "不超过 " + longest + " 个字符的地址", "an address of at most " + longest + " characters");
        }
        return address;
    }

    private static int sentLength(String address) {
        int length = 0;
        for (var b : address.getBytes(StandardCharsets.UTF_8)) length += b < 0 ? 3 : 1;
        return length;
    }

    String required(String name) {
        return text(name).orElseThrow(() -> Refusal.missing(name));
    }

    /** A number without sign; a larger one than the most is read as that, as the reference server does. */
    int whole(String name, int most, int otherwise) {
        var text = text(name);
        if (text.isEmpty()) return otherwise;
        if (text.get().matches("\\d{1,9}")) return Math.min(most, Integer.parseInt(text.get()));
        throw Refusal.malformed(name, "不带符号的整数", "a whole number without sign");
    }
}
