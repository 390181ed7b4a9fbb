package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.V3Answers.notAuthentic;
import static io.cashdesk.provider.wxpay.V3Answers.unusable;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Bills;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.Codes;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.Logins;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.Openid;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.PerAccount;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.ProductRules;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Queries;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * WeChat Pay v3, for merchants and for service providers; {@link WxpayV2} does the same in v2.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">the products' documents</a>
 */
@ApplicationScoped
class WxpayProvider implements PaymentProvider, Creates, Queries, Closes, Codes, MakesRefunds, Bills, Logins {
    private static final Map<PayType, ProductRules> PRODUCTS =
            Stream.of(Product.values()).collect(Collectors.toUnmodifiableMap(Product::payType, Product::rules));

    private static final Configuration CONFIGURATION = new Configuration(
            Set.of("mp-weixin", "app-plus", "h5", "h5-weixin", "mweb", "codepay", "transfer"),
            Set.of("secret", "key", "pfx", "v3Key", "appPrivateKeyContent"),
            URI.create(WxpayClient.HOST));

    /** Beyond this much of a difference between the clocks a signature is a replay. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final String NUMBER = "[0-9A-Za-z_|*-]{6,32}";
    private static final String REFUND_NUMBER = "[0-9A-Za-z_|*@-]{1,64}";
    private static final String CODE = "1[0-5]\\d{16}";

    private static final ErrorDictionary ERRORS = ErrorDictionary.beside(WxpayProvider.class);

    @Inject
    ProviderTransport transport;

    @Resource
    ManagedExecutorService executor;

    @Inject
    Clock clock;

    private final PerAccount<WxpayClient> clients = new PerAccount<>(this::build);

    /** For nodes of version 2; each deed begins with asking whether it is this one's. */
    private final WxpayV2 v2 = new WxpayV2(() -> transport.client(), () -> clock.instant());

    // facts

    @Override
    public ProviderName name() {
        return WxpayPresentation.NAME;
    }

    @Override
    public Presentation presentation() {
        return WxpayPresentation.WXPAY;
    }

    @Override
    public Map<PayType, ProductRules> products() {
        return PRODUCTS;
    }

    @Override
    public PayType payType(Client client) {
        var product = client.paymentCode() ? Product.PAYMENT_CODE : client.code() ? Product.NATIVE : null;
        if (product != null) return product.payType();
        if (!client.page()) return new PayType(WxpayPresentation.NAME, client.platform());
        if (client.pc() || WechatBrowser.onDesktop(client)) return Product.NATIVE.payType();
        if (WechatBrowser.onPhone(client)) return Product.OFFICIAL_ACCOUNT.payType();
        return (client.phone() ? Product.MOBILE_PAGE : Product.NATIVE).payType();
    }

    /** Inside WeChat only the official account's product opens the cashier, and outside of it that one does not. */
    @Override
    public boolean worksIn(Client client, PayType payType) {
        return !WechatBrowser.inMiniProgram(client)
                && WechatBrowser.onPhone(client) == (Product.of(payType) == Product.OFFICIAL_ACCOUNT);
    }

    @Override
    public Configuration configuration() {
        return CONFIGURATION;
    }

