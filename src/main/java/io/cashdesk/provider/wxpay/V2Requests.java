package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.json.JsonMerge;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.RefundRequest;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests of API v2. Amounts are fen; a structured value is JSON in a text field. */
final class V2Requests {
    /**
     * What the order, the account, the call or the protocol determines, and the names that API v3 has for it.
     * {@code product_id} is not among it: ours is only a default.
     */
    private static final Set<String> OURS = Set.of(
            "appid",
            "mch_id",
            "sub_appid",
            "sub_mch_id",
            "openid",
            "sub_openid",
            "nonce_str",
            "sign",
            "sign_type",
            "body",
            "out_trade_no",
            "total_fee",
            "fee_type",
            "notify_url",
            "trade_type",
            "time_start",
            "time_expire",
            "spbill_create_ip",
            "auth_code",
            "key",
            "description",
            "amount",
            "payer",
            "mchid",
            "sp_appid",
            "sp_mchid",
            "sub_mchid");

    private static final OtherParameters OTHER = new OtherParameters(OURS);

    /** At a point of sale the call's {@code store_id} determines the store. */
    private static final OtherParameters OTHER_AT_POINT_OF_SALE = new OtherParameters(
            Stream.concat(OURS.stream(), Stream.of("scene_info.store_info.id")).collect(Collectors.toSet()));

    private static final String SCENE = "scene_info";

    private static final LocalizedText OBJECT_OR_TEXT = new LocalizedText("对象或其 JSON 文本", "an object or its JSON text");

    private static final LocalizedText WHOLE_SCENE =
            new LocalizedText("other.scene_info 加上 Cashdesk 添加的内容后", "other.scene_info with what Cashdesk adds");

    private static final LocalizedText STORE_AS_SCENE =
            new LocalizedText("data.store_id 作为 scene_info", "data.store_id as scene_info");

    private V2Requests() {}

    /** @param page the {@code scene_info} of the node with {@link Product#MOBILE_PAGE}, or empty */
    static V2Message unifiedOrder(V2Client client, JsonObject page, Product product, PaymentRequest request) {
        var message = order(client, request)
                .with("notify_url", request.notifyUrl().toString())
                .with("time_expire", V2Answers.wireTime(request.expiresAt()))
                .with("trade_type", tradeType(product));
        // required for a code; the merchant's own product number, and here each code is for one order
        if (product == Product.NATIVE) message.with("product_id", request.attemptNo());
        if (product.needsOpenid()) {
            var name = request.attempt().sub().appId().isEmpty() ? "openid" : "sub_openid";
            message.with(name, request.payer().openid());
        }
        return withOther(message, scene(page, "", request.other()), request.other());
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
        var scene = scene(JsonValue.EMPTY_JSON_OBJECT, code.storeId(), request.other());
        return withOther(message, scene, request.other());
    }

    private static V2Message order(V2Client client, PaymentRequest request) {
        return client.request(request.attempt().sub())
                .with("body", title(request))
                .with("out_trade_no", request.attemptNo())
                .with("total_fee", request.amount().minor())
                .with("fee_type", request.amount().currency())
                .with("spbill_create_ip", request.payer().clientIp());
    }

    /** The order's title without what XML cannot contain; the order's number where nothing is left of it. */
    private static String title(PaymentRequest request) {
        var title = WxpayTexts.BODY.shortened(V2Message.clean(request.subject()));
        return title.isBlank() ? request.attemptNo() : title;
    }

    /**
     * The field {@code scene_info}: what the product needs, with what the caller adds to it; empty if there is neither.
     *
     * @param page the field as the node describes it, or empty
     * @param storeId of a payment by code, or an empty text
     */
    private static JsonObject scene(JsonObject page, String storeId, JsonObject other) {
        var ours = page;
        if (!storeId.isEmpty()) {
            var store = Json.createObjectBuilder().add("id", storeId);
            ours = Json.createObjectBuilder().add("store_info", store).build();
        }
        return JsonMerge.merged(ours, sceneIn(other));
    }

