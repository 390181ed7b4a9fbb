package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.openid.Sessions;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.NeedsSession;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Prices;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * {@code createPayment}: the parameters with which a payer pays, or money by the payment code that the merchant
 * scanned.
 */
@ApplicationScoped
public class CreatePayment {
    /** The arguments beside {@code data}, and {@code data}. */
    public static final Set<String> ARGUMENTS = PaymentCall.ARGUMENTS;

    /** How {@code context} may name the platform; the first one that is present counts. */
    public static final List<String> PLATFORM_NAMES = Platform.NAMES;

    /** How {@code context} may name the payer's user agent. */
    public static final List<String> USER_AGENT_NAMES = Platform.USER_AGENT_NAMES;

    /** How long an order lives without {@code time_expire}. */
    private static final Duration LIFE = Duration.ofHours(2);

    /** How long a payer at the point of sale has to type a password; the providers recommend 30 to 45 seconds. */
    private static final Duration AT_POINT_OF_SALE = Duration.ofSeconds(45);

    @Inject
    OpenOrder openOrder;

    @Inject
    OpenAttempt openAttempt;

    @Inject
    SealedSubMerchants subMerchants;

    @Inject
    SealedPrompts prompts;

    @Inject
    WrongAmounts wrongAmounts;

    @Inject
    Accounts accounts;

    @Inject
    Merchants merchants;

    @Inject
    Providers providers;

    @Inject
    Sessions sessions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * What differs between the APIs through which a payment can be created.
     *
     * @param callback the name of the endpoint that receives the payment in CloudPay's shape, or null
     * @param other this API's own fields as extra parameters for the given version of the provider's interface; empty:
     *     the call's {@code other}
     * @param forListedSubMerchant a service provider's order: the sub-merchant must be named and listed, and a deadline
     *     may be as near as the provider itself allows
     * @param ofSubApp whether the payer's openid belongs to the node's {@code subAppId}
     */
    public record Terms(
            String callback, Optional<IntFunction<JsonObject>> other, boolean forListedSubMerchant, boolean ofSubApp) {
        public static final Terms USUAL = new Terms(null, Optional.empty(), false, false);
    }

    /**
     * Completes with the answer, or with a problem. With a publishable key it pays what the merchant's server has
     * created, and changes nothing about the order.
     *
     * @param callerAddress whose calls with a wrong amount are counted, and the payer's if {@code context} has none
     */
    public CompletionStage<JsonObject> of(Authority authority, JsonBody body, String callerAddress) {
        return of(authority, body, callerAddress, Terms.USUAL);
    }

    /** The same on other terms. */
    public CompletionStage<JsonObject> of(Authority authority, JsonBody body, String callerAddress, Terms terms) {
        var began = clock.instant();
        var call = PaymentCall.parse(authority, body, callerAddress, merchants, providers);
        var payType = payType(call.provider(), call.client());
        call.requirePayerAddress(authority, payType, settings.development());
        refuseUnusableCode(authority, call, payType);
        var returnUrl = returnUrl(call);
        refuseDeadline(call, payType);
        var goods = goods(authority, call, payType);
        var wanted = newOrder(call, payType, goods, returnUrl, terms);
        var way = new PaymentWay(call.provider(), payType, account(authority, call, payType));
        var client = PaymentCall.isClient(authority);
        var existing = client // before anything depends on the order
                ? Optional.of(wrongAmounts.order(
                        new WrongAmounts.Guess(
                                call.merchant(),
                                authority.mode(),
                                wanted.outTradeNo().value(),
                                callerAddress),
                        wanted))
                : Optional.<PayOrder>empty();
        way.provider().checkDevice(way.account(), call.client());
        var session = requireSession(authority, call, way);
        Function<SubMerchant, CollectRequest> check =
                sub -> collectRequest(call, way, returnUrl, way.subMerchant(sub, terms, authority.mode()), terms, goods)
                        .in(session, began);
        Runnable noticed = () -> OrderFields.requireNotice(call.data(), soonest(call, payType, terms), clock.instant());
        var opened = existing.map(order -> unchanged(order, returnUrl, check.apply(subMerchants.of(order))))
                .orElseGet(() -> openOrder.toPay(call.merchant(), authority.mode(), wanted, noticed, check));
        var backTo = opened.returnUrl().map(URI::create);
        return openAttempt
                .of(opened.key(), opened.checked(), opened.change())
                .thenApply(attempt -> way.answer(attempt, prompts.of(attempt), wanted, backTo, call.form()))
                .thenApply(answer -> client ? PaymentWay.forClient(answer) : answer);
    }

