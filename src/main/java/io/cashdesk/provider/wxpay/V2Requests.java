package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.RefundRequest;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Set;

/** Requests of API v2. Amounts are fen; a structured value is JSON in a text field. */
final class V2Requests {
    /** What the order, the account, the call or the protocol determines. */
    private static final OtherParameters OTHER = new OtherParameters(Set.of(
            "appid",
            "mch_id",
            "sub_appid",
            "sub_mch_id",
            "openid",
            "sub_openid",
            "nonce_str",
            "sign",
            "sign_type",
            "out_trade_no",
            "total_fee",
            "fee_type",
            "notify_url",
            "trade_type",
            "time_start",
            "time_expire",
            "spbill_create_ip",
            "auth_code",
            "key"));

    private V2Requests() {}

    static V2Message unifiedOrder(V2Client client, AccountSettings settings, Product product, PaymentRequest request) {
        var message = order(client, request)
                .with("notify_url", request.notifyUrl().toString())
                .with("time_expire", V2Answers.wireTime(request.expiresAt()))
                .with("trade_type", tradeType(product));
        // required for a code; the merchant's own product number, and here each code is for one order
        if (product == Product.NATIVE) message.with("product_id", request.attemptNo());
        if (product == Product.MOBILE_PAGE) message.with("scene_info", mobilePage(settings));
        if (product.needsOpenid()) {
            var name = request.attempt().sub().appId().isEmpty() ? "openid" : "sub_openid";
            message.with(name, request.payer().openid());
        }
        return withOther(message, request.other());
    }

    private static String tradeType(Product product) {
        return switch (product) {
            case NATIVE -> "NATIVE";
            case MINI_PROGRAM, OFFICIAL_ACCOUNT -> "JSAPI";
            case MOBILE_PAGE -> "MWEB";
            case APP -> "APP";
            case PAYMENT_CODE -> throw new IllegalArgumentException("a payment code is collected, not ordered");
        };
    }

    /** Has no notify_url: payments by code are not notified. */
    static V2Message micropay(V2Client client, PaymentRequest request, PaymentCode code) {
        var message = order(client, request).with("auth_code", code.value());
        if (!code.storeId().isEmpty()) {
            var store = Json.createObjectBuilder().add("id", code.storeId());
            message.with(
                    "scene_info",
                    Json.createObjectBuilder().add("store_info", store).build().toString());
        }
        return withOther(message, request.other());
    }

    private static V2Message order(V2Client client, PaymentRequest request) {
        return client.request(request.attempt().sub())
                .with("body", request.subject())
                .with("out_trade_no", request.attemptNo())
                .with("total_fee", request.amount().minor())
                .with("fee_type", request.amount().currency())
                .with("spbill_create_ip", request.payer().clientIp());
    }

    /** The H5 page that the merchant registered. The configuration has the field names of API v2. */
    private static String mobilePage(AccountSettings settings) {
        if (settings.values().get("sceneInfo") instanceof JsonObject scene && scene.containsKey("h5_info")) {
            return Json.createObjectBuilder()
                    .add("h5_info", scene.get("h5_info"))
                    .build()
                    .toString();
        }
        return "{\"h5_info\":{\"type\":\"Wap\"}}";
    }

    static V2Message refund(V2Client client, RefundRequest request) {
        return client.request(request.attempt().sub())
                .with("out_trade_no", request.attempt().attemptNo())
                .with("out_refund_no", request.refundNo())
                .with("total_fee", request.total().minor())
                .with("refund_fee", request.amount().minor())
                .with("refund_fee_type", request.amount().currency())
                .with("refund_desc", request.reason())
                .with("notify_url", request.notifyUrl().toString());
    }

    /** @throws io.cashdesk.ground.problem.Problem for a key that is ours, or that is no field name of v2 */
    static void checkOther(JsonObject other) {
        OTHER.check(other);
        for (var name : other.keySet()) {
            if (!name.matches("[a-z][a-z0-9_]{0,31}")) {
                throw ProblemType.FIELD.with(
                        "a key of other", "1 to 32 of a to z, digits and _, and begin with a letter", name);
            }
        }
    }

    private static V2Message withOther(V2Message message, JsonObject other) {
        other.forEach((name, value) -> {
            var merged = value instanceof JsonObject more && message.has(name)
                    ? OtherParameters.merged(object(message.text(name)), more)
                    : value;
            message.with(name, text(merged));
        });
        return message;
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    /** A text without quotes; every other value as JSON. */
    private static String text(JsonValue value) {
        if (value == JsonValue.NULL) return "";
        if (value instanceof JsonString text) return text.getString();
        return value instanceof JsonNumber number ? number.bigDecimalValue().toPlainString() : value.toString();
    }
}
