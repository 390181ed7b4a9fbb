package io.cashdesk.face.cloudpay;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.UUID;

/** An answer or event: every field in camel and snake case, because clients use both. */
final class Answer {
    private final JsonObjectBuilder fields = Json.createObjectBuilder();
    private final String call;

    Answer(String call) {
        this.call = call;
    }

    static Answer success(String call) {
        return new Answer(call)
                .put("returnCode", "SUCCESS")
                .put("returnMsg", "OK")
                .put("resultCode", "SUCCESS")
                .put("nonceStr", UUID.randomUUID().toString().replace("-", ""));
    }

    static JsonObject refused(String call, Refusal refusal) {
        var text = String.valueOf(refusal.getMessage());
        if (refusal.code.isEmpty())
            return new Answer(call)
                    .put("returnCode", "FAIL")
                    .put("returnMsg", text)
                    .build();
        return new Answer(call)
                .put("returnCode", "SUCCESS")
                .put("returnMsg", "OK")
                .put("resultCode", "FAIL")
                .put("errCodeDes", text)
                .code(refusal.code)
                .build();
    }

    /** In snake case only: in camel case it would be {@code errCode}, which is the envelope's number. */
    private Answer code(String code) {
        fields.add("err_code", code);
        return this;
    }

    Answer put(String name, String value) {
        if (value == null || value.isEmpty()) return this;
        return put(name, Json.createValue(value));
    }

    Answer put(String name, long value) {
        return put(name, Json.createValue(value));
    }

    Answer put(String name, JsonArrayBuilder list) {
        return put(name, list.build());
    }

    Answer put(String name, JsonValue value) {
        fields.add(name, value);
        fields.add(Fields.snake(name), value);
        return this;
    }

    /** The fields alone, as an event has them. */
    JsonObject event() {
        return fields.build();
    }

    JsonObject build() {
        return fields.add("errCode", 0)
                .add("errMsg", "cloudPay." + call + ":ok")
                .build();
    }
}