    /** The order as the merchant's server has created it. */
    private static OpenOrder.Opened<CollectRequest> unchanged(
            PayOrder order, Optional<URI> returnUrl, CollectRequest request) {
        return new OpenOrder.Opened<>(
                order.key(),
                request,
                Optional.empty(),
                returnUrl.map(URI::toString).or(order::returnUrl));
    }

    private static Duration soonest(PaymentCall call, PayType payType, Terms terms) {
        var rules = call.provider().products().get(payType);
        return terms.forListedSubMerchant() ? rules.shortestLife() : rules.leastNotice();
    }

    private void refuseUnusableCode(Authority authority, PaymentCall call, PayType payType) {
        if (call.code().isEmpty()) return;
        PaymentCodes.check(call.code().get(), call.provider(), providers.all());
        if (call.code().get().storeId().isEmpty()) {
            PaymentCodes.refuseWithoutStore(call.provider(), account(authority, call, payType));
        }
    }

    private static void refuseDeadline(PaymentCall call, PayType payType) {
        if (!call.data().has("time_expire")
                || call.provider().products().get(payType).keepsExpiry()) return;
        throw deadlineNotKept(call.provider().name().value());
    }

    /** @param providers that cannot be told until when a payment may be made */
    static Problem deadlineNotKept(String providers) {
        return ProblemType.notSupported(
                LocalizedText.same("data.time_expire"),
                new LocalizedText(
                        providers + " 不能设定截止时间，请去掉该字段",
                        providers + " cannot be told until when it may be paid; leave it out"));
    }

    /** What is bought, and what only this provider takes. */
    private record Wanted(NewOrder.Goods goods, NewOrder.Special special) {}

    private Wanted goods(Authority authority, PaymentCall call, PayType payType) {
        var data = call.data();
        OrderFields.outTradeNo(data); // of several missing fields, this one is named first
        var provider = call.provider();
        var method = OrderFields.payMethod(data, List.of(provider))
                .or(() -> Optional.of(OrderFields.ANY_METHOD)
                        .filter(any -> !provider.payMethods().isEmpty()));
        if (!(provider instanceof Prices prices)) {
            return new Wanted(OrderFields.goods(data), new NewOrder.Special(method.orElse(null), null));
        }
        var asked = new Prices.Asked(
                data.json().get(prices.field()),
                prices.takesTotal() && data.has("total_fee") ? Optional.of(OrderFields.total(data)) : Optional.empty(),
                data.object("other").map(JsonBody::json).orElse(JsonObject.EMPTY_JSON_OBJECT));
        var priced = prices.price(account(authority, call, payType), asked);
        return new Wanted(
                OrderFields.goods(data, priced.total()),
                new NewOrder.Special(method.orElse(null), priced.goods().toString()));
    }

