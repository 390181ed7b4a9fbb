package io.cashdesk.face.cloudpay;

import io.cashdesk.payment.Collecting;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** An answer or event: every field in camel and snake case, because clients use both. */
final class Answer {
    private final JsonObjectBuilder fields = Json.createObjectBuilder();

    /** The texts and numbers in snake case, over which API v2 signs. */
    private final SortedMap<String, String> signed = new TreeMap<>();

    static Answer success() {
        return result("SUCCESS");
    }

    private static Answer result(String resultCode) {
        return new Answer()
                .put("returnCode", "SUCCESS")
                .put("returnMsg", "OK")
                .put("resultCode", resultCode)
                .put("nonceStr", UUID.randomUUID().toString().replace("-", ""));
    }

    /**
     * @param call as the caller named it
     * @param parties whose node it is, if that is known; an answer to a failed call has none and is not signed
     */
    static JsonObject refused(String call, Refusal refusal, Optional<Collecting> parties, Locale locale) {
        var text = refusal.text(locale);
        if (refusal.ofCall) {
            return new Answer()
                    .put("returnCode", "FAIL")
                    .put("returnMsg", text)
                    .put("errCode", refusal.code)
                    .put("errCodeDes", text)
                    .enveloped(call);
        }
        var answer = result("FAIL").put("errCode", refusal.code).put("errCodeDes", text);
        parties.ifPresentOrElse(p -> answer.parties(p).signBy(p), () -> answer.always("subAppid", ""));
        return answer.enveloped(call);
    }

    /**
     * A bill that could not be downloaded.
     *
     * @param returnMsg in the words of API v2's table
     * @param errorCode API v2's number, or an empty text
     */
    static JsonObject noBill(String returnMsg, String errorCode, Refusal refusal, Locale locale) {
        return new Answer()
                .put("returnCode", "FAIL")
                .put("returnMsg", returnMsg)
                .put("errorCode", errorCode)
                .put("errCode", refusal.code)
                .put("errCodeDes", refusal.text(locale))
                .enveloped(Operation.DOWNLOAD_BILL.call);
    }

    /** Left out if it is null or empty. */
    Answer put(String name, String value) {
        return value == null || value.isEmpty() ? this : always(name, value);
    }

    /** Also if it is empty. */
    Answer always(String name, String value) {
        return put(name, Json.createValue(value));
    }

    Answer put(String name, long value) {
        return put(name, Json.createValue(value));
    }

    Answer put(String name, JsonArrayBuilder list) {
        return put(name, list.build());
    }

    Answer put(String name, JsonValue value) {
        var snake = Fields.snake(name);
        fields.add(name, value);
        fields.add(snake, value);
        if (value instanceof JsonString text) signed.put(snake, text.getString());
        if (value instanceof JsonNumber number) signed.put(snake, number.toString());
        return this;
    }

    /** Whose order it is; {@code subAppid} is there also if the sub-merchant has no application. */
    Answer parties(Collecting parties) {
        return put("appid", parties.appId())
                .put("mchId", parties.mchId())
                .always("subAppid", parties.subAppId())
                .put("subMchId", parties.subMchId());
    }

    /** The fields alone, as an event has them. */
    JsonObject event() {
        return fields.build();
    }

    /** Signed as API v2 signs, if the account has a key of API v2. */
    JsonObject signedBy(Collecting parties, Operation operation) {
        signBy(parties);
        fields.add("errCode", 0);
        return enveloped(operation.call);
    }

    private void signBy(Collecting parties) {
        parties.sign(signed).ifPresent(sign -> put("sign", sign));
    }

    private JsonObject enveloped(String call) {
        return fields.add("errMsg", "cloudPay." + call + ":ok").build();
    }
}
