package io.cashdesk.provider.alipay;

import io.cashdesk.ground.json.JsonMerge;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.RefundRequest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.util.Set;

/** The {@code biz_content} of each call: our words in Alipay's. */
final class AlipayContents {
    /**
     * What the order, the account or the protocol determines in every product; also the other names of an end, which
     * would be ignored beside ours, or end a code while it is still handed out. A product code is a default that can be
     * replaced.
     */
    private static final OtherParameters OTHER = new OtherParameters(Set.of(
            "out_trade_no",
            "total_amount",
            "subject",
            "time_expire",
            "timeout_express",
            "qr_code_timeout_express",
            "auth_code",
            "scene",
            "app_id",
            "method",
            "format",
            "charset",
            "sign_type",
            "sign",
            "timestamp",
            "version",
            "notify_url",
            "return_url",
            "app_auth_token",
            "app_cert_sn",
            "alipay_root_cert_sn",
            "biz_content"));

    /** The names of the payer, one of which the call's openid is sent as. */
    private static final OtherParameters PAYER =
            new OtherParameters(Set.of("buyer_id", "buyer_open_id", "op_buyer_open_id", "buyer_logon_id"));

    private static final OtherParameters STORE = new OtherParameters(Set.of("store_id"));

    private AlipayContents() {}

    /**
     * Checks the caller's extra parameters. The payer can be named in {@code other} if the call names none, which a
     * service provider's mini-program does; likewise the store.
     *
     * @throws io.cashdesk.ground.problem.Problem OTHER_RESERVED for a key that the call, the account or the protocol
     *     determines
     */
    static void checkOther(CallerInput input) {
        var other = input.other();
        OTHER.check(other);
        if (!input.payer().openid().isEmpty()) PAYER.check(other);
        if (input.code().map(PaymentCode::storeId).filter(id -> !id.isEmpty()).isPresent()) STORE.check(other);
    }

    static JsonObject precreate(PaymentRequest request) {
        return withOther(order(request), request);
    }

    static JsonObject page(PaymentRequest request) {
        return withOther(order(request).add("product_code", "FAST_INSTANT_TRADE_PAY"), request);
    }

    static JsonObject wap(PaymentRequest request) {
        var content = order(request).add("product_code", "QUICK_WAP_WAY");
        request.returnUrl().ifPresent(back -> content.add("quit_url", back.toString()));
        return withOther(content, request);
    }

    /**
     * The content of a page for phones with another return address; a {@code quit_url} of the caller's own stays.
     *
     * @param before the return address until now, or null
     */
    static String withQuitUrl(String back, String before, String content) {
        try (var reader = Json.createReader(new StringReader(content))) {
            var fields = reader.readObject();
            var own = fields.containsKey("quit_url")
                    && !fields.getString("quit_url", "").equals(before);
            return own
                    ? content
                    : Json.createObjectBuilder(fields)
                            .add("quit_url", back)
                            .build()
                            .toString();
        }
    }

    static JsonObject app(PaymentRequest request) {
        return withOther(order(request).add("product_code", "QUICK_MSECURITY_PAY"), request);
    }

    /**
     * For a mini-program. Older applications know payers by a user id, newer ones by an open id of their own. A service
     * provider gives product code, application and payer in {@code other}.
     */
    static JsonObject miniProgram(AlipayAccount account, PaymentRequest request) {
        var content = order(request).add("product_code", "JSAPI_PAY").add("op_app_id", account.appId());
        var openid = request.payer().openid();
        if (!openid.isEmpty()) content.add(openid.matches("2088\\d{12}") ? "buyer_id" : "op_buyer_open_id", openid);
        return withOther(content, request);
    }

    /** Two minutes: longer than we wait before it is cancelled, so that it is we who end it. */
    static JsonObject codepay(PaymentRequest request, PaymentCode code) {
        var content = basics(request)
                .add("scene", code.value().startsWith("fp") ? "security_code" : "bar_code")
                .add("auth_code", code.value())
                .add("product_code", "FACE_TO_FACE_PAYMENT")
                .add("timeout_express", "2m");
        if (!code.storeId().isEmpty()) content.add("store_id", code.storeId());
        return withOther(content, request);
    }

    private static JsonObjectBuilder order(PaymentRequest request) {
        return basics(request).add("time_expire", AlipayAnswers.wireTime(request.expiresAt()));
    }

    private static JsonObjectBuilder basics(PaymentRequest request) {
        return Json.createObjectBuilder()
                .add("out_trade_no", request.attemptNo())
                .add("total_amount", request.amount().yuan())
                .add("subject", AlipayTexts.subject(request.subject()));
    }

    static JsonObject number(String attemptNo) {
        return Json.createObjectBuilder().add("out_trade_no", attemptNo).build();
    }

    static JsonObject refund(RefundRequest request) {
        var content = Json.createObjectBuilder()
                .add("out_trade_no", request.attempt().attemptNo())
                .add("refund_amount", request.amount().yuan())
                .add("out_request_no", request.refundNo());
        if (!request.reason().isEmpty())
            content.add("refund_reason", AlipayTexts.REFUND_REASON.shortened(request.reason()));
        return content.build();
    }

    static JsonObject refundQuery(RefundRequest request) {
        return Json.createObjectBuilder()
                .add("out_trade_no", request.attempt().attemptNo())
                .add("out_request_no", request.refundNo())
                .add("query_options", Json.createArrayBuilder().add("gmt_refund_pay"))
                .build();
    }

    private static JsonObject withOther(JsonObjectBuilder content, PaymentRequest request) {
        return JsonMerge.merged(content.build(), request.other());
    }
}
