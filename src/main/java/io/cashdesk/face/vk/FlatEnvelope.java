package io.cashdesk.face.vk;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.idempotency.ApiDialect;
import io.cashdesk.payment.CreatePayment;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The flat fields of an envelope, and the call's body made of them. {@link EnvelopeDialect} uses it too, so that a body
 * is read by one class only.
 *
 * @param beside the fields of the envelope itself
 * @param fields those of its {@code data}
 */
record FlatEnvelope(JsonObject beside, JsonObject fields) {
    private static final Set<String> NUMBERS =
            Set.of("total_fee", "refund_fee", "time_expire", "await_max_time", "amount", "deviceType", "device_type");

    /** Of what is bought, where a provider's price list decides the amount. */
    private static final Set<String> NUMBERS_OF_GOODS = Set.of("buy_quantity", "goods_price");

    /** Objects that are the caller's own. */
    private static final Set<String> AS_THEY_ARE = Set.of("custom", "other", "context");

    private static final Set<JsonValue> ABSENT = Set.of(JsonValue.NULL, Json.createValue(""));

    /**
     * What the headers say of the payer's client.
     *
     * @param referer or null
     * @param userAgent or null
     */
    record Sender(String referer, String userAgent) {
        static final Sender UNKNOWN = new Sender(null, null);
    }

    static FlatEnvelope of(JsonBody body) {
        var data = body.object("data").map(JsonBody::json).orElse(JsonObject.EMPTY_JSON_OBJECT);
        return new FlatEnvelope(body.json(), cleaned(data));
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
            else if (value instanceof JsonObject nested && !AS_THEY_ARE.contains(name)) clean.add(name, goods(nested));
            else clean.add(name, value);
        });
        return clean.build();
    }

    private static JsonObject goods(JsonObject object) {
        var clean = Json.createObjectBuilder();
        object.forEach((name, value) -> {
            if (ABSENT.contains(value)) return;
            var number = NUMBERS_OF_GOODS.contains(name)
                    && value instanceof JsonString text
                    && text.getString().matches("\\d{1,18}");
            if (number) clean.add(name, Long.parseLong(((JsonString) value).getString()));
            else clean.add(name, value);
        });
        return clean.build();
    }

    /** The merchant that the call names, or null. */
    String pid(String operation) {
        var named = operation.equals("createPayment")
                ? createPayment(Sender.UNKNOWN).json().getJsonObject("data")
                : body().json();
        return ApiDialect.text(named, "pid");
    }

    JsonBody body() {
        return JsonBody.of(withoutOwn(fields));
    }

    /** Clients add fields of their own, whose names begin with {@code vk_}. */
    private static JsonObject withoutOwn(JsonObject object) {
        var without = Json.createObjectBuilder();
        object.forEach((name, value) -> {
            if (!name.startsWith("vk_")) without.add(name, value);
        });
        return without.build();
    }

    /** @throws io.cashdesk.ground.problem.Problem FIELD if {@code data} inside of data is no object */
    JsonBody createPayment(Sender sender) {
        var nested = JsonBody.of(fields).object("data").map(JsonBody::json).orElse(JsonObject.EMPTY_JSON_OBJECT);
        var body = Json.createObjectBuilder();
        var data = Json.createObjectBuilder(withoutOwn(nested));
        withoutOwn(fields).forEach((name, value) -> {
            if (name.equals("data")) return;
            if (CreatePayment.ARGUMENTS.contains(name)) body.add(name, value);
            else data.add(name, value);
        });
        return JsonBody.of(
                body.add("context", context(sender, nested)).add("data", data).build());
    }

    /**
     * The envelope's own context, or that of its data. What it does not say of the platform and the user agent comes
     * from the other one, the field {@code vk_platform} and the headers. A context that is no object goes on as it is:
     * the call refuses it.
     */
    private JsonValue context(Sender sender, JsonObject nested) {
        for (var given : Stream.of(beside, fields).map(o -> o.get("context")).toList()) {
            if (given != null && !ABSENT.contains(given) && !(given instanceof JsonObject)) return given;
        }
        var outer = context(beside);
        var inner = context(fields);
        var chosen = outer.isEmpty() ? inner : outer;
        var context = Json.createObjectBuilder(chosen);
        if (text(chosen, CreatePayment.PLATFORM_NAMES).isEmpty()) {
            context.add(
                    "PLATFORM",
                    platform(inner, nested)
                            .orElseGet(
                                    () -> MiniProgram.platform(sender.referer()).orElse("h5")));
        }
        if (sender.userAgent() != null
                && text(chosen, CreatePayment.USER_AGENT_NAMES).isEmpty()) {
            context.add("CLIENTUA", sender.userAgent());
        }
        return context.build();
    }

    private static JsonObject context(JsonObject object) {
        return object.get("context") instanceof JsonObject context ? context : JsonObject.EMPTY_JSON_OBJECT;
    }

    private Optional<String> platform(JsonObject inner, JsonObject nested) {
        return text(inner, CreatePayment.PLATFORM_NAMES)
                .or(() -> Stream.of(fields, nested, beside)
                        .flatMap(o -> text(o, List.of("vk_platform")).stream())
                        .findFirst());
    }

    private static Optional<String> text(JsonObject object, List<String> names) {
        for (var name : names) {
            if (object.get(name) instanceof JsonString text && !text.getString().isBlank()) {
                return Optional.of(text.getString());
            }
        }
        return Optional.empty();
    }
}
