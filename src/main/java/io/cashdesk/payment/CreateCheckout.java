package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.PaymentProvider;
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

/**
 * {@code createCheckout}: a page on which the merchant's buyer pays. Price and subject are stored here, the payer
 * chooses the way to pay, and the browser never sends an amount.
 */
@ApplicationScoped
class CreateCheckout {
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
    PayOrders orders;

    @Inject
    Merchants merchants;

    @Inject
    Providers providers;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    JsonObject of(Authority authority, JsonBody body) {
        body.only("data");
        var data = body.object("data").orElseThrow(() -> body.malformed("data", "对象", "an object"));
        data.only(DATA);
        OnBehalf.refuseEmpty(data);
        var merchant = authority.secret().merchant(data.text("pid", 64).orElse(null));
        var sub = OnBehalf.read(data);
        var allowed = allowed(data);
        var method = OrderFields.payMethod(data, offered(allowed));
        var wanted = new NewOrder(
                OrderFields.outTradeNo(data),
                OrderFields.goods(data),
                OrderFields.buyer(data),
                new NewOrder.Origin("h5", null, null, returnUrl(data, merchant), null),
                allowed,
                OrderFields.deadline(data, settings.checkoutLife(), NOTICE, clock.instant()),
                Optional.of(new NewOrder.OnBehalf(sub.mchId(), sub.appId(), sub.token())),
                new NewOrder.Special(method.orElse(null), null));
        requireUsable(merchant, authority.mode(), wanted, sub);
        Runnable noticed = () -> OrderFields.requireNotice(data, NOTICE, clock.instant());
        var order = orders.byKey(openOrder.forPage(merchant, authority.mode(), wanted, noticed))
                .orElseThrow();
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", "ok")
                .add("checkout_url", settings.baseUrl() + "/checkout/" + order.checkoutToken())
                .add("out_trade_no", order.outTradeNo())
                .add("time_expire", order.expiresAt().toEpochMilli())
                .build();
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
