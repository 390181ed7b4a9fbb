package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.PlatformKeys;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Builds and signs what Alipay answers: to merchants' servers, to apps, and through the payer's browser. */
@ApplicationScoped
class AlipayAnswers {
    /** The {@code msg} of each code. */
    private static final Map<String, String> MESSAGES = Map.of(
            "10000", "Success",
            "10003", "order success pay inprocess",
            "20000", "Service Currently Unavailable",
            "20001", "Insufficient Token Permissions",
            "40001", "Missing Required Arguments",
            "40002", "Invalid Arguments",
            "40004", "Business Failed",
            "40005", "Call Limited",
            "40006", "Insufficient Permissions");

    @Inject
    PlatformKeys platformKeys;

    @Inject
    Clock clock;

    /** An answer with its code, which is 10000 unless the answer has another, and the message for it. */
    static JsonObject success(JsonObjectBuilder answer) {
        var node = answer.build();
        var code = node.getString("code", "10000");
        return Json.createObjectBuilder()
                .add("code", code)
                .add("msg", MESSAGES.get(code))
                .addAll(Json.createObjectBuilder(node))
                .build();
    }

    static JsonObject refusal(AlipayRefusal refused) {
        return Json.createObjectBuilder()
                .add("code", refused.code)
                .add("msg", MESSAGES.get(refused.code))
                .add("sub_code", refused.subCode)
                .add("sub_msg", refused.getMessage())
                .build();
    }

    /**
     * The signed answer. Slashes are escaped as Alipay does, and the exact characters of the node are signed.
     *
     * @param account of the caller, or null if it is not known
     * @param fault that concerns the signature, or null
     */
    String signed(Account account, String name, JsonObject node, Fault fault) {
        var plain = node.toString();
        var text = plain.replace("/", "\\/");
        if (fault == AlipayFault.ANSWER_REFUSED_UNSIGNED) return "{\"" + name + "\":" + text + "}";
        var toSign = fault == CommonFault.ANSWER_BADLY_SIGNED ? text + " " : text;
        if (fault == AlipayFault.ANSWER_SIGNED_UNESCAPED) toSign = plain;
        var certificate = account != null && account.certificates()
                ? "\"alipay_cert_sn\":\"" + AlipayCertificates.platformSerial(platformKeys) + "\","
                : "";
        var sign = Rsa.sign(toSign, platformKeys.get(AlipayServer.NAME).privateKey());
        return "{\"" + name + "\":" + text + "," + certificate + "\"sign\":\"" + sign + "\"}";
    }

    /** The result that Alipay's SDK gives an app after a payment: a JSON text, signed like an answer of the gateway. */
    String appResult(AlipayCaller caller, Trade trade) {
        var node = success(Json.createObjectBuilder()
                .add("app_id", caller.application().appId())
                .add("auth_app_id", caller.seller().appId())
                .add("charset", "utf-8")
                .add("out_trade_no", trade.number())
                .add("seller_id", caller.seller().mchNo())
                .add("timestamp", AlipayFormat.time(clock.instant()))
                .add("total_amount", Yuan.text(trade.reported()))
                .add("trade_no", trade.transactionId()));
        var whole = signed(caller.application(), "alipay_trade_app_pay_response", node, null);
        return whole.substring(0, whole.length() - 1) + ",\"sign_type\":\"RSA2\"}";
    }

    /** The merchant's {@code return_url} with Alipay's parameters. They are no proof of a payment. */
    String returnAddress(Account seller, Trade trade, AlipayTradeDetail detail) {
        var fields = new TreeMap<String, String>();
        fields.put("app_id", detail.appId().isEmpty() ? seller.appId() : detail.appId());
        fields.put("auth_app_id", seller.appId());
        fields.put("charset", "utf-8");
        fields.put("method", "alipay.trade." + detail.product().method + ".return");
        fields.put("out_trade_no", trade.number());
        fields.put("seller_id", seller.mchNo());
        fields.put("timestamp", AlipayFormat.time(clock.instant()));
        fields.put("total_amount", Yuan.text(trade.reported()));
        fields.put("trade_no", trade.transactionId());
        fields.put("version", "1.0");
        fields.put(
                "sign",
                Rsa.sign(
                        AlipayFormat.canonical(fields),
                        platformKeys.get(AlipayServer.NAME).privateKey()));
        fields.put("sign_type", "RSA2");
        var query = fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return detail.returnUrl() + (detail.returnUrl().contains("?") ? "&" : "?") + query;
    }
}
