package io.cashdesk.provider.alipay;

import static io.cashdesk.provider.alipay.AlipayAnswers.OK;
import static io.cashdesk.provider.alipay.AlipayAnswers.declined;
import static io.cashdesk.provider.alipay.AlipayAnswers.evidence;
import static io.cashdesk.provider.alipay.AlipayAnswers.notAuthentic;
import static io.cashdesk.provider.alipay.AlipayAnswers.unusable;

import com.alipay.api.request.AlipaySystemOauthTokenRequest;
import com.alipay.api.request.AlipayTradeCancelRequest;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradeFastpayRefundQueryRequest;
import com.alipay.api.request.AlipayTradePayRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
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
import io.cashdesk.provider.OriginalData;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.ProductRules;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Queries;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Period;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Alipay, protocol V2.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfg">the products' documents</a>
 */
@ApplicationScoped
class AlipayProvider implements PaymentProvider, Creates, Queries, Closes, Codes, MakesRefunds, Logins {
    static final ProviderName NAME = new ProviderName("alipay");

    static final PayType PAGE = new PayType(NAME, "h5");
    static final PayType MINI_PROGRAM = new PayType(NAME, "mp-alipay");
    static final PayType APP = new PayType(NAME, "app-plus");
    static final PayType PAYMENT_CODE = new PayType(NAME, "codepay");

    private static final Map<PayType, ProductRules> PRODUCTS = Map.of(
            PAGE, ProductRules.of("h5"),
            MINI_PROGRAM, ProductRules.of("mp-alipay").withOpenid().notOnPages(),
            APP, ProductRules.of("app-plus").notOnPages(),
            PAYMENT_CODE, ProductRules.of("codepay").notOnPages());

    private static final Configuration CONFIGURATION = new Configuration(
            Set.of("mp-alipay", "app-plus", "h5", "codepay", "transfer"),
            Set.of("privateKey"),
            URI.create("https://openapi.alipay.com/gateway.do"),
            Set.of("loginGateway"));

    private static final String LOGIN = "https://openauth.alipay.com";
    private static final String CODE = "(2[5-9]|30)\\d{14,22}|fp.{33}";

    private static final ErrorDictionary ERRORS = ErrorDictionary.beside(AlipayProvider.class);

    @Inject
    AlipaySdk sdk;

    // facts

    @Override
    public ProviderName name() {
        return NAME;
    }

    @Override
    public Presentation presentation() {
        return AlipayPresentation.ALIPAY;
    }

    @Override
    public Map<PayType, ProductRules> products() {
        return PRODUCTS;
    }

    @Override
    public PayType payType(Client client) {
        if (client.paymentCode()) return PAYMENT_CODE;
        if (client.code() || client.page()) return PAGE;
        if (client.platform().equals(APP.product()) && client.appAsCode()) return PAGE;
        return new PayType(NAME, client.platform());
    }

    @Override
    public Configuration configuration() {
        return CONFIGURATION;
    }

    @Override
    public String subMerchantField() {
        return "app_auth_token";
    }

    /** Transfers are not offered yet: their node is kept and not looked at. */
    @Override
    public void check(AccountSettings account) {
        if (PRODUCTS.containsKey(new PayType(NAME, account.node()))) sdk.build(account);
    }

    @Override
    public Identity identity(AccountSettings account) {
        var seller = account.text("mchId");
        return new Identity(seller.isEmpty() ? account.text("appId") : seller, account.text("appId"));
    }

    /**
     * A merchant who has signed the website products uses them in browsers, both of them or ("wap") the phones' one
     * alone; all others show the code of face-to-face pay.
     */
    @Override
    public String variant(AccountSettings account, PayType payType, Payer payer) {
        if (!payType.equals(PAGE)) return "";
        var both = account.values().getBoolean("website", false);
        return switch (payer.screen()) {
            case PC -> both ? "page" : "";
            case PHONE -> both || account.text("website").equals("wap") ? "wap" : "";
            case CODE, APP -> "";
        };
    }

    @Override
    public boolean fits(String outTradeNo) {
        return outTradeNo.matches("[0-9A-Za-z_]{1,64}");
    }

    /**
     * No alphabet is documented for refunds; what holds for orders holds here too, and a dash has always been taken.
     */
    @Override
    public boolean fitsRefund(String outRefundNo) {
        return outRefundNo.matches("[0-9A-Za-z_-]{1,64}");
    }

    /** No limit is documented. */
    @Override
    public int mostRefunds(AccountSettings account) {
        return Integer.MAX_VALUE;
    }

    /** Unless the contract says otherwise; a longer wish is Alipay's to refuse. */
    @Override
    public Period refundable() {
        return Period.ofYears(1);
    }