    /** Transfers are not offered yet: their node is kept and not looked at. */
    @Override
    public void check(AccountSettings account) {
        if (!PRODUCTS.containsKey(new PayType(WxpayPresentation.NAME, account.node()))) return;
        if (V2Account.isFor(account)) V2Account.of(account);
        else WxpayAccount.of(account);
    }

    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(account.text("mchId"), account.text("appId"));
    }

    @Override
    public int apiVersion(AccountSettings account) {
        return V2Account.version(account);
    }

    @Override
    public boolean fits(String outTradeNo) {
        return outTradeNo.matches(NUMBER);
    }

    @Override
    public boolean fitsRefund(String outRefundNo) {
        return outRefundNo.matches(REFUND_NUMBER);
    }

    @Override
    public int mostRefunds() {
        return 50;
    }

    @Override
    public Period refundable() {
        return Period.ofYears(1);
    }

    @Override
    public PayType codeProduct() {
        return Product.PAYMENT_CODE.payType();
    }

    @Override
    public String codeShape() {
        return "WeChat: 18 digits from 10 to 15";
    }

    /** v3 alone refuses a code without its shop. */
    @Override
    public boolean needsStore(AccountSettings account) {
        return !V2Account.isFor(account);
    }

    @Override
    public boolean recognises(String code) {
        return code.matches(CODE);
    }

    @Override
    public boolean numberIsSpent(String code) {
        return Set.of("ORDERPAID", "ORDER_PAID", "ORDER_CLOSED", "ORDERCLOSED", "OUT_TRADE_NO_USED", "INVALID_REQUEST")
                .contains(code);
    }

    @Override
    public ProviderError explain(Call call, String providerCode, String words) {
        return ERRORS.explain(call, providerCode, words);
    }

    // calls

    @Override
    public PaymentPrompt create(AccountSettings settings, PaymentRequest request) {
        if (V2Account.isFor(settings)) return v2.create(settings, request);
        var client = client(settings);
        var product = Product.of(request.payType());
        var path = V3Requests.transactions(request.attempt().sub()) + product.path;
        var answer = client.post(path, V3Requests.prepay(client.account(), settings, product, request));
        var life = Optional.of(product.life);
        return switch (product) {
            case NATIVE -> {
                var url = present(answer, "code_url");
                yield new PaymentPrompt.ScanQrCode(url, of("codeUrl", url), life);
            }
            case MOBILE_PAGE -> {
                var url = present(answer, "h5_url");
                yield new PaymentPrompt.GoTo(withReturn(url, request), of("h5Url", url), life);
            }
            case MINI_PROGRAM, OFFICIAL_ACCOUNT, APP -> {
                var sub = request.attempt().sub();
                var appId = sub.appId().isEmpty() ? client.account().appId() : sub.appId();
                var handle = appId + " " + present(answer, "prepay_id");
                yield new PaymentPrompt.CallWallet(handle, launch(client.account(), product, handle), life);
            }
            case PAYMENT_CODE -> throw new IllegalArgumentException("a payment code is collected, not created");
        };
    }

    /** Prepay ids live for hours; the client's parameters are signed for the moment in which they are handed out. */
    @Override
    public PaymentPrompt refresh(AccountSettings settings, PayType payType, PaymentPrompt prompt) {
        if (V2Account.isFor(settings)) return v2.refresh(settings, payType, prompt);
        if (!(prompt instanceof PaymentPrompt.CallWallet call)) return prompt;
        var fresh = launch(client(settings).account(), Product.of(payType), call.handle());
        return new PaymentPrompt.CallWallet(call.handle(), fresh, call.life());
    }

    private JsonObject launch(WxpayAccount account, Product product, String handle) {
        var appId = handle.substring(0, handle.indexOf(' '));
        var prepayId = handle.substring(handle.indexOf(' ') + 1);
        return product == Product.APP
                ? WalletParameters.inApp(account, appId, prepayId, clock)
                : WalletParameters.inWechat(account, appId, prepayId, clock);
    }

    @Override
    public ProviderReport collect(AccountSettings settings, PaymentRequest request, PaymentCode code) {
        if (V2Account.isFor(settings)) return v2.collect(settings, request, code);
        var client = client(settings);
        var path = V3Requests.transactions(request.attempt().sub()) + Product.PAYMENT_CODE.path;
        try {
            var answer = client.post(path, V3Requests.codepay(client.account(), request, code));
            return V3Answers.order(client.account(), request.attemptNo(), answer);
        } catch (ProviderFailure e) {
            if (isPaying(e)) return new ProviderReport.Unpaid(request.attemptNo(), true, V3Answers.evidence(e));
            throw e;
        }
    }

    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        if (V2Account.isFor(settings)) return v2.query(settings, attempt);
        var client = client(settings);
        var no = attempt.attemptNo();
        try {
            var path = V3Requests.transactions(attempt.sub()) + "out-trade-no/" + WxpayClient.inPath(no) + "?"
                    + V3Requests.idsInQuery(client.account(), attempt.sub());
            return V3Answers.order(client.account(), no, client.get(path));
        } catch (ProviderFailure e) {
            if (isUnknownOrder(e)) return new ProviderReport.Absent(no, V3Answers.evidence(e));
            throw e;
        }
    }

    /** A payment code's order cannot be closed, only reversed; what was paid in between goes back with it. */
    @Override
    public ProviderReport close(AccountSettings settings, AttemptRef attempt) {
        if (V2Account.isFor(settings)) return v2.close(settings, attempt);
        var client = client(settings);
        var no = attempt.attemptNo();
        var byCode = attempt.payType().equals(codeProduct());
        var path = V3Requests.transactions(attempt.sub()) + "out-trade-no/" + WxpayClient.inPath(no)
                + (byCode ? "/reverse" : "/close");
        try {
            client.post(
                    path,
                    V3Requests.ids(client.account(), attempt.sub(), byCode).build());
            return new ProviderReport.Closed(no, byCode ? "{\"reversed\":true}" : "{\"closed\":true}");
        } catch (ProviderFailure e) {
            if (isUnknownOrder(e)) return new ProviderReport.Absent(no, V3Answers.evidence(e));
            if (isPaying(e)) return new ProviderReport.Unpaid(no, true, V3Answers.evidence(e));
            if (Set.of("ORDER_CLOSED", "ORDERCLOSED", "ORDERREVERSED").contains(e.providerCode())) {
                return new ProviderReport.Closed(no, V3Answers.evidence(e));
            }
            if (Set.of("ORDERPAID", "ORDER_PAID", "INVALID_REQUEST").contains(e.providerCode())) {
                return query(settings, attempt);
            }
            throw e;
        }
    }

    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        if (V2Account.isFor(settings)) return v2.refund(settings, request);
        var answer = client(settings).post("/v3/refund/domestic/refunds", V3Requests.refund(request));
        return about(request, answer);
    }

    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        if (V2Account.isFor(settings)) return v2.queryRefund(settings, request);
        var sub = request.attempt().sub().mchId();
        var path = "/v3/refund/domestic/refunds/" + WxpayClient.inPath(request.refundNo())
                + (sub.isEmpty() ? "" : "?sub_mchid=" + sub);
        try {
            return about(request, client(settings).get(path));
        } catch (ProviderFailure e) {
            if (e.kind() == Kind.DECLINED && e.providerCode().equals("RESOURCE_NOT_EXISTS")) {
                return new RefundReport.Absent(request.refundNo(), V3Answers.evidence(e));
            }
            throw e;
        }
    }

    private static RefundReport about(RefundRequest request, JsonObject answer) {
        var report = V3Answers.refund(answer);
        if (!report.refundNo().equals(request.refundNo())) throw unusable("an answer about another refund");
        return report;
    }

    @Override
    public String tradeBill(AccountSettings settings, SubMerchant sub, LocalDate day, String type) {
        if (V2Account.isFor(settings)) return v2.bill(settings, sub, day, type);
        var client = client(settings);
        var answer = client.get("/v3/bill/tradebill?bill_date=" + day + "&bill_type=" + type
                + (sub.mchId().isEmpty() ? "" : "&sub_mchid=" + sub.mchId()));
        var bill = client.download(present(answer, "download_url"));
        if (!Digest.sha1(bill).equalsIgnoreCase(answer.getString("hash_value", ""))) {
            throw unusable("a bill whose hash is another");
        }
        return new String(bill, StandardCharsets.UTF_8);
    }

    @Override
    public PayType defaultLogin() {
        return Product.MINI_PROGRAM.payType();
    }

    @Override
    public Map<String, PayType> sessionCalls() {
        return Map.of("Weixin", Product.MINI_PROGRAM.payType(), "WeixinH5", Product.OFFICIAL_ACCOUNT.payType());
    }

    @Override
    public String codeParameter() {
        return "code";
    }

    @Override
    public URI authorize(AccountSettings settings, URI backTo, String state) {
        return WechatLogin.authorize(settings, backTo, state);
    }

    @Override
    public Openid openid(AccountSettings settings, PayType payType, String code) {
        return WechatLogin.openid(transport.client(), settings, Product.of(payType) == Product.MINI_PROGRAM, code);
    }

    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification raw) {
        if (WxpayV2.wrote(settings, raw)) return v2.read(settings, raw);
        var client = client(settings);
        var timestamp = raw.header("Wechatpay-Timestamp").orElse("");
        if (!timestamp.matches("\\d{1,12}")) throw notAuthentic("Wechatpay-Timestamp is missing");
        var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), clock.instant())
                .abs();
        if (age.compareTo(SKEW) > 0) throw notAuthentic("Wechatpay-Timestamp is more than five minutes off");
        var signature = raw.header("Wechatpay-Signature").orElse("");
        if (signature.startsWith("WECHATPAY/SIGNTEST/")) throw notAuthentic("a signature probe");
        JsonObject opened;
        JsonObject envelope;
        try {
            opened = client.open(
                    raw.header("Wechatpay-Serial").orElse(""),
                    timestamp,
                    raw.header("Wechatpay-Nonce").orElse(""),
                    signature,
                    raw.header("Wechatpay-Signature-Type").orElse(null),
                    raw.text());
            envelope = WxpayClient.object(raw.text());
        } catch (RuntimeException e) { // of many kinds, and each means that WeChat Pay did not write this for us
            throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "the signature or the content is wrong", e);
        }
        return V3Answers.news(client.account(), envelope.getString("event_type", ""), opened);
    }

    @Override
    public Acknowledgement acknowledgement(RawNotification notification) {
        return WxpayV2.isXml(notification) ? WxpayV2.acknowledgement() : new Acknowledgement(204, "", "");
    }

    @Override
    public Acknowledgement refusal(RawNotification notification, boolean authentic, String reason) {
        if (WxpayV2.isXml(notification)) return WxpayV2.refusal(authentic, reason);
        var body = Json.createObjectBuilder()
                .add("code", "FAIL")
                .add("message", reason)
                .build();
        return new Acknowledgement(authentic ? 500 : 401, "application/json", body.toString());
    }

    /** WeChat goes back to the page that opened it, unless the address says another one of the same registered domain. */
    static String withReturn(String url, PaymentRequest request) {
        return request.returnUrl()
                .map(back -> url + (url.contains("?") ? "&" : "?") + "redirect_url="
                        + URLEncoder.encode(back.toString(), StandardCharsets.UTF_8))
                .orElse(url);
    }

    private static String present(JsonObject answer, String name) {
        var value = answer.getString(name, "");
        if (value.isEmpty()) throw unusable("a prepay answer without " + name);
        return value;
    }

    private static JsonObject of(String name, String value) {
        return Json.createObjectBuilder().add(name, value).build();
    }

    private static boolean isPaying(ProviderFailure e) {
        return Set.of("USERPAYING", "USER_PAYING").contains(e.providerCode());
    }

    private static boolean isUnknownOrder(ProviderFailure e) {
        return e.kind() == Kind.DECLINED
                && Set.of("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS")
                        .contains(e.providerCode());
    }

    private WxpayClient client(AccountSettings settings) {
        return clients.of(settings);
    }

    private WxpayClient build(AccountSettings settings) {
        return new WxpayClient(
                WxpayAccount.of(settings),
                settings.gateway(),
                settings.text("standbyGateway").replaceAll("/+$", ""),
                transport.client(),
                executor,
                clock);
    }
}
