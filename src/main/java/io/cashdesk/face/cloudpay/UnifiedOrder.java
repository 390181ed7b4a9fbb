package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.merchant.Authority;
import io.cashdesk.payment.CreatePayment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** {@code unifiedOrder}: createPayment with CloudPay's fields. */
@ApplicationScoped
class UnifiedOrder {
    /** CloudPay's answers are made from answers of WeChat Pay v3. */
    private static final OptionalInt V3 = OptionalInt.of(3);

    @Inject
    CreatePayment createPayment;

    @Inject
    Callback callback;

    CompletionStage<JsonObject> of(Authority authority, Fields fields, String callerAddress) {
        var callback = this.callback.of(authority, fields);
        var subMchId = fields.required("subMchId", 32);
        fields.text("nonceStr", 32);
        var tradeType = fields.text("tradeType", 16).orElse("JSAPI");
        var subOpenid = fields.text("subOpenid", 128);
        var openid = subOpenid.or(() -> fields.text("openid", 128));
        if (tradeType.equals("JSAPI") && openid.isEmpty()) throw Fields.missing("openid or subOpenid");
        var data = Json.createObjectBuilder()
                .add("out_trade_no", UnifiedOrderFields.outTradeNo(fields))
                .add("total_fee", fields.fen("totalFee"))
                .add("subject", UnifiedOrderFields.subject(fields))
                .add("type", "cloudpay")
                .add("sub_mchid", subMchId)
                .add("other", UnifiedOrderFields.other(fields));
        openid.ifPresent(id -> data.add("openid", id));
        UnifiedOrderFields.expiry(fields).ifPresent(ms -> data.add("time_expire", ms));
        var context = Json.createObjectBuilder().add("CLIENTIP", fields.required("spbillCreateIp", 64));
        var body = Json.createObjectBuilder().add("provider", "wxpay").add("data", data);
        switch (tradeType) {
            case "JSAPI" -> context.add("PLATFORM", "mp-weixin");
            case "APP" -> context.add("PLATFORM", "app-plus");
            case "NATIVE" -> body.add("needQRcode", true);
            case "MWEB" -> context.add("CLIENTUA", "Mobile");
            default -> throw Fields.malformed("tradeType", "must be JSAPI, NATIVE, APP or MWEB");
        }
        var terms = new CreatePayment.Terms(callback, V3, true, subOpenid.isPresent());
        var deviceInfo = fields.text("deviceInfo", 32).orElse("");
        return createPayment
                .of(authority, JsonBody.of(body.add("context", context).build()), callerAddress, terms)
                .thenApply(made -> answer(made, tradeType, subMchId, deviceInfo));
    }

    private static JsonObject answer(JsonObject made, String tradeType, String subMchId, String deviceInfo) {
        var info = made.getJsonObject("orderInfo");
        var answer = Answer.success("unifiedOrder")
                .put("appid", made.getString("provider_appid"))
                .put("mchId", made.getString("mch_id"))
                .put("subAppid", made.getString("sub_appid"))
                .put("subMchId", subMchId)
                .put("deviceInfo", deviceInfo)
                .put("tradeType", tradeType)
                .put("codeUrl", info.getString("codeUrl", ""))
                .put("mwebUrl", info.getString("h5Url", ""))
                .put("prepayId", info.getString("package", "").replaceFirst("^prepay_id=", ""));
        if (tradeType.equals("JSAPI")) {
            var payment = Json.createObjectBuilder();
            for (var name : List.of("appId", "timeStamp", "nonceStr", "package", "signType", "paySign")) {
                payment.add(name, info.getString(name));
            }
            answer.put("payment", payment.build());
        }
        if (tradeType.equals("APP")) answer.put("payment", info).put("prepayId", info.getString("prepayid"));
        return answer.build();
    }
}
