package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.OriginalData;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
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
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonString;
import java.net.URI;
import java.time.Period;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** VksPay and epay: one provider, whose accounts speak one of three {@link Dialect}s. */
@ApplicationScoped
class VkspayProvider implements PaymentProvider, Creates, Queries, Closes, MakesRefunds {
    static final ProviderName NAME = new ProviderName("vkspay");

    /** VksPay's own; epay sites have each their own. */
    static final URI GATEWAY = URI.create("https://vk-spay-openapi.fsq.pub");

    /** A page on a desktop, and a code to scan. */
    static final PayType PAGE = new PayType(NAME, "h5");

    static final PayType IN_WECHAT = new PayType(NAME, "h5-weixin");
    static final PayType PHONE = new PayType(NAME, "mweb");
    static final PayType WECHAT_MINI_PROGRAM = new PayType(NAME, "mp-weixin");
    static final PayType ALIPAY_MINI_PROGRAM = new PayType(NAME, "mp-alipay");
    static final PayType APP = new PayType(NAME, "app-plus");

    /** The only node has no name: the column of the configuration is the node. */
    private static final String NODE = "";

    private static final Map<PayType, ProductRules> PRODUCTS = Stream.of(
                    PAGE, IN_WECHAT, PHONE, WECHAT_MINI_PROGRAM, ALIPAY_MINI_PROGRAM, APP)
            .collect(Collectors.toUnmodifiableMap(p -> p, VkspayProvider::rules));

    private static final Configuration CONFIGURATION =
            new Configuration(Set.of(NODE), Set.of("key", "privateKey"), GATEWAY);

