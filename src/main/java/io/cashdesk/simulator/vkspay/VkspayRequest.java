package io.cashdesk.simulator.vkspay;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A call of VksPay's own interface: one JSON object. Members that the gateway does not know are signed like the others
 * and otherwise ignored.
 *
 * @param members by name; numbers and booleans as they are written
 * @param timestampIsNumber whether {@code timestamp} is a JSON number, as it must be
 */
record VkspayRequest(Map<String, String> members, boolean timestampIsNumber) {
    /** Seconds that the clocks may differ. */
    private static final long SKEW = 300;

    /** Refused if it is no JSON object of texts, numbers and booleans. */
    static VkspayRequest parse(String body) {
        JsonObject object;
        try (var reader = Json.createReader(new StringReader(body))) {
            object = reader.readObject();
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            throw VkspayRefusal.of("请求内容不是 JSON 对象");
        }
        var members = new TreeMap<String, String>();
        object.forEach((name, value) -> members.put(name, text(name, value)));
        return new VkspayRequest(members, object.get("timestamp") instanceof JsonNumber);
    }

    private static String text(String name, JsonValue value) {
        if (value instanceof JsonString text) return text.getString();
        return switch (value.getValueType()) {
            case NUMBER, TRUE, FALSE -> value.toString();
            default -> throw VkspayRefusal.of("参数 " + name + " 的类型错误");
        };
    }

    String get(String name) {
        return members.getOrDefault(name, "");
    }

    String required(String name) {
        var value = get(name);
        if (value.isEmpty()) throw VkspayRefusal.of("缺少参数 " + name);
        return value;
    }

    /** Refuses a wrong signature, and what every call must have. */
    void check(String key, Instant now) {
        if (!VkspaySignature.ofVkspay(members, key).equals(get("sign"))) throw VkspayRefusal.signature();
        if (!get("version").equals("2.0")) throw VkspayRefusal.of("参数 version 应为 2.0");
        if (!get("signaturenonce").matches("[1-9]{8}")) throw VkspayRefusal.of("参数 signaturenonce 应为 8 位 1-9 的数字");
        if (!timestampIsNumber || !get("timestamp").matches("[0-9]{10}")) {
            throw VkspayRefusal.of("参数 timestamp 应为 10 位数字");
        }
        if (Math.abs(now.getEpochSecond() - Long.parseLong(get("timestamp"))) > SKEW) {
            throw VkspayRefusal.of("参数 timestamp 已过期");
        }
    }

    /** An amount in yuan, in fen. */
    long fen(String name) {
        return VkspayFormat.fen(required(name))
                .orElseThrow(() -> VkspayRefusal.of("参数 " + name + " 应为大于 0 的金额，单位元，最多两位小数"));
    }

    String address(String name) {
        var value = required(name);
        if (!value.matches("https?://[^\\s/]+.*")) throw VkspayRefusal.of("参数 " + name + " 不是网址");
        return value;
    }
}
