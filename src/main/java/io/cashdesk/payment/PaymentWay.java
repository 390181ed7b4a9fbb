package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.NewOrder;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProductRules;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * With which provider and through which product, of whose account, a payment is created: what it needs of the call, and
 * the answer.
 */
record PaymentWay(PaymentProvider provider, PayType payType, AccountSettings account) {
    private ProductRules rules() {
        return provider.products().get(payType);
    }

    /**
     * What the provider receives of the sub-merchant; a node's own token takes the place of one that is missing.
     *
     * @param wanted as the call names it, or an earlier call for the same order
     */
    SubMerchant subMerchant(SubMerchant wanted, CreatePayment.Terms terms, Mode mode) {
        if (terms.ofSubApp() && account.text("subAppId").isEmpty()) {
            throw ProblemType.notSupported(
                    LocalizedText.same("subOpenid"),
                    new LocalizedText("节点没有配置 subAppId，请改传 openid", "the node has no subAppId; send openid"));
        }
        var named = OnBehalf.withTokenOf(account, wanted);
        var sub = OnBehalf.of(provider, named); // the same for every key, so that a repeated call finds its attempt
        var unlisted = terms.forListedSubMerchant()
                && (named.mchId().isEmpty() || !(account.values().get("subMerchants") instanceof JsonArray));
        var refusal = unlisted
                ? Optional.of(new LocalizedText(
                        "sub_mchid " + sub.mchId() + " 不在该节点的 subMerchants 中",
                        "sub_mchid " + sub.mchId() + " is not among its subMerchants"))
                : OnBehalf.refusal(provider, account, mode, named);
        refusal.ifPresent(sentence -> {
            throw ProblemType.SUB_MERCHANT.with(Configuration.nameOf(provider.name(), account.node()), sentence);
        });
        return sub.appId().isEmpty() && terms.ofSubApp()
                ? new SubMerchant(sub.mchId(), account.text("subAppId"), sub.token())
                : sub;
    }

    /** Who pays, if the product needs to know it; otherwise an empty text. */
    String openid(JsonBody data, SubMerchant sub) {
        var openid = data.text("openid", 128).orElse("");
        if (openid.isEmpty() && rules().needsOpenid() && sub.token().isEmpty()) {
            throw ProblemType.OPENID.with(payType, account.text("appId"));
        }
        return rules().needsOpenid() ? openid : "";
    }

    /**
     * The answer to the call: how the payer pays this attempt.
     *
     * @param stored the attempt's prompt
     * @param returnUrl where the payer's browser goes: the call's own address, otherwise the order's
     */
    JsonObject answer(
            Attempt attempt,
            Optional<PaymentPrompt> stored,
            NewOrder order,
            Optional<URI> returnUrl,
            PaymentCall.Form form) {
        var prompt = prompt(stored, returnUrl);
        var toScan = form.scanned() && prompt instanceof PaymentPrompt.ScanQrCode;
        var answer = Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", "ok")
                .add("orderInfo", prompt.orderInfo())
                .add("out_trade_no", order.outTradeNo().value())
                .add("provider", attempt.provider())
                .add("pay_type", attempt.payType())
                .add("needQRcode", toScan)
                .add("total_fee", order.goods().total().minor())
                .add("platform", form.platform().name());
        var method = order.special().payMethod();
        if (method != null) answer.add("provider_pay_method", method);
        if (form.image() && prompt instanceof PaymentPrompt.ScanQrCode scan) {
            answer.add("qrcodeImage", QrCode.pngDataUrl(scan.content()));
        }
        return answer.build();
    }

    /**
     * The answer to a publishable key. WeChat Pay's version 2 answers with numbers of the merchant and a signature
     * beside the address to pay at; the payer's client needs only the address.
     */
    static JsonObject forClient(JsonObject answer) {
        if (!(answer.get("orderInfo") instanceof JsonObject info)) return answer;
        if (!info.containsKey("returnCode")) return answer; // version 3, Alipay, or parameters for a wallet
        var reduced = Json.createObjectBuilder();
        for (var name : List.of("codeUrl", "mwebUrl", "prepayId", "tradeType")) {
            if (info.containsKey(name)) reduced.add(name, info.get(name));
        }
        return Json.createObjectBuilder(answer).add("orderInfo", reduced).build();
    }

    /** For this caller, whose return address may be another one than that with which the attempt was opened. */
    private PaymentPrompt prompt(Optional<PaymentPrompt> stored, Optional<URI> returnUrl) {
        var prompt = stored.orElseGet(PaymentPrompt.Nothing::new); // a payment by code may be paid before one is stored
        return provider instanceof Creates creates ? creates.refresh(account, payType, prompt, returnUrl) : prompt;
    }
}