    /** The numbers that epay takes, of which VksPay sees none. */
    static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z._|-]{1,64}");

    private static final OtherParameters RESERVED = new OtherParameters(Set.of(
            "pid",
            "merchantno",
            "merchant_id",
            "type",
            "name",
            "money",
            "return_url",
            "clientip",
            "method",
            "version",
            "timestamp",
            "signaturenonce",
            "nonce",
            "sign",
            "sign_type",
            "pay_chnl",
            "out_refund_no",
            "refund_fee",
            "trade_no",
            "key",
            "act"));

    private static final LocalizedText SCALAR = new LocalizedText("文本或数字", "a text or a number");

    private static final ErrorDictionary ERRORS = ErrorDictionary.beside(VkspayProvider.class);

    @Inject
    VksApi vks;

    @Inject
    V1Api v1;

    @Inject
    V2Api v2;

    private static ProductRules rules(PayType payType) {
        var rules = ProductRules.of(NODE).withoutExpiry();
        var onPages = Set.of("h5", "h5-weixin", "mweb").contains(payType.product());
        return onPages ? rules : rules.notOnPages();
    }

    private VkspayApi api(AccountSettings account) {
        return switch (Dialect.of(account)) {
            case VKSPAY -> vks;
            case EPAY_V1 -> v1;
            case EPAY_V2 -> v2;
        };
    }

    // facts

    @Override
    public ProviderName name() {
        return NAME;
    }

    @Override
    public Presentation presentation() {
        return VkspayPresentation.of("");
    }

    @Override
    public Presentation presentation(String payMethod) {
        return VkspayPresentation.of(payMethod);
    }

    @Override
    public Set<String> payMethods() {
        return Set.of(VkspayPresentation.WECHAT, VkspayPresentation.ALIPAY);
    }

    @Override
    public Map<PayType, ProductRules> products() {
        return PRODUCTS;
    }

    @Override
    public PayType payType(Client client) {
        if (client.paymentCode()) return new PayType(NAME, "codepay");
        if (client.code()) return PAGE;
        if (!client.page()) return new PayType(NAME, client.platform());
        if (!client.phone()) return PAGE;
        return client.platform().equals(IN_WECHAT.product()) || client.says("micromessenger") ? IN_WECHAT : PHONE;
    }

    /** A mini-program's browser opens no page at which one can pay. */
    @Override
    public boolean worksIn(Client client, PayType payType) {
        return !client.says("miniprogram");
    }

    /** The gateway's page pays with the wallet in whose browser it is opened. */
    @Override
    public boolean worksInBrowserOf(ProviderName wallet) {
        return wallet.equals(NAME) || payMethods().contains(wallet.value());
    }

    @Override
    public Configuration configuration() {
        return CONFIGURATION;
    }

    @Override
    public void check(AccountSettings account) {
        VkspayAccount.of(account);
    }

    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(VkspayAccount.merchantNo(account), "");
    }

    @Override
    public int apiVersion(AccountSettings account) {
        return Dialect.of(account) == Dialect.EPAY_V2 ? 2 : 1;
    }

    @Override
    public boolean fits(String outTradeNo) {
        return NUMBER.matcher(outTradeNo).matches();
    }

    @Override
    public boolean fitsRefund(String outRefundNo) {
        return NUMBER.matcher(outRefundNo).matches();
    }

    /** Without refund numbers a second refund cannot be told from a repetition of the first. */
    @Override
    public int mostRefunds(AccountSettings account) {
        return repeatable(account) ? Integer.MAX_VALUE : 1;
    }

    @Override
    public boolean repeatable(AccountSettings account) {
        return Dialect.of(account) == Dialect.EPAY_V2;
    }

    /** No limit is documented; the wallets behind the gateways have this one. */
    @Override
    public Period refundable() {
        return Period.ofYears(1);
    }

    @Override
    public boolean canClose(AccountSettings account) {
        return Dialect.of(account) == Dialect.EPAY_V2;
    }

    @Override
    public boolean numberIsSpent(String providerCode) {
        return providerCode.equals(GatewayWords.NUMBER_USED);
    }

    @Override
    public void checkInput(AccountSettings account, CallerInput input) {
        if (!input.sub().equals(SubMerchant.NONE)) {
            throw ProblemType.notSupported(
                    new LocalizedText("子商户", "a sub-merchant"),
                    new LocalizedText(NAME + " 没有子商户，请去掉该字段", NAME + " has none; leave the field out"));
        }
        RESERVED.check(input.other());
        input.other().forEach((name, value) -> {
            if (Fields.text(value) == null) throw OtherParameters.refusal("other." + name, SCALAR, value);
        });
        if (input.other().get("param") instanceof JsonString param) {
            VkspayTexts.PARAM.required("other.param", param.getString());
        }
        input.returnUrl().ifPresent(url -> VkspayTexts.RETURN_URL.required("data.return_url", url.toString()));
    }

    @Override
    public ProviderError explain(Call call, String providerCode, String words) {
        return ERRORS.explain(call, providerCode, words);
    }

    // calls

    @Override
    public Created create(AccountSettings account, PaymentRequest request) {
        if (!request.attempt().sub().equals(SubMerchant.NONE)) { // the money would not reach whom the caller named
            throw new ProviderFailure(Kind.DECLINED, "sub_mchid", NAME + " has no sub-merchants");
        }
        return api(account).create(account, request);
    }

    @Override
    public PaymentPrompt refresh(
            AccountSettings account, PayType payType, PaymentPrompt prompt, Optional<URI> returnUrl) {
        if (!(prompt instanceof PaymentPrompt.GoTo page)) return prompt;
        return api(account).refresh(account, page);
    }

    /** Where the payer sees it decides between a code and an address. */
    @Override
    public String variant(AccountSettings account, PayType payType, Payer payer) {
        return Prompts.scanned(payer.screen()) ? "code" : "page";
    }

    @Override
    public ProviderReport query(AccountSettings account, AttemptRef attempt) {
        return api(account).query(account, attempt);
    }

    @Override
    public ProviderReport close(AccountSettings account, AttemptRef attempt) {
        return api(account).close(account, attempt);
    }

    @Override
    public RefundReport refund(AccountSettings account, RefundRequest request) {
        return api(account).refund(account, request);
    }

    @Override
    public RefundReport queryRefund(AccountSettings account, RefundRequest request) {
        return api(account).queryRefund(account, request);
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings account, RawNotification notification) {
        return api(account).read(account, notification);
    }

    /** The fields of an epay notification, or the text of VksPay's. */
    @Override
    public OriginalData original(AccountSettings account, RawNotification raw) {
        if (!Dialect.of(account).isEpay()) return PaymentProvider.super.original(account, raw);
        var message = Json.createObjectBuilder();
        EpayOrders.notification(raw).forEach(message::add);
        return new OriginalData(message.build(), "", "");
    }

    @Override
    public Acknowledgement acknowledgement(AccountSettings account, RawNotification notification) {
        return Dialect.of(account).isEpay() ? new Acknowledgement(200, "text/plain", "success") : received();
    }

    /**
     * VksPay gets the same answer to every message, because it blocks accounts whose address answers otherwise. What it
     * reports is found by our own queries.
     */
    @Override
    public Acknowledgement refusal(
            AccountSettings account, RawNotification notification, boolean authentic, String reason) {
        if (!Dialect.of(account).isEpay()) return received();
        return new Acknowledgement(authentic ? 500 : 401, "text/plain", "fail");
    }

    private static Acknowledgement received() {
        return new Acknowledgement(200, "application/json", "{\"code\":\"SUCCESS\",\"msg\":\"SUCCESS\"}");
    }
}