    private NewOrder newOrder(PaymentCall call, PayType payType, Wanted wanted, Optional<URI> returnUrl, Terms terms) {
        var data = call.data();
        var sub = OnBehalf.read(data);
        var platform = call.form().platform();
        return new NewOrder(
                OrderFields.outTradeNo(data),
                wanted.goods(),
                OrderFields.buyer(data),
                new NewOrder.Origin(
                        platform.name(),
                        platform.appid(),
                        platform.clientIp(),
                        returnUrl.map(URI::toString).orElse(null),
                        terms.callback()),
                List.of(),
                OrderFields.deadline(
                        data,
                        call.code().isPresent() ? AT_POINT_OF_SALE : LIFE,
                        soonest(call, payType, terms),
                        clock.instant()),
                Optional.of(sub)
                        .filter(s -> !s.equals(SubMerchant.NONE))
                        .map(s -> new NewOrder.OnBehalf(s.mchId(), s.appId(), s.token())),
                wanted.special());
    }

    /**
     * Refuses a payer whose wallet's session is needed and not known, before anything is stored.
     *
     * @return what tells the session from another one; empty where none is needed
     */
    private String requireSession(Authority authority, PaymentCall call, PaymentWay way) {
        if (!(way.provider() instanceof NeedsSession)) return "";
        var openid = way.openid(call.data(), SubMerchant.NONE);
        var appId = way.provider().identity(way.account()).appId();
        var key = sessions.required(new Sessions.Owner(call.merchant(), authority.mode(), appId, openid));
        return Digest.sha256("session " + key.value()).substring(0, 16);
    }

    private static CollectRequest collectRequest(
            PaymentCall call, PaymentWay way, Optional<URI> returnUrl, SubMerchant sub, Terms terms, Wanted wanted) {
        var clientIp = call.form().platform().clientIp();
        var payer = new Payer(
                clientIp,
                way.openid(call.data(), sub),
                call.client().screen(),
                OrderFields.payMethod(call.data(), List.of(way.provider()))
                        .filter(way.provider().payMethods()::contains)
                        .orElse(""));
        var other = terms.other()
                .map(of -> of.apply(way.provider().apiVersion(way.account())))
                .or(() -> call.data().object("other").map(JsonBody::json))
                .orElse(JsonObject.EMPTY_JSON_OBJECT);
        way.provider()
                .checkInput(
                        way.account(),
                        new CallerInput(
                                way.payType(),
                                payer,
                                sub,
                                call.code(),
                                returnUrl,
                                other,
                                wanted.goods().total()));
        return new CollectRequest(
                way.provider(),
                way.account(),
                way.payType(),
                call.code().isPresent() ? AT_POINT_OF_SALE : OrderFields.LONGEST,
                payer,
                sub,
                returnUrl,
                other,
                call.code());
    }

    private static PayType payType(PaymentProvider provider, Client client) {
        var payType = provider.payType(client);
        var known = provider.products().containsKey(payType);
        var name = LocalizedText.named(payType.toString());
        var what = new LocalizedText("支付类型 " + name.zh(), "pay type " + name.en());
        if (known && !(provider instanceof Creates) && !client.paymentCode()) {
            throw ProblemType.notSupported(
                    what, new LocalizedText("该支付方式须在付款人的设备上发起", "its payments begin on the payer's device"));
        }
        if (known) return payType;
        throw ProblemType.notSupported(
                what,
                new LocalizedText(
                        "请传 \"needQRcode\": true，返回 " + provider.name() + " 的任一钱包都能扫描的二维码",
                        "send \"needQRcode\": true for a QR code that any wallet of " + provider.name() + " scans"));
    }

    private AccountSettings account(Authority authority, PaymentCall call, PayType payType) {
        var provider = call.provider();
        return accounts.toPayThrough(call.merchant(), authority.mode(), provider, payType)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(Configuration.nameOf(
                        provider.name(), provider.products().get(payType).node())));
    }

    private Optional<URI> returnUrl(PaymentCall call) {
        var url = call.data().text("return_url", 1024).filter(u -> !u.isBlank());
        if (url.isPresent() && !merchants.byId(call.merchant()).allowsReturnTo(url.get())) {
            throw ProblemType.RETURN_URL.with(url.get());
        }
        return url.map(URI::create);
    }
}