    @Override
    public PayType codeProduct() {
        return PAYMENT_CODE;
    }

    @Override
    public LocalizedText codeShape() {
        return new LocalizedText("支付宝：16 至 24 位数字，以 25 至 30 开头", "Alipay: 16 to 24 digits from 25 to 30");
    }

    @Override
    public boolean recognises(String code) {
        return code.matches(CODE);
    }

    @Override
    public boolean numberIsSpent(String code) {
        return Set.of(
                        "ACQ.TRADE_HAS_SUCCESS",
                        "ACQ.TRADE_HAS_FINISHED",
                        "ACQ.TRADE_HAS_CLOSE",
                        "ACQ.CONTEXT_INCONSISTENT")
                .contains(code);
    }

    @Override
    public void checkInput(AccountSettings account, CallerInput input) {
        if (!input.other().isEmpty()) {
            AlipayContents.checkOther(input);
            AlipayTexts.checkOther(input.other());
            requireOurSeller(account, input);
        }
        input.code().ifPresent(code -> AlipayTexts.STORE_ID.required("data.store_id", code.storeId()));
        var variant = variant(account, input.payType(), input.payer());
        if (variant.isEmpty() || input.returnUrl().isEmpty()) return;
        AlipayTexts.RETURN_URL.required(
                "data.return_url", input.returnUrl().get().toString());
    }

    /** A payment to another seller than the node's would be refused when its notification comes. */
    private static void requireOurSeller(AccountSettings account, CallerInput input) {
        var ours = account.text("mchId");
        var wanted = input.other().get("seller_id");
        if (wanted == null || ours.isEmpty() || !input.sub().token().isEmpty()) return;
        if (wanted.equals(Json.createValue(ours))) return;
        throw ProblemType.field(
                "other.seller_id",
                new LocalizedText("节点的 mchId " + ours + "，或不传", "the node's mchId " + ours + ", or absent"),
                JsonBody.shown(wanted));
    }

    @Override
    public ProviderError explain(Call call, String providerCode, String words) {
        return ERRORS.explain(call, providerCode, words);
    }

    // calls

    @Override
    public Created create(AccountSettings settings, PaymentRequest request) {
        var prompts = new AlipayPrompts(sdk, settings, request);
        return Created.of(prompts.create(request.payType(), variant(settings, request.payType(), request.payer())));
    }

    @Override
    public PaymentPrompt refresh(
            AccountSettings settings, PayType payType, PaymentPrompt prompt, Optional<URI> returnUrl) {
        if (!(prompt instanceof PaymentPrompt.GoTo page) || returnUrl.isEmpty()) return prompt;
        return AlipayPrompts.withReturnUrl(sdk, settings, page, returnUrl.get());
    }

