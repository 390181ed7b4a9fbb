package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.EpayOrigin;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProductRules;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code createCheckout}: a page on which the merchant's buyer pays. Price and subject are stored here, the payer
 * chooses the way to pay, and the browser never sends an amount.
 */
@ApplicationScoped
public class CreateCheckout {
    static final Set<String> DATA = Set.of(
            "out_trade_no",
            "total_fee",
            "subject",
            "type",
            "custom",
            "user_id",
            "nickname",
            "time_expire",
            "return_url",
            "providers",
            "provider_pay_method",
            "sub_mchid",
            "sub_appid",
            "app_auth_token",
            "pid");

    /** How far ahead {@code time_expire} must be: which product is paid with is not known yet. */
    private static final Duration NOTICE = Duration.ofSeconds(1);

    @Inject
    OpenOrder openOrder;

    @Inject
    SealedSubMerchants subMerchants;

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    Wallets wallets;

    @Inject
    PayOrders orders;

    @Inject
    Merchants merchants;

    @Inject
    Providers providers;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * What another API says of an order beside the fields of {@code data}.
     *
     * @param number in place of {@code out_trade_no}
     * @param wallet the only wallet that the page offers: one of {@link Wallets#names}; empty: all
     * @param clientIp the payer's address, or null
     */
    public record Terms(OutTradeNo number, Optional<String> wallet, String clientIp, EpayOrigin epay) {}

    JsonObject of(Authority authority, JsonBody body) {
        body.only("data");
        var data = body.object("data").orElseThrow(() -> body.malformed("data", "对象", "an object"));
        data.only(DATA);
        var order = open(
                authority,
                data,
                merchant -> choice(data),
                () -> new Terms(OrderFields.outTradeNo(data), Optional.empty(), null, null));
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", "ok")
                .add("checkout_url", address(order))
                .add("out_trade_no", order.outTradeNo())
                .add("time_expire", order.expiresAt().toEpochMilli())
                .build();
    }

    /**
     * Stores the order of another API, or finds the one of the same number.
     *
     * @param data the fields of {@code data} that make the order, less those that {@code terms} replace
     */
    public PayOrder open(Authority authority, JsonBody data, Terms terms) {
        return open(
                authority,
                data,
                merchant -> terms.wallet()
                        .map(name -> wallets.named(merchant, authority.mode(), name))
                        .orElse(Wallets.Choice.ANY),
                () -> terms);
    }

    /** The address of an order's page. */
    public String address(PayOrder order) {
        return settings.baseUrl() + "/checkout/" + order.checkoutToken();
    }

    private PayOrder open(
            Authority authority, JsonBody data, Function<UUID, Wallets.Choice> chosen, Supplier<Terms> given) {
        OnBehalf.refuseEmpty(data);
        var merchant = authority.secret().merchant(data.text("pid", 64).orElse(null));
        var sub = OnBehalf.read(data);
        var choice = chosen.apply(merchant);
        refuseDeadline(data, choice.providers());
        var terms = given.get();
        var wanted = new NewOrder(
                terms.number(),
                OrderFields.goods(data),
                OrderFields.buyer(data),
                new NewOrder.Origin("h5", null, terms.clientIp(), returnUrl(data, merchant), null, terms.epay()),
                choice.providers(),
                OrderFields.deadline(data, settings.checkoutLife(), NOTICE, clock.instant()),
                Optional.of(new NewOrder.OnBehalf(sub.mchId(), sub.appId(), sub.token())),
                new NewOrder.Special(choice.payMethod().orElse(null), null));
        requireUsable(merchant, authority.mode(), wanted, sub);
        Runnable noticed = () -> OrderFields.requireNotice(data, NOTICE, clock.instant());
        return orders.byKey(openOrder.forPage(merchant, authority.mode(), wanted, noticed))
                .orElseThrow();
    }

    /** Where none of the allowed providers can be told until when it may be paid, the deadline would not be kept. */
    private void refuseDeadline(JsonBody data, List<String> allowed) {
        if (!data.has("time_expire") || allowed.isEmpty()) return;
        var keepsIt = allowed.stream()
                .flatMap(name -> providers.named(name).products().values().stream())
                .anyMatch(ProductRules::keepsExpiry);
        if (!keepsIt) throw CreatePayment.deadlineNotKept(String.join(", ", allowed));
    }

    Wallets.Choice choice(JsonBody data) {
        var allowed = allowed(data);
        requirePage(allowed);
        return new Wallets.Choice(allowed, OrderFields.payMethod(data, offered(allowed)));
    }

    /** A page that may offer nothing but what no browser can use would be of no use to any payer. */
    private void requirePage(List<String> allowed) {
        if (allowed.isEmpty()) return;
        if (allowed.stream().map(providers::named).anyMatch(PayByCheckout::hasPages)) return;
        var names = String.join(", ", allowed);
        var others = providers.all().stream()
                .filter(PayByCheckout::hasPages)
                .map(provider -> provider.name().value())
                .collect(Collectors.joining(", "));
        throw ProblemType.notSupported(
                new LocalizedText("在收银台页面使用 " + names, "a checkout page for " + names),
                new LocalizedText(
                        "只能在应用或小程序内付款，请在其中调用 createPayment；或在 providers 中加入可用于网页的渠道：" + others,
                        "it collects in apps and mini-programs only; call createPayment there, or add to providers one that"
                                + " collects in browsers: " + others));
    }

    /** A call that names no sub-merchant is for the one that an earlier call has named. */
    private void requireUsable(UUID merchant, Mode mode, NewOrder wanted, SubMerchant named) {
        var refusal = payByCheckout.refusal(merchant, mode, wanted.providers(), named);
        if (refusal.isEmpty()) return;
        var inherited = orders.byNumber(merchant, mode, wanted.outTradeNo().value())
                .map(order -> subMerchants.effective(order, named))
                .filter(sub -> !sub.equals(named))
                .orElseThrow(refusal::get);
        payByCheckout.refusal(merchant, mode, wanted.providers(), inherited).ifPresent(problem -> {
            throw problem;
        });
    }

    private String returnUrl(JsonBody data, UUID merchant) {
        var url = data.text("return_url", 1024).filter(u -> !u.isBlank());
        if (url.isEmpty()) return null;
        if (!merchants.byId(merchant).allowsReturnTo(url.get())) throw ProblemType.RETURN_URL.with(url.get());
        return url.get();
    }

    private List<PaymentProvider> offered(List<String> allowed) {
        return allowed.isEmpty()
                ? providers.all()
                : allowed.stream().map(providers::named).toList();
    }

    private List<String> allowed(JsonBody data) {
        var names = data.texts("providers", 16, 32).orElse(List.of());
        names.forEach(providers::named);
        return List.copyOf(names);
    }
}
