package io.cashdesk.simulator.douyin;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonConfig;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The members of a JSON object that a merchant sends, read strictly: a text is no number and a number no text. Empty
 * texts and null count as absent. Members that are not read are ignored, as the platform does.
 *
 * @param code the {@code err_no} with which a wrong value is refused
 * @param path what precedes the names in messages: empty, or ends with a dot
 */
record DouyinFields(JsonObject json, int code, String path) {
    /** Levels of objects and lists; no request needs as many. */
    private static final int DEEPEST = 16;

    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    /** Refused if it is not one object in UTF-8 whose names differ. */
    static DouyinFields parse(byte[] body, int code) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DouyinRefusal(code, "参数不合法：请求体不是 UTF-8 编码");
        }
        return parse(text, code);
    }

    static DouyinFields parse(String text, int code) {
        if (text.contains("\0") || text.contains("\\u0000") || isDeep(text)) {
            throw new DouyinRefusal(code, "参数不合法：请求体含空字符或嵌套过深");
        }
        try (var reader = READERS.createReader(new StringReader(text))) {
            return new DouyinFields(reader.readObject(), code, "");
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            throw new DouyinRefusal(code, "参数不合法：请求体不是 JSON 对象");
        }
    }

    private static boolean isDeep(String text) {
        return text.chars().filter(c -> c == '{' || c == '[').count() > 200
                || text.contains("[".repeat(DEEPEST))
                || text.contains("{".repeat(DEEPEST));
    }

    DouyinRefusal wrong(String name, String what) {
        return new DouyinRefusal(code, "参数不合法：" + path + name + " " + what);
    }

    // texts

    Optional<String> text(String name) {
        var value = json.get(name);
        if (value == null || value == JsonValue.NULL) return Optional.empty();
        if (!(value instanceof JsonString text)) throw wrong(name, "应为文本");
        return Optional.of(text.getString()).filter(t -> !t.isEmpty());
    }

    /** @param longest characters */
    Optional<String> text(String name, int longest) {
        var text = text(name);
        if (text.filter(t -> t.length() > longest).isPresent()) throw wrong(name, "最长 " + longest + " 个字符");
        return text;
    }

    String required(String name, int longest) {
        return text(name, longest).orElseThrow(() -> wrong(name, "不能为空"));
    }

    /** A merchant's number: digits, letters, {@code _ - *}, at most 64. */
    String number(String name) {
        var number = required(name, 64);
        if (!number.matches("[0-9A-Za-z_*-]+")) throw wrong(name, "只能包含数字、大小写字母和 _-*");
        return number;
    }

    // numbers

    Optional<Long> whole(String name, long least, long most) {
        var value = json.get(name);
        if (value == null || value == JsonValue.NULL) return Optional.empty();
        if (!(value instanceof JsonNumber number)) throw wrong(name, "应为 JSON 数字");
        if (!number.isIntegral() || isOutside(number.bigDecimalValue(), least, most)) {
            throw wrong(name, "应为 " + least + " 到 " + most + " 的整数");
        }
        return Optional.of(number.longValueExact());
    }

    private static boolean isOutside(BigDecimal number, long least, long most) {
        return number.compareTo(BigDecimal.valueOf(least)) < 0 || number.compareTo(BigDecimal.valueOf(most)) > 0;
    }

    long requiredWhole(String name, long least, long most) {
        return whole(name, least, most).orElseThrow(() -> wrong(name, "不能为空"));
    }

    boolean flag(String name) {
        var value = json.get(name);
        if (value == null || value == JsonValue.NULL || value == JsonValue.FALSE) return false;
        if (value != JsonValue.TRUE) throw wrong(name, "应为 true 或 false");
        return true;
    }

    // objects and lists

    Optional<DouyinFields> object(String name) {
        var value = json.get(name);
        if (value == null || value == JsonValue.NULL) return Optional.empty();
        if (!(value instanceof JsonObject object)) throw wrong(name, "应为对象");
        return Optional.of(new DouyinFields(object, code, path + name + "."));
    }

    /** The objects of a list; empty if it is absent. */
    List<DouyinFields> objects(String name) {
        var value = json.get(name);
        if (value == null || value == JsonValue.NULL) return List.of();
        if (!(value instanceof JsonArray list)) throw wrong(name, "应为数组");
        return list.stream().map(item -> item(name, item)).toList();
    }

    private DouyinFields item(String name, JsonValue item) {
        if (!(item instanceof JsonObject object)) throw wrong(name, "的成员应为对象");
        return new DouyinFields(object, code, path + name + ".");
    }

    /** The object's path to a page of the mini-program and its parameters, which are a JSON object as a text. */
    void checkPage(String name) {
        var page = object(name).orElseThrow(() -> wrong(name, "不能为空"));
        if (page.required("path", 512).startsWith("/")) throw page.wrong("path", "不能以 / 开头");
        var params = page.text("params", 512).orElse("{}");
        if (!isObject(params)) throw page.wrong("params", "应为 JSON 对象的文本");
    }

    static boolean isObject(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject() != null;
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            return false;
        }
    }

    /** The same values in the same words, in whatever order: for comparing a call with an earlier one. */
    String canonical(String... without) {
        var sorted = new TreeMap<>(json);
        for (var name : without) sorted.remove(name);
        var object = Json.createObjectBuilder();
        sorted.forEach(object::add);
        return object.build().toString();
    }
}
