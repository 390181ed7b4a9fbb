package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.ClientErrors;
import io.cashdesk.provider.Coins;
import io.cashdesk.provider.ComparesEvents;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.ConfirmsPaid;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.Logins;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.NeedsSession;
import io.cashdesk.provider.Openid;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.Prices;
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
import io.cashdesk.provider.wechat.WechatLogin;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** WeChat's virtual payment: coins and virtual goods inside a mini-program. */
@ApplicationScoped
class VirtualProvider
        implements PaymentProvider,
                Creates,
                Prices,
                NeedsSession,
                Queries,
                ConfirmsPaid,
                ComparesEvents,
                MakesRefunds,
                Logins,
                Coins,
                ClientErrors {
    static final PayType MINI_PROGRAM = new PayType(VirtualPresentation.NAME, "mp-weixin");

    private static final Configuration CONFIGURATION = new Configuration(
            Set.of("mp-weixin"),
            Set.of("secret", "appKey", "sandboxAppKey", "token", "encodingAESKey"),
            URI.create(WechatLogin.API),
            Set.of("loginGateway"));

    private static final String NUMBER = "(?!_)[0-9A-Za-z_|*@-]{8,32}";
    private static final String COIN_NUMBER = "[0-9A-Za-z_|*@-]{1,32}";
    private static final String REFUND_NUMBER = "[0-9A-Za-z_-]{8,32}";
    private static final Pattern APPLE = Pattern.compile("\\b(iphone|ipad|ipod|ios)\\b", Pattern.CASE_INSENSITIVE);

    private static final ErrorDictionary ERRORS = ErrorDictionary.beside(VirtualProvider.class);
    private static final List<ClientError> CLIENT_ERRORS = VirtualClientErrors.read();

    private static final LocalizedText COINS_STAY = new LocalizedText(
            "微信不会自动收回已充入的代币，请用 currencyPay 扣回。",
            "WeChat does not take the coins back by itself: take them back with currencyPay.");

    @Inject
    ProviderTransport transport;

    @Inject
    AccessTokens tokens;

    private VirtualClient client(AccountSettings account) {
        return new VirtualClient(account, transport.client(), tokens);
    }

    /** For calls about this attempt, in the environment in which it was made. */
    private VirtualClient client(AccountSettings settings, AttemptRef attempt) {
        var account = VirtualAccount.of(settings);
        return new VirtualClient(settings, account, account.envOf(attempt), transport.client(), tokens);
    }

    // facts

    @Override
    public ProviderName name() {
        return VirtualPresentation.NAME;
    }

    @Override
    public Presentation presentation() {
        return VirtualPresentation.VIRTUAL;
    }

    @Override
    public Map<PayType, ProductRules> products() {
        return Map.of(
                MINI_PROGRAM,
                ProductRules.of("mp-weixin").withOpenid().withoutExpiry().notOnPages());
    }

    @Override
    public PayType payType(Client client) {
        if (client.code() || client.paymentCode()) return new PayType(VirtualPresentation.NAME, "h5");
        return new PayType(VirtualPresentation.NAME, client.platform());
    }

    @Override
    public boolean worksIn(Client client, PayType payType) {
        return false; // no page can call wx.requestVirtualPayment
    }

    /** WeChat's own text for this is INVALID_PLATFORM. */
    @Override
    public void checkDevice(AccountSettings account, Client client) {
        if (VirtualAccount.of(account).ios()
                || !APPLE.matcher(client.userAgent()).find()) return;
        throw ProblemType.INVALID_PLATFORM.with(name());
    }

    @Override
    public Configuration configuration() {
        return CONFIGURATION;
    }

    @Override
    public void check(AccountSettings account) {
        VirtualAccount.of(account);
    }

    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(account.text("mchId"), account.text("appId"));
    }

    @Override
    public boolean fits(String outTradeNo) {
        return outTradeNo.matches(NUMBER);
    }

    @Override
    public boolean fitsCoins(String number) {
        return number.matches(COIN_NUMBER);
    }

    @Override
    public void checkInput(AccountSettings account, CallerInput input) {
        VirtualPayment.check(input.other());
    }

    @Override
    public ProviderError explain(Call call, String providerCode, String words) {
        return ERRORS.explain(call, providerCode, words);
    }

    @Override
    public List<ClientError> clientErrors() {
        return CLIENT_ERRORS;
    }

    // payments

    @Override
    public String field() {
        return VirtualPrices.FIELD;
    }

    @Override
    public Priced price(AccountSettings account, Asked asked) {
        return VirtualPrices.price(VirtualAccount.of(account), asked.goods());
    }

    @Override
    public String environment(AccountSettings account) {
        return Integer.toString(VirtualAccount.of(account).env());
    }

    /** The client's call creates the order, and takes a number once. */
    @Override
    public boolean onceOnly() {
        return true;
    }

    /** Makes no call. */
    @Override
    public Created create(AccountSettings account, PaymentRequest request) {
        refuseSubMerchant(request.attempt());
        return Created.of(VirtualPayment.prompt(VirtualAccount.of(account), request));
    }

    @Override
    public ProviderReport query(AccountSettings account, AttemptRef attempt) {
        refuseSubMerchant(attempt);
        return VirtualOrders.report(client(account, attempt), attempt);
    }

    private static void refuseSubMerchant(AttemptRef attempt) {
        if (attempt.sub().equals(SubMerchant.NONE)) return;
        throw new ProviderFailure(Kind.DECLINED, "sub_mchid", "virtual payment has no sub-merchants");
    }

    @Override
    public boolean waitsForConfirmation(JsonObject goods) {
        return goods.getString("mode", "").equals(VirtualPrices.GOODS);
    }

    /** WeChat marks goods as delivered when its event is acknowledged; one that never came is confirmed so. */
    @Override
    public void confirm(AccountSettings account, AttemptRef attempt, ProviderReport.Paid report, JsonObject goods) {
        JsonObject order;
        try (var reader = Json.createReader(new StringReader(report.evidence()))) {
            order = reader.readObject();
        }
        var delivering = Set.of("2", "3").contains(VirtualClient.text(order, "status"));
        if (!delivering || !waitsForConfirmation(goods)) return;
        client(account, attempt)
                .call("notify_provide_goods", Json.createObjectBuilder().add("order_id", attempt.attemptNo()));
    }

    // refunds

    @Override
    public boolean fitsRefund(String outRefundNo) {
        return outRefundNo.matches(REFUND_NUMBER);
    }

    /**
     * The documents of virtual payment name no limit. The money goes back through WeChat Pay (the event has
     * {@code WxpayRefundTransactionId}), which makes 50 refunds of a payment, for a year.
     */
    @Override
    public int mostRefunds(AccountSettings account) {
        return 50;
    }

    /** As {@link #mostRefunds}. */
    @Override
    public Period refundable() {
        return Period.ofYears(1);
    }

    @Override
    public Optional<LocalizedText> besideRefund(JsonObject goods) {
        return goods.getString("mode", "").equals(VirtualPrices.COIN) ? Optional.of(COINS_STAY) : Optional.empty();
    }

    @Override
    public RefundReport refund(AccountSettings account, RefundRequest request) {
        return VirtualRefunds.refund(client(account, request.attempt()), request);
    }

    @Override
    public RefundReport queryRefund(AccountSettings account, RefundRequest request) {
        return VirtualOrders.refund(client(account, request.attempt()), request);
    }

    // openids and sessions

    @Override
    public PayType defaultLogin() {
        return MINI_PROGRAM;
    }

    @Override
    public Map<String, PayType> sessionCalls() {
        return Map.of("Weixin", MINI_PROGRAM);
    }

    @Override
    public String codeParameter() {
        return "code";
    }

    @Override
    public URI authorize(AccountSettings account, URI backTo, String state) {
        return WechatLogin.authorize(account, WechatLogin.API, backTo, state);
    }

    @Override
    public Openid openid(AccountSettings account, PayType payType, String code) {
        return WechatLogin.openid(transport.client(), account, WechatLogin.API, true, code);
    }

    // coins

    @Override
    public String folder() {
        return "wxpayVirtual";
    }

    @Override
    public PayType coinProduct() {
        return MINI_PROGRAM;
    }

    @Override
    public boolean sessionRefused(String providerCode) {
        return providerCode.equals(VirtualPayment.SESSION);
    }

    @Override
    public Balance queryUserBalance(AccountSettings account, User user) {
        return VirtualCoins.balance(client(account), user);
    }

    @Override
    public Left currencyPay(
            AccountSettings account, User user, String number, long amount, JsonArray items, String remark) {
        return VirtualCoins.pay(client(account), user, number, amount, items, remark);
    }

    @Override
    public void cancelCurrencyPay(
            AccountSettings account, User user, String spent, String number, long amount, boolean sentBefore) {
        VirtualCoins.cancel(client(account), user, spent, number, amount, sentBefore);
    }

    @Override
    public Left presentCurrency(AccountSettings account, User user, String number, long amount) {
        return VirtualCoins.present(client(account), user, number, amount);
    }

    // notifications

    @Override
    public ParsedNotification read(AccountSettings account, RawNotification notification) {
        return VirtualPush.read(VirtualAccount.of(account), notification);
    }

    @Override
    public Optional<String> difference(
            AccountSettings account, RawNotification notification, AttemptRef attempt, JsonObject goods) {
        return VirtualPush.difference(VirtualAccount.of(account), notification, attempt, goods);
    }

    @Override
    public boolean isOfOtherEnvironment(AccountSettings account, RawNotification notification) {
        return VirtualPush.isOfOtherEnvironment(VirtualAccount.of(account), notification);
    }

    @Override
    public Acknowledgement acknowledgement(AccountSettings account, RawNotification notification) {
        return new Acknowledgement(200, "text/plain", "success");
    }

    @Override
    public Acknowledgement refusal(
            AccountSettings account, RawNotification notification, boolean authentic, String reason) {
        return VirtualPush.refusal(authentic, reason);
    }
}
