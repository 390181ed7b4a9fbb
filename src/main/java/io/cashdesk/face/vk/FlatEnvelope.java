package io.cashdesk.face.vk;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.idempotency.ApiDialect;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Set;

/**
 * The flat fields of an envelope, and the call's body made of them. {@link EnvelopeDialect} uses it too, so that a body
 * is read by one class only.
 */
record FlatEnvelope(JsonObject fields) {
    /** The fields of {@code createPayment} that are not part of {@code data}. */
    private static final Set<String> BESIDE =
            Set.of("context", "provider", "isPC", "needQRcode", "alipayAppPayToH5Pay");

    private static final Set<String> NUMBERS = Set.of("total_fee", "refund_fee", "time_expire", "await_max_time");

    static FlatEnvelope of(JsonBody body) {
        var data = body.object("data").map(JsonBody::json).orElse(JsonObject.EMPTY_JSON_OBJECT);
        return new FlatEnvelope(cleaned(data));
    }

    /** Digit strings are numbers; empty texts and null are absent, as forms send them. */
    private static JsonObject cleaned(JsonObject data) {
        var clean = Json.createObjectBuilder();
        data.forEach((name, value) -> {
            if (value == JsonValue.NULL) return;
            if (value instanceof JsonString text) {
                if (text.getString().isEmpty()) return;
                if (NUMBERS.contains(name) && text.getString().matches("\\d{1,18}")) {
                    clean.add(name, Long.parseLong(text.getString()));
                    return;
                }
            }
            if (name.equals("data") && value instanceof JsonObject nested) clean.add(name, cleaned(nested));
            else clean.add(name, value);
        });
        return clean.build();
    }

    /** The merchant that the call names, or null. */
    String pid(String operation) {
        var named =
                operation.equals("createPayment") ? createPayment(null).json().getJsonObject("data") : body().json();
        return ApiDialect.text(named, "pid");
    }

    JsonBody body() {
        var body = Json.createObjectBuilder();
        fields.forEach((name, value) -> {
            if (!name.startsWith("vk_")) body.add(name, value);
        });
        return JsonBody.of(body.build());
    }

    /** @param agent the caller's user agent, if the caller is the payer's own device; otherwise null */
    JsonBody createPayment(String agent) {
        var body = Json.createObjectBuilder();
        var data = Json.createObjectBuilder(
                fields.containsKey("data") ? fields.getJsonObject("data") : JsonObject.EMPTY_JSON_OBJECT);
        fields.forEach((name, value) -> {
            if (BESIDE.contains(name)) body.add(name, value);
            else if (!name.equals("data") && !name.startsWith("vk_")) data.add(name, value);
        });
        if (!(fields.get("context") instanceof JsonObject)) {
            var context = Json.createObjectBuilder().add("PLATFORM", fields.getString("vk_platform", "h5"));
            if (agent != null) context.add("CLIENTUA", agent);
            body.add("context", context);
        }
        return JsonBody.of(body.add("data", data).build());
    }
}
