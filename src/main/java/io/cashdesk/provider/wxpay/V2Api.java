package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayFailures.evidence;
import static io.cashdesk.provider.wxpay.WxpayFailures.notAuthentic;
import static io.cashdesk.provider.wxpay.WxpayFailures.unusable;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.PerAccount;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/**
 * WeChat Pay API v2.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011935215">v2's documents</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011937125">payment codes</a>
 */
@Dependent
class V2Api implements WxpayApi {
    @Inject
    ProviderTransport transport;

    @Inject
    Clock clock;

    private final PerAccount<V2Client> clients =
            new PerAccount<>(settings -> new V2Client(settings, transport.client()));

    private final PerAccount<JsonObject> pages =
            new PerAccount<>(settings -> MobilePage.of(settings).v2());

    private JsonObject page(AccountSettings settings, Product product) {
        return product == Product.MOBILE_PAGE ? pages.of(settings) : JsonObject.EMPTY_JSON_OBJECT;
    }

    // facts

    @Override
    public void check(AccountSettings settings) {
        V2Account.of(settings);
        MobilePage.of(settings).checkV2();
    }

    @Override
    public boolean needsStore() {
        return false;
    }

    @Override
    public void checkOther(Product product, JsonObject other) {
        V2Requests.checkOther(product, other);
    }

    @Override
    public void checkTexts(AccountSettings settings, CallerInput input) {
        V2Requests.checkTexts(page(settings, Product.of(input.payType())), input);
    }

    @Override
    public String pageField() {
        return "mwebUrl";
    }

    // operations

    @Override
    public PaymentPrompt create(AccountSettings settings, PaymentRequest request) {
        var client = clients.of(settings);
        var product = Product.of(request.payType());
        var answer = client.call(
                "/pay/unifiedorder", V2Requests.unifiedOrder(client, page(settings, product), product, request));
        var life = Optional.of(product.life);
        return switch (product) {
            case NATIVE -> new PaymentPrompt.ScanQrCode(present(answer, "code_url"), answer.camelCase(), life);
            case MOBILE_PAGE -> new PaymentPrompt.GoTo(present(answer, "mweb_url"), answer.camelCase(), life);
            case MINI_PROGRAM, OFFICIAL_ACCOUNT, APP -> {
                var account = client.account();
                var sub = request.attempt().sub();
                var prepayId = PrepayId.of(account.appId(), sub, present(answer, "prepay_id"));
                var parameters = walletParameters(settings, product, prepayId);
                yield new PaymentPrompt.CallWallet(prepayId.handle(), parameters, life);
            }
            case PAYMENT_CODE -> throw new IllegalArgumentException("a payment code is collected, not created");
        };
    }

    @Override
    public JsonObject walletParameters(AccountSettings settings, Product product, PrepayId prepayId) {
        return V2WalletParameters.of(clients.of(settings).account(), product, prepayId, clock);
    }

    @Override
    public ProviderReport collect(AccountSettings settings, PaymentRequest request, PaymentCode code) {
        var client = clients.of(settings);
        try {
            var answer = client.callAboutPayment("/pay/micropay", V2Requests.micropay(client, request, code));
            return V2Answers.paid(request.attemptNo(), answer);
        } catch (ProviderFailure e) {
            if (hasCode(e, "USERPAYING")) {
                return new ProviderReport.Unpaid(request.attemptNo(), true, evidence(e));
            }
            throw e;
        }
    }

    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var client = clients.of(settings);
        var no = attempt.attemptNo();
        try {
            var request = client.request(attempt.sub()).with("out_trade_no", no);
            return V2Answers.order(client.account(), attempt, client.callAboutPayment("/pay/orderquery", request));
        } catch (ProviderFailure e) {
            if (hasCode(e, "ORDERNOTEXIST")) return new ProviderReport.Absent(no, evidence(e));
            throw e;
        }
    }

    /**
     * WeChat Pay may refuse to close an order that is younger than five minutes; then the report is the order's present
     * state. An order by payment code is reversed instead of closed, which also refunds a payment made in between.
     */
    @Override
    public ProviderReport close(AccountSettings settings, AttemptRef attempt) {
        var client = clients.of(settings);
        var no = attempt.attemptNo();
        var request = client.request(attempt.sub()).with("out_trade_no", no);
        try {
            if (!Product.PAYMENT_CODE.is(attempt.payType())) {
                client.call("/pay/closeorder", request);
                return new ProviderReport.Closed(no, "{\"closed\":true}");
            }
            return V2Answers.reversed(no, client.callWithCertificate("/secapi/pay/reverse", request));
        } catch (ProviderFailure e) {
            if (hasCode(e, "ORDERNOTEXIST")) return new ProviderReport.Absent(no, evidence(e));
            if (hasCode(e, "USERPAYING")) return new ProviderReport.Unpaid(no, true, evidence(e));
            if (hasCode(e, "ORDERCLOSED", "ORDERREVERSED")) return new ProviderReport.Closed(no, evidence(e));
            if (hasCode(
                    e, "ORDERPAID", "TRADE_STATE_ERROR", "INVALID_REQUEST", "TRADE_ERROR", "INVALID_TRANSACTIONID")) {
                return query(settings, attempt);
            }
            throw e;
        }
    }

    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        var client = clients.of(settings);
        var answer = client.callWithCertificate("/secapi/pay/refund", V2Requests.refund(client, request));
        return V2Answers.accepted(request.refundNo(), answer);
    }

    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        var client = clients.of(settings);
        try {
            var message = client.request(request.attempt().sub()).with("out_refund_no", request.refundNo());
            return V2Answers.refund(request.refundNo(), client.call("/pay/refundquery", message));
        } catch (ProviderFailure e) {
            if (hasCode(e, "REFUNDNOTEXIST")) return new RefundReport.Absent(request.refundNo(), evidence(e));
            throw e;
        }
    }

    /**
     * The bill exactly as WeChat Pay sends it; it is not signed.
     *
     * @param day a day that is over, in Beijing; at most three months ago
     * @param type "ALL", "SUCCESS", "REFUND" or "RECHARGE_REFUND"
     */
    @Override
    public String tradeBill(AccountSettings settings, SubMerchant sub, LocalDate day, String type) {
        var client = clients.of(settings);
        return client.file(
                "/pay/downloadbill",
                client.request(sub)
                        .with("bill_date", DateTimeFormatter.BASIC_ISO_DATE.format(day))
                        .with("bill_type", type));
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification notification) {
        V2Account account;
        try {
            account = clients.of(settings).account();
        } catch (IllegalArgumentException e) { // a v3 node whose value under "key" is not a v2 key
            throw notAuthentic("the account has no v2 key");
        }
        return V2Notifications.read(account, notification.body());
    }

    @Override
    public Acknowledgement acknowledgement() {
        return new Acknowledgement(200, "text/xml", result("SUCCESS", "OK"));
    }

    @Override
    public Acknowledgement refusal(boolean authentic, String reason) {
        return new Acknowledgement(authentic ? 500 : 401, "text/xml", result("FAIL", reason));
    }

    /** The fields have the order of WeChat Pay's examples. */
    private static String result(String code, String message) {
        return "<xml><return_code><![CDATA[" + code + "]]></return_code><return_msg><![CDATA["
                + message.replace("]]>", "") + "]]></return_msg></xml>";
    }

    // reading answers

    private static boolean hasCode(ProviderFailure e, String... codes) {
        return Set.of(codes).contains(e.providerCode());
    }

    private static String present(V2Message answer, String name) {
        if (!answer.has(name)) throw unusable("a reply to an order without " + name);
        return answer.text(name);
    }
}
