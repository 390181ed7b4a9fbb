package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Locale;
import java.util.Set;

/**
 * What {@code other} may add to a request to one product of a provider. It is merged into the request
 * ({@link io.cashdesk.ground.json.JsonMerge}). What the order, the call's own fields, the account or the protocol
 * determines cannot be replaced: such a key is an input error, found before anything is stored or sent.
 *
 * @param reserved the keys that cannot be replaced, in the provider's spelling; a dot stands before a key of a nested
 *     object: "amount", "scene_info.payer_client_ip"
 */
public record OtherParameters(Set<String> reserved) {
    /** What {@link #refusal} says is expected of a value that must stay an object. */
    public static final LocalizedText OBJECT = new LocalizedText("对象", "an object");

    private static final LocalizedText VALUE = new LocalizedText("有值的字段，或不传", "a value, or no such key");

    /** What orders determine at every provider, whatever it is called there; as {@link #spelling} returns it. */
    private static final Set<String> OF_EVERY_PROVIDER = Set.of(
            "amount", "totalamount", "totalfee", "outtradeno", "notifyurl", "appid", "mchid", "timeexpire", "authcode");

    public OtherParameters {
        reserved = Set.copyOf(reserved);
    }

    /**
     * @throws io.cashdesk.ground.problem.Problem OTHER_RESERVED, which names the first reserved key in {@code other}
     */
    public void check(JsonObject other) {
        check("", other);
    }

    private void check(String path, JsonObject other) {
        other.forEach((name, value) -> {
            var key = path + name;
            if (isReserved(key)) throw ProblemType.OTHER_RESERVED.with("other." + key);
            if (value == JsonValue.NULL) throw refusal("other." + key, VALUE, value);
            if (value instanceof JsonObject nested) {
                check(key + '.', nested);
            } else if (reserved.stream().anyMatch(r -> r.startsWith(key + '.'))) {
                throw refusal("other." + key, OBJECT, value);
            }
        });
    }

    /** In any spelling: clients of other products write {@code outTradeNo} for {@code out_trade_no}. */
    private boolean isReserved(String key) {
        var spelled = spelling(key);
        return OF_EVERY_PROVIDER.contains(spelled)
                || reserved.stream().anyMatch(r -> spelling(r).equals(spelled));
    }

    private static String spelling(String key) {
        return key.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** The refusal (FIELD) of a value of another JSON type. */
    public static Problem refusal(String name, LocalizedText expected, JsonValue given) {
        return ProblemType.field(
                name,
                expected,
                switch (given.getValueType()) {
                    case OBJECT -> OBJECT;
                    case ARRAY -> new LocalizedText("数组", "a list");
                    case STRING -> new LocalizedText("文本", "a text");
                    case NUMBER -> new LocalizedText("数字", "a number");
                    case TRUE, FALSE, NULL -> LocalizedText.same(given);
                });
    }
}
