package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.Collecting;
import io.cashdesk.payment.CollectingAccounts;
import io.cashdesk.payment.CreatePayment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@code unifiedOrder}: createPayment with CloudPay's fields. */
@ApplicationScoped
class UnifiedOrder {
    @Inject
    CreatePayment createPayment;

    @Inject
    Callback callback;

    @Inject
    PayOrders orders;

    @Inject
    CollectingAccounts accounts;

    /** What the answer repeats of the call. */
    private record Requested(String outTradeNo, String tradeType, Optional<String> deviceInfo) {}

    CompletionStage<JsonObject> of(Authority authority, Fields fields, String callerAddress) {
        var callback = this.callback.of(authority, fields);
        fields.text("nonceStr", 32);
        var subMchId = fields.required("subMchId", 32);
        var tradeType = UnifiedOrderFields.tradeType(fields);
        var subOpenid = fields.text("subOpenid", 128);
        var openid = fields.text("openid", 128);
        if (tradeType.equals("JSAPI") && subOpenid.isEmpty() && openid.isEmpty()) {
            throw fields.missing("openid / subOpenid");
        }
        var outTradeNo = UnifiedOrderFields.outTradeNo(fields);
        var extras = UnifiedOrderFields.Extras.of(fields, tradeType);
        var data = Json.createObjectBuilder()
                .add("out_trade_no", outTradeNo)
                .add("total_fee", fields.fen("totalFee"))
                .add("subject", UnifiedOrderFields.subject(fields))
                .add("type", "cloudpay")
                .add("sub_mchid", subMchId);
        subOpenid.or(() -> openid).ifPresent(id -> data.add("openid", id));
        UnifiedOrderFields.expiry(fields).ifPresent(ms -> data.add("time_expire", ms));
        var context = Json.createObjectBuilder().add("CLIENTIP", UnifiedOrderFields.payersAddress(fields));
        var body = Json.createObjectBuilder().add("provider", "wxpay").add("data", data);
        switch (tradeType) {
            case "APP" -> context.add("PLATFORM", "app-plus");
            case "NATIVE" -> body.add("needQRcode", true);
            case "MWEB" -> context.add("CLIENTUA", "Mobile");
            default -> context.add("PLATFORM", "mp-weixin");
        }
        var terms = new CreatePayment.Terms(callback, Optional.of(extras::in), true, subOpenid.isPresent());
        var requested = new Requested(outTradeNo, tradeType, extras.deviceInfo());
        return createPayment
                .of(authority, JsonBody.of(body.add("context", context).build()), callerAddress, terms)
                .thenApply(made -> answer(made.getJsonObject("orderInfo"), requested, parties(authority, requested)));
    }

    private Collecting parties(Authority authority, Requested requested) {
        return orders.byNumber(authority.merchant(null), authority.mode(), requested.outTradeNo())
                .map(PayOrder::key)
                .flatMap(accounts::of)
                .orElseThrow();
    }

    /** @param info as the adapter made it from an answer of either version */
    private static JsonObject answer(JsonObject info, Requested requested, Collecting parties) {
        var answer = Answer.success()
                .parties(parties)
                .put("deviceInfo", requested.deviceInfo().orElse(""))
                .put("tradeType", requested.tradeType());
        switch (requested.tradeType()) {
            case "JSAPI" -> {
                var payment = Json.createObjectBuilder();
                for (var name : List.of("appId", "timeStamp", "nonceStr", "package", "signType", "paySign")) {
                    payment.add(name, info.getString(name));
                }
                answer.put("prepayId", info.getString("package").replaceFirst("^prepay_id=", ""))
                        .put("payment", payment.build());
            }
            case "APP" -> answer.put("prepayId", info.getString("prepayid")).put("payment", info);
            case "MWEB" ->
                answer.put("mwebUrl", info.getString("h5Url", info.getString("mwebUrl", "")))
                        .put("prepayId", info.getString("prepayId", ""));
            default -> answer.put("codeUrl", info.getString("codeUrl")).put("prepayId", info.getString("prepayId", ""));
        }
        return answer.signedBy(parties, Operation.UNIFIED_ORDER);
    }
}