    @Override
    public ProviderReport collect(AccountSettings settings, PaymentRequest request, PaymentCode code) {
        var call = new AlipayTradePayRequest();
        call.setNotifyUrl(request.notifyUrl().toString());
        call.setBizContent(AlipayContents.codepay(request, code).toString());
        var answer = sdk.call(settings, call, request.attempt().sub());
        return AlipayAnswers.collected(sdk.account(settings), request.attemptNo(), answer);
    }

    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var call = new AlipayTradeQueryRequest();
        call.setBizContent(AlipayContents.number(attempt.attemptNo()).toString());
        var answer = sdk.call(settings, call, attempt.sub());
        return AlipayAnswers.order(sdk.account(settings), attempt.attemptNo(), answer);
    }

    @Override
    public ProviderReport close(AccountSettings settings, AttemptRef attempt) {
        if (attempt.payType().equals(PAYMENT_CODE)) return cancel(settings, attempt);
        var no = attempt.attemptNo();
        var call = new AlipayTradeCloseRequest();
        call.setBizContent(AlipayContents.number(no).toString());
        var answer = sdk.call(settings, call, attempt.sub());
        if (OK.equals(answer.getCode())) {
            if (!no.equals(answer.getOutTradeNo())) throw unusable("an answer about another order");
            return new ProviderReport.Closed(no, evidence(answer));
        }
        if ("ACQ.TRADE_NOT_EXIST".equals(answer.getSubCode())) return new ProviderReport.Absent(no, evidence(answer));
        var wrongState =
                Set.of("ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS");
        if (answer.getSubCode() != null && wrongState.contains(answer.getSubCode())) return query(settings, attempt);
        throw declined(answer);
    }

    /** Ends a payment code's trade whatever its state: unpaid it is closed, paid it goes back. */
    private ProviderReport cancel(AccountSettings settings, AttemptRef attempt) {
        var no = attempt.attemptNo();
        var call = new AlipayTradeCancelRequest();
        call.setBizContent(AlipayContents.number(no).toString());
        var answer = sdk.call(settings, call, attempt.sub());
        if (!OK.equals(answer.getCode())) throw declined(answer);
        if ("Y".equals(answer.getRetryFlag())) return new ProviderReport.Unpaid(no, true, evidence(answer));
        return answer.getAction() == null
                ? new ProviderReport.Absent(no, evidence(answer))
                : new ProviderReport.Closed(no, evidence(answer));
    }

    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        var call = new AlipayTradeRefundRequest();
        call.setBizContent(AlipayContents.refund(request).toString());
        var answer = sdk.call(settings, call, request.attempt().sub());
        if (!OK.equals(answer.getCode())) throw declined(answer);
        // "N" is a repetition, or nothing done; and refund_fee is the sum so far: only the query tells about this one
        if (!"Y".equals(answer.getFundChange())) return queryRefund(settings, request);
        var sent = answer.getSendBackFee();
        var cash = answer.getPresentRefundBuyerAmount();
        var at = answer.getGmtRefundPay();
        return new RefundReport.Succeeded(
                request.refundNo(),
                "",
                sent == null ? null : Money.fromYuan(sent),
                cash == null ? null : Money.fromYuan(cash),
                AlipayAnswers.moment(at),
                evidence(answer));
    }

    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        var call = new AlipayTradeFastpayRefundQueryRequest();
        call.setBizContent(AlipayContents.refundQuery(request).toString());
        return AlipayAnswers.refund(
                request.refundNo(), sdk.call(settings, call, request.attempt().sub()));
    }

    @Override
    public PayType defaultLogin() {
        return MINI_PROGRAM;
    }

    @Override
    public Map<String, PayType> sessionCalls() {
        return Map.of("Alipay", MINI_PROGRAM);
    }

    @Override
    public String codeParameter() {
        return "auth_code";
    }

    @Override
    public URI authorize(AccountSettings settings, URI backTo, String state) {
        var login = settings.pages()
                .map(URI::toString)
                .orElseGet(() -> settings.text("loginGateway").isEmpty() ? LOGIN : settings.text("loginGateway"))
                .replaceAll("(/gateway\\.do)?/*$", "");
        return URI.create(login + "/oauth2/publicAppAuthorize.htm?app_id=" + encoded(settings.text("appId"))
                + "&scope=auth_base&redirect_uri=" + encoded(backTo.toString()) + "&state=" + encoded(state));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public Openid openid(AccountSettings settings, PayType payType, String code) {
        var call = new AlipaySystemOauthTokenRequest();
        call.setGrantType("authorization_code");
        call.setCode(code);
        var answer = sdk.call(settings, call, SubMerchant.NONE);
        var openid = answer.getUserId() != null ? answer.getUserId() : answer.getOpenId();
        if (openid == null && answer.getCode() != null && !OK.equals(answer.getCode())) throw declined(answer);
        if (openid == null || openid.isEmpty()) throw unusable("a login answer without user_id and open_id");
        return new Openid(openid, Optional.ofNullable(answer.getUnionId()));
    }

    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification raw) {
        var account = sdk.account(settings);
        Map<String, String> fields;
        try {
            fields = NotificationForm.fields(raw.body());
        } catch (IllegalArgumentException e) {
            throw notAuthentic("it is not a form, or names a field twice");
        }
        AlipayAnswers.verify(account, fields);
        var news = AlipayAnswers.news(account, fields);
        // a payment is reported with the seller and application that it names: the caller compares them
        if (!(news.report().orElse(null) instanceof ProviderReport.Paid)) requireOurs(account, fields);
        return news;
    }

    private static void requireOurs(AlipayAccount account, Map<String, String> fields) {
        if (!account.appId().equals(fields.get("app_id"))) throw notAuthentic("it is for another application");
        var ourOwn = account.sellerId().isEmpty()
                || AlipayAnswers.onBehalf(fields)
                || account.sellerId().equals(fields.get("seller_id"));
        if (!ourOwn) throw notAuthentic("it is for another seller");
    }

    /** The form's fields. */
    @Override
    public OriginalData original(AccountSettings account, RawNotification raw) {
        var fields = NotificationForm.fields(raw.body());
        var message = Json.createObjectBuilder();
        fields.forEach(message::add);
        return new OriginalData(
                message.build(), fields.getOrDefault("auth_app_id", ""), fields.getOrDefault("seller_id", ""));
    }

    @Override
    public Acknowledgement acknowledgement(AccountSettings account, RawNotification notification) {
        return new Acknowledgement(200, "text/plain", "success");
    }

    @Override
    public Acknowledgement refusal(
            AccountSettings account, RawNotification notification, boolean authentic, String reason) {
        return new Acknowledgement(authentic ? 500 : 401, "text/plain", "failure");
    }
}
