package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.SessionKey;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Optional;
import java.util.Set;

/** What a mini-program hands to {@code wx.requestVirtualPayment}. */
final class VirtualPayment {
    /** The uri of the client's call in its signature. */
    static final String URI = "requestVirtualPayment";

    /** WeChat's code for a session key that it does not accept. */
    static final String SESSION = "268490009";

    private static final OtherParameters OTHER = new OtherParameters(Set.of(
            "offerId",
            "buyQuantity",
            "env",
            "currencyType",
            "productId",
            "goodsPrice",
            "activitySellingPrice",
            "outTradeNo",
            "mode",
            "signData",
            "paySig",
            "signature"));

    private static final LocalizedText TEXT = new LocalizedText("文本", "a text");

    private VirtualPayment() {}

    /** WeChat refuses an {@code attach} of another type (-15016), and the client alone would learn it. */
    static void check(JsonObject other) {
        OTHER.check(other);
        var attach = other.get("attach");
        if (attach != null && !(attach instanceof JsonString)) {
            throw OtherParameters.refusal("other.attach", TEXT, attach);
        }
    }

    /**
     * The signed parameters. {@code signData} is written once, and the very same text is signed and answered.
     *
     * @throws ProviderFailure DECLINED if the payer's session is not known any more
     */
    static PaymentPrompt prompt(VirtualAccount account, PaymentRequest request) {
        var session = request.session()
                .orElseThrow(() ->
                        new ProviderFailure(Kind.DECLINED, SESSION, "the user's session key is missing or expired"));
        return prompt(account, request, session);
    }

    private static PaymentPrompt prompt(VirtualAccount account, PaymentRequest request, SessionKey session) {
        var goods = request.goods();
        var mode = goods.getString("mode", "");
        if (mode.isEmpty()) throw new ProviderFailure(Kind.DECLINED, "mode", "the order names no goods");
        var env = account.envOf(request.attempt());
        var signData = signData(account, env, request, goods);
        var orderInfo = Json.createObjectBuilder()
                .add("mode", mode)
                .add("signData", signData)
                .add("paySig", VirtualSignature.paySig(account.appKey(env), URI, signData))
                .add("signature", VirtualSignature.signature(session, signData))
                .build();
        return new PaymentPrompt.CallWallet(request.attemptNo(), orderInfo, Optional.empty());
    }

    private static String signData(VirtualAccount account, int env, PaymentRequest request, JsonObject goods) {
        var data = Json.createObjectBuilder()
                .add("offerId", account.offerId()) // a text: WeChat refuses a number
                .add("buyQuantity", goods.getJsonNumber("buy_quantity"))
                .add("env", env)
                .add("currencyType", request.amount().currency());
        if (goods.containsKey("product_id")) {
            data.add("productId", goods.getString("product_id")).add("goodsPrice", goods.getJsonNumber("goods_price"));
        }
        data.add("outTradeNo", request.attemptNo());
        if (!request.other().containsKey("attach")) data.add("attach", request.attemptNo());
        request.other().forEach(data::add);
        return data.build().toString();
    }
}
