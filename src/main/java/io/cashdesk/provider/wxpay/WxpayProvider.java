package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Bills;
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
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
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
import io.cashdesk.provider.SignsFields;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.wechat.WechatBrowser;
import io.cashdesk.provider.wechat.WechatLogin;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.net.URI;
import java.time.LocalDate;
import java.time.Period;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * WeChat Pay, for merchants and for service providers. The calls are in {@link V3Api} and {@link V2Api}; a payer's
 * openid comes from {@link WechatLogin}.
 */
@ApplicationScoped
class WxpayProvider
        implements PaymentProvider, Creates, Queries, Closes, Codes, MakesRefunds, Bills, Logins, SignsFields {
    private static final Map<PayType, ProductRules> PRODUCTS =
            Stream.of(Product.values()).collect(Collectors.toUnmodifiableMap(Product::payType, Product::rules));

    private static final Configuration CONFIGURATION = new Configuration(
            Set.of("mp-weixin", "app-plus", "h5", "h5-weixin", "mweb", "codepay", "transfer"),
            Set.of("secret", "key", "pfx", "v3Key", "appPrivateKeyContent"),
            URI.create(V3Client.HOST),
            Set.of("standbyGateway", "loginGateway"));

    private static final String NUMBER = "[0-9A-Za-z_|*-]{6,32}";
    private static final String REFUND_NUMBER = "[0-9A-Za-z_|*@-]{1,64}";
    private static final String CODE = "1[0-5]\\d{16}";

    private static final ErrorDictionary ERRORS = ErrorDictionary.beside(WxpayProvider.class);

    @Inject
    ProviderTransport transport;

    @Inject
    V2Api v2;

    @Inject
    V3Api v3;

    // API version

    private WxpayApi api(AccountSettings account) {
        return WxpayNode.version(account) == 2 ? v2 : v3;
    }

    /** Messages of v2 are XML, those of v3 JSON. */
    private WxpayApi api(RawNotification notification) {
        return V2Message.isXml(notification.text()) ? v2 : v3;
    }

    /**
     * An account of v3 may still receive messages of v2: a merchant who has moved to v3 keeps the v2 key in the node
     * until all orders created before have been notified.
     */
    private WxpayApi api(AccountSettings account, RawNotification notification) {
        var hasV2Key = !account.text("key").isEmpty();
        return hasV2Key && V2Message.isXml(notification.text()) ? v2 : api(account);
    }

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

    /** Inside WeChat only the official account's product opens the cashier; outside of it that product cannot. */
    @Override
    public boolean worksIn(Client client, PayType payType) {
        return !WechatBrowser.inMiniProgram(client)
                && WechatBrowser.onPhone(client) == (Product.of(payType) == Product.OFFICIAL_ACCOUNT);
    }

    @Override
    public Configuration configuration() {
        return CONFIGURATION;
    }

    /** The transfer node is accepted without a check, because transfers are not implemented. */
    @Override
    public void check(AccountSettings account) {
        if (!PRODUCTS.containsKey(new PayType(WxpayPresentation.NAME, account.node()))) return;
        api(account).check(account);
    }

    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(account.text("mchId"), account.text("appId"));
    }

    @Override
    public int apiVersion(AccountSettings account) {
        return WxpayNode.version(account);
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
    public int mostRefunds(AccountSettings account) {
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
    public LocalizedText codeShape() {
        return new LocalizedText("微信：18 位数字，以 10 至 15 开头", "WeChat: 18 digits from 10 to 15");
    }

    @Override
    public boolean needsStore(AccountSettings account) {
        return api(account).needsStore();
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
    public void checkInput(AccountSettings account, CallerInput input) {
        var api = api(account);
        if (!input.other().isEmpty()) api.checkOther(Product.of(input.payType()), input.other());
        api.checkTexts(account, input);
    }

    @Override
    public ProviderError explain(Call call, String providerCode, String message) {
        return ERRORS.explain(call, providerCode, message);
    }

    // payments

    @Override
    public Created create(AccountSettings account, PaymentRequest request) {
        return Created.of(api(account).create(account, request));
    }

    /**
     * A prepay id is valid for hours, but the signature of the wallet parameters contains the time of their use. The
     * return address of an H5 payment is no part of the order at WeChat Pay: each caller gets its own in the address.
     */
    @Override
    public PaymentPrompt refresh(
            AccountSettings account, PayType payType, PaymentPrompt prompt, Optional<URI> returnUrl) {
        if (prompt instanceof PaymentPrompt.CallWallet call) {
            var parameters = api(account).walletParameters(account, Product.of(payType), PrepayId.parse(call.handle()));
            return new PaymentPrompt.CallWallet(call.handle(), parameters, call.life());
        }
        if (!(prompt instanceof PaymentPrompt.GoTo page) || returnUrl.isEmpty()) return prompt;
        var url = Product.withReturn(page.url(), returnUrl.get());
        var orderInfo = Json.createObjectBuilder(page.orderInfo().asJsonObject())
                .add(api(account).pageField(), url)
                .build();
        return new PaymentPrompt.GoTo(url, orderInfo, page.life());
    }

    @Override
    public ProviderReport collect(AccountSettings account, PaymentRequest request, PaymentCode code) {
        return api(account).collect(account, request, code);
    }

    @Override
    public ProviderReport query(AccountSettings account, AttemptRef attempt) {
        return api(account).query(account, attempt);
    }

    @Override
    public ProviderReport close(AccountSettings account, AttemptRef attempt) {
        return api(account).close(account, attempt);
    }

    // refunds and bills

    @Override
    public RefundReport refund(AccountSettings account, RefundRequest request) {
        return api(account).refund(account, request);
    }

    @Override
    public RefundReport queryRefund(AccountSettings account, RefundRequest request) {
        return api(account).queryRefund(account, request);
    }

    @Override
    public String tradeBill(AccountSettings account, SubMerchant sub, LocalDate day, String type) {
        return api(account).tradeBill(account, sub, day, type);
    }

    /** As API v2 signs; an account of v3 may have the v2 key too, and may have no {@code signType}: then by MD5. */
    @Override
    public Optional<String> sign(AccountSettings account, SortedMap<String, String> fields) {
        var type = V2Signature.named(account.text("signType"));
        var key = account.text("key");
        return key.isEmpty() || type == null ? Optional.empty() : Optional.of(type.of(fields, key));
    }

    // openids

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
    public URI authorize(AccountSettings account, URI backTo, String state) {
        return WechatLogin.authorize(account, V3Client.HOST, backTo, state);
    }

    @Override
    public Openid openid(AccountSettings account, PayType payType, String code) {
        return WechatLogin.openid(
                transport.client(), account, V3Client.HOST, Product.of(payType) == Product.MINI_PROGRAM, code);
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings account, RawNotification notification) {
        return api(account, notification).read(account, notification);
    }

    @Override
    public Acknowledgement acknowledgement(AccountSettings account, RawNotification notification) {
        return api(notification).acknowledgement();
    }

    @Override
    public Acknowledgement refusal(
            AccountSettings account, RawNotification notification, boolean authentic, String reason) {
        return api(notification).refusal(authentic, reason);
    }
}