    /**
     * The caller's {@code scene_info}, which may be an object or, as on the wire, its JSON text.
     *
     * @throws io.cashdesk.ground.problem.Problem FIELD if it is neither
     */
    private static JsonObject sceneIn(JsonObject other) {
        var given = other.get(SCENE);
        if (given == null) return JsonValue.EMPTY_JSON_OBJECT;
        if (given instanceof JsonObject object) return object;
        if (given instanceof JsonString text) return JsonBody.parseText("other." + SCENE, text.getString());
        throw OtherParameters.refusal("other." + SCENE, OBJECT_OR_TEXT, given);
    }

    static V2Message refund(V2Client client, RefundRequest request) {
        return client.request(request.attempt().sub())
                .with("out_trade_no", request.attempt().attemptNo())
                .with("out_refund_no", request.refundNo())
                .with("total_fee", request.total().minor())
                .with("refund_fee", request.amount().minor())
                .with("refund_fee_type", request.amount().currency())
                .with("refund_desc", WxpayTexts.REFUND_DESC.shortened(V2Message.clean(request.reason())))
                .with("notify_url", request.notifyUrl().toString());
    }

    /**
     * Checks the caller's extra parameters: what is ours stays as it is, each key must be a field name of v2, and each
     * text short enough.
     */
    static void checkOther(Product product, JsonObject other) {
        var sent = other;
        if (other.containsKey(SCENE)) {
            sent = Json.createObjectBuilder(other).add(SCENE, sceneIn(other)).build();
        }
        (product == Product.PAYMENT_CODE ? OTHER_AT_POINT_OF_SALE : OTHER).check(sent);
        sent.forEach((name, value) -> {
            if (!name.matches("[a-z][a-z0-9_]{0,31}")) {
                throw ProblemType.field(
                        new LocalizedText("other 的键", "a key of other"),
                        new LocalizedText(
                                "1 到 32 个小写字母、数字或 _，以字母开头", "1 to 32 of a to z, digits and _, and begin with a letter"),
                        LocalizedText.quoted(name));
            }
            WxpayTexts.checkV2(name, value, V2Message.clean(text(value)));
        });
        var part = product == Product.MOBILE_PAGE ? "h5_info" : "store_info";
        var given = sent.containsKey(SCENE) ? sent.getJsonObject(SCENE).get(part) : null;
        if (given != null && !(given instanceof JsonObject)) {
            throw OtherParameters.refusal("other." + SCENE + "." + part, OtherParameters.OBJECT, given);
        }
    }

    /** Checks the texts of a call that are sent beside {@code other}, and {@code scene_info} as a whole. */
    static void checkTexts(JsonObject page, CallerInput input) {
        var sub = input.sub();
        WxpayTexts.SUB_MCH_ID.required("data.sub_mchid", sub.mchId());
        WxpayTexts.V2_SUB_APPID.required("data.sub_appid", sub.appId());
        var openid = sub.appId().isEmpty() ? WxpayTexts.V2_OPENID : WxpayTexts.V2_SUB_OPENID;
        openid.required("data.openid", input.payer().openid());
        var storeId = input.code().map(PaymentCode::storeId).orElse("");
        var ofCaller = input.other().containsKey(SCENE);
        if (!ofCaller && storeId.isEmpty()) return; // the page alone was checked when the node was saved
        WxpayTexts.SCENE_INFO.required(
                ofCaller ? WHOLE_SCENE : STORE_AS_SCENE,
                scene(page, storeId, input.other()).toString());
    }

    private static V2Message withOther(V2Message message, JsonObject scene, JsonObject other) {
        other.forEach((name, value) -> message.with(name, text(value)));
        return scene.isEmpty() ? message : message.with(SCENE, scene.toString());
    }

    /** A text without quotes; every other value as JSON. */
    private static String text(JsonValue value) {
        if (value instanceof JsonString text) return text.getString();
        return value instanceof JsonNumber number ? number.bigDecimalValue().toPlainString() : value.toString();
    }
}
