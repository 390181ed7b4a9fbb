package io.cashdesk.provider.douyin;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.AuditsRefunds;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.MakesRefunds;
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
import io.cashdesk.provider.SettlementReport;
import io.cashdesk.provider.SettlementRequest;
import io.cashdesk.provider.Settles;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Douyin Pay in mini-programs: one provider, whose accounts speak one of two {@link Dialect}s. */
@ApplicationScoped
class DouyinProvider implements PaymentProvider, Creates, Queries, MakesRefunds, Settles, AuditsRefunds {
    static final ProviderName NAME = new ProviderName("douyin");

    /** Of the guaranteed payment. */
    static final URI GATEWAY = URI.create("https://developer.toutiao.com");

    static final URI SANDBOX_GATEWAY = URI.create("https://open-sandbox.douyin.com");

    /** Of the general trade system. */
    static final URI TRADE_GATEWAY = URI.create("https://open.douyin.com");

    static final PayType MINI_PROGRAM = new PayType(NAME, "mp-toutiao");

    /** The shortest {@code valid_time}. */
    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(5);

    private static final Configuration CONFIGURATION =
            new Configuration(Set.of("mp-toutiao"), Set.of("secret", "salt", "token", "privateKey"), GATEWAY);

    private static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z_*-]{1,64}");

    private static final ErrorDictionary ERRORS = ErrorDictionary.beside(DouyinProvider.class);

    @Inject
    EcpayApi ecpay;

    @Inject
    TradeApi trade;

    private DouyinApi api(AccountSettings account) {
        return Dialect.of(account) == Dialect.ECPAY ? ecpay : trade;
    }

    /**
     * The account for calls about this attempt.
     *
     * @throws ProviderFailure DECLINED if the attempt was made in the other dialect, whose keys the node does not have
     *     any more
     */
    static DouyinAccount account(AccountSettings settings, AttemptRef attempt) {
        var account = DouyinAccount.of(settings);
        var made = attempt.environment();
        var trade = DouyinAccount.isTrade(made);
        if (made.isEmpty() || trade == (account.dialect() == Dialect.TRADE)) return account.in(settings, made);
        throw new ProviderFailure(
                Kind.DECLINED,
                "dialect",
                "nothing was sent, because the node has the dialect " + account.dialect()
                        + " now, and the payment was made with " + made);
    }

    // facts

    @Override
    public ProviderName name() {
        return NAME;
    }

    @Override
    public Presentation presentation() {
        return DouyinPresentation.DOUYIN;
    }

    @Override
    public Map<PayType, ProductRules> products() {
        return Map.of(
                MINI_PROGRAM,
                ProductRules.of("mp-toutiao").livesAtLeast(SHORTEST_LIFE).notOnPages());
    }

    @Override
    public PayType payType(Client client) {
        if (client.code() || client.paymentCode()) return new PayType(NAME, "h5");
        return new PayType(NAME, client.platform());
    }

    @Override
    public boolean worksIn(Client client, PayType payType) {
        return false; // no page can call tt.pay or tt.requestOrder
    }

    @Override
    public Configuration configuration() {
        return CONFIGURATION;
    }

    @Override
    public void check(AccountSettings account) {
        DouyinAccount.of(account);
    }

    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(DouyinAccount.merchantNo(account), account.text("appId"));
    }

    @Override
    public int apiVersion(AccountSettings account) {
        return Dialect.of(account) == Dialect.TRADE ? 2 : 1;
    }

    @Override
    public boolean fits(String outTradeNo) {
        return NUMBER.matcher(outTradeNo).matches();
    }

    @Override
    public void checkInput(AccountSettings account, CallerInput input) {
        if (!input.sub().equals(SubMerchant.NONE)) {
            throw ProblemType.notSupported(
                    new LocalizedText("子商户", "a sub-merchant"),
                    new LocalizedText(
                            NAME + " 不支持服务商模式，请去掉该字段", NAME + " has no sub-merchants here; leave the field out"));
        }
        api(account).checkInput(account, input);
    }

    @Override
    public ProviderError explain(Call call, String providerCode, String words) {
        return ERRORS.explain(call, providerCode, words);
    }

    // payments

    @Override
    public String environment(AccountSettings account) {
        return DouyinAccount.environment(account);
    }

    /** The signed data of the trade system can be used as long as the client likes. */
    @Override
    public boolean mayBeginLate(String environment) {
        return DouyinAccount.isTrade(environment);
    }

    /** What was opened in another dialect, in the sandbox, or for another merchant, is not handed out again. */
    @Override
    public String variant(AccountSettings account, PayType payType, Payer payer) {
        return environment(account);
    }

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
        return prompt instanceof PaymentPrompt.CallWallet call ? api(account).refresh(account, call) : prompt;
    }

    /** Douyin names no code for a number that was used before; {@link EcpayApi#BAD_PARAMETER} may mean it. */
    @Override
    public boolean numberIsSpent(String providerCode) {
        return providerCode.equals(EcpayApi.BAD_PARAMETER);
    }

    @Override
    public ProviderReport query(AccountSettings account, AttemptRef attempt) {
        return api(account).query(account, attempt);
    }

    // refunds

    @Override
    public boolean fitsRefund(String outRefundNo) {
        return NUMBER.matcher(outRefundNo).matches();
    }

    /** Of a payment by WeChat; one by Alipay can have 300. Which wallet it will be is not known before. */
    @Override
    public int mostRefunds(AccountSettings account) {
        return 50;
    }

    @Override
    public Period refundable() {
        return Period.ofYears(1);
    }

    @Override
    public RefundReport refund(AccountSettings account, RefundRequest request) {
        return api(account).refund(account, request);
    }

    @Override
    public RefundReport queryRefund(AccountSettings account, RefundRequest request) {
        return api(account).queryRefund(account, request);
    }

    @Override
    public int longestReason() {
        return DouyinTexts.DENY_MESSAGE.most();
    }

    @Override
    public void decide(AccountSettings account, AttemptRef attempt, String refundId, boolean accepted, String reason) {
        api(account).decide(account, attempt, refundId, accepted, reason);
    }

    // settlement

    @Override
    public OptionalInt settleAfterDays(AccountSettings account) {
        return DouyinAccount.of(account).settleAfterDays();
    }

    @Override
    public SettlementReport settle(AccountSettings account, SettlementRequest request) {
        return api(account).settle(account, request);
    }

    @Override
    public SettlementReport querySettlement(AccountSettings account, SettlementRequest request) {
        return api(account).querySettlement(account, request);
    }

    @Override
    public List<SettlementReport.Succeeded> settledWithoutUs(AccountSettings account, SettlementRequest request) {
        return api(account).settledWithoutUs(account, request);
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings account, RawNotification notification) {
        return api(account).read(account, notification);
    }

    @Override
    public Acknowledgement acknowledgement(AccountSettings account, RawNotification notification) {
        return answer(200, 0, "success");
    }

    @Override
    public Acknowledgement refusal(
            AccountSettings account, RawNotification notification, boolean authentic, String reason) {
        return answer(authentic ? 500 : 401, authentic ? 1 : 2, reason);
    }

    /** Any other {@code err_no} than 0 makes Douyin repeat the message. */
    private static Acknowledgement answer(int status, int error, String words) {
        return new Acknowledgement(
                status,
                "application/json",
                Json.createObjectBuilder()
                        .add("err_no", error)
                        .add("err_tips", words)
                        .build()
                        .toString());
    }
}
