package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayFailures.evidence;
import static io.cashdesk.provider.wxpay.WxpayFailures.unusable;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.signing.Digest;
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
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * WeChat Pay API v3.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">the products' documents</a>
 */
@Dependent
class V3Api implements WxpayApi {
    private static final String REFUNDS = "/v3/refund/domestic/refunds";

    @Inject
    ProviderTransport transport;

    @Resource
    ManagedExecutorService executor;

    @Inject
    Clock clock;

    private final PerAccount<V3Client> clients =
            new PerAccount<>(settings -> new V3Client(settings, transport.client(), executor, clock));

    private final PerAccount<JsonObject> pages =
            new PerAccount<>(settings -> MobilePage.of(settings).v3());

    private JsonObject page(AccountSettings settings, Product product) {
        return product == Product.MOBILE_PAGE ? pages.of(settings) : JsonObject.EMPTY_JSON_OBJECT;
    }

    // facts

    @Override
    public void check(AccountSettings settings) {
        V3Account.of(settings);
        MobilePage.of(settings).checkV3();
    }

    @Override
    public boolean needsStore() {
        return true;
    }

    @Override
    public void checkOther(Product product, JsonObject other) {
        V3Requests.checkOther(product, other);
    }

    @Override
    public void checkTexts(AccountSettings settings, CallerInput input) {
        V3Requests.checkTexts(input);
    }

    @Override
    public String pageField() {
        return "h5Url";
    }

    // operations

    @Override
    public PaymentPrompt create(AccountSettings settings, PaymentRequest request) {
        var client = clients.of(settings);
        var account = client.account();
        var product = Product.of(request.payType());
        var sub = request.attempt().sub();
        var path = V3Requests.transactions(sub) + product.path;
        var answer = client.post(path, V3Requests.prepay(account, page(settings, product), product, request));
        var life = Optional.of(product.life);
        return switch (product) {
            case NATIVE -> {
                var url = present(answer, "code_url");
                yield new PaymentPrompt.ScanQrCode(url, object("codeUrl", url), life);
            }
            case MOBILE_PAGE -> {
                var url = present(answer, "h5_url");
                yield new PaymentPrompt.GoTo(url, object(pageField(), url), life);
            }
            case MINI_PROGRAM, OFFICIAL_ACCOUNT, APP -> {
                var prepayId = PrepayId.of(account.appId(), sub, present(answer, "prepay_id"));
                var parameters = walletParameters(settings, product, prepayId);
                yield new PaymentPrompt.CallWallet(prepayId.handle(), parameters, life);
            }
            case PAYMENT_CODE -> throw new IllegalArgumentException("a payment code is collected, not created");
        };
    }

    @Override
    public JsonObject walletParameters(AccountSettings settings, Product product, PrepayId prepayId) {
        return V3WalletParameters.of(clients.of(settings).account(), product, prepayId, clock);
    }

    @Override
    public ProviderReport collect(AccountSettings settings, PaymentRequest request, PaymentCode code) {
        var client = clients.of(settings);
        var path = V3Requests.transactions(request.attempt().sub()) + Product.PAYMENT_CODE.path;
        try {
            var answer = client.post(path, V3Requests.codepay(client.account(), request, code));
            return V3Answers.order(client.account(), request.attemptNo(), answer);
        } catch (ProviderFailure e) {
            if (payerIsPaying(e)) return new ProviderReport.Unpaid(request.attemptNo(), true, evidence(e));
            throw e;
        }
    }

    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var client = clients.of(settings);
        var no = attempt.attemptNo();
        try {
            var path = V3Requests.byNumber(attempt) + "?" + V3Requests.idsInQuery(client.account(), attempt.sub());
            return V3Answers.order(client.account(), no, client.get(path));
        } catch (ProviderFailure e) {
            if (isUnknownOrder(e)) return new ProviderReport.Absent(no, evidence(e));
            throw e;
        }
    }

    /** An order by payment code cannot be closed, only reversed, which also refunds a payment made in between. */
    @Override
    public ProviderReport close(AccountSettings settings, AttemptRef attempt) {
        var client = clients.of(settings);
        var no = attempt.attemptNo();
        var reverses = Product.PAYMENT_CODE.is(attempt.payType());
        try {
            client.post(
                    V3Requests.byNumber(attempt) + (reverses ? "/reverse" : "/close"),
                    V3Requests.ids(client.account(), attempt.sub(), reverses).build());
            return new ProviderReport.Closed(no, reverses ? "{\"reversed\":true}" : "{\"closed\":true}");
        } catch (ProviderFailure e) {
            if (isUnknownOrder(e)) return new ProviderReport.Absent(no, evidence(e));
            if (payerIsPaying(e)) return new ProviderReport.Unpaid(no, true, evidence(e));
            if (hasCode(e, "ORDER_CLOSED", "ORDERCLOSED", "ORDERREVERSED")) {
                return new ProviderReport.Closed(no, evidence(e));
            }
            if (hasCode(e, "ORDERPAID", "ORDER_PAID", "INVALID_REQUEST")) return query(settings, attempt);
            throw e;
        }
    }

    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        return V3Answers.refund(request, clients.of(settings).post(REFUNDS, V3Requests.refund(request)));
    }

    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        var sub = request.attempt().sub().mchId();
        var path = REFUNDS + "/" + V3Client.inPath(request.refundNo()) + (sub.isEmpty() ? "" : "?sub_mchid=" + sub);
        try {
            return V3Answers.refund(request, clients.of(settings).get(path));
        } catch (ProviderFailure e) {
            if (e.kind() == Kind.DECLINED && hasCode(e, "RESOURCE_NOT_EXISTS")) {
                return new RefundReport.Absent(request.refundNo(), evidence(e));
            }
            throw e;
        }
    }

    /** The file itself is not signed, but the answer that names its address is signed and contains the file's SHA-1. */
    @Override
    public String tradeBill(AccountSettings settings, SubMerchant sub, LocalDate day, String type) {
        var client = clients.of(settings);
        var answer = client.get("/v3/bill/tradebill?bill_date=" + day + "&bill_type=" + type
                + (sub.mchId().isEmpty() ? "" : "&sub_mchid=" + sub.mchId()));
        var bill = client.download(present(answer, "download_url"));
        if (!Digest.sha1(bill).equalsIgnoreCase(answer.getString("hash_value", ""))) {
            throw unusable("a bill whose hash is another");
        }
        return new String(bill, StandardCharsets.UTF_8);
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification notification) {
        return V3Notifications.read(clients.of(settings), notification, clock.instant());
    }

    @Override
    public Acknowledgement acknowledgement() {
        return new Acknowledgement(204, "", "");
    }

    @Override
    public Acknowledgement refusal(boolean authentic, String reason) {
        var body = Json.createObjectBuilder()
                .add("code", "FAIL")
                .add("message", reason)
                .build();
        return new Acknowledgement(authentic ? 500 : 401, "application/json", body.toString());
    }

    // reading answers

    private static boolean payerIsPaying(ProviderFailure e) {
        return hasCode(e, "USERPAYING", "USER_PAYING");
    }

    private static boolean isUnknownOrder(ProviderFailure e) {
        return e.kind() == Kind.DECLINED && hasCode(e, "ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS");
    }

    private static boolean hasCode(ProviderFailure e, String... codes) {
        return Set.of(codes).contains(e.providerCode());
    }

    private static String present(JsonObject answer, String name) {
        var value = answer.getString(name, "");
        if (value.isEmpty()) throw unusable("a prepay answer without " + name);
        return value;
    }

    private static JsonObject object(String name, String value) {
        return Json.createObjectBuilder().add(name, value).build();
    }
}
