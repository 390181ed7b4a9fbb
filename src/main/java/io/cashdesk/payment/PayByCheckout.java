package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The payer, on our own page, chooses how to pay. Everything else about the payment was fixed by the merchant's server. */
@ApplicationScoped
public class PayByCheckout {
    /** In the order in which they stand on the page. */
    private static final List<String> ORDER_ON_PAGE = List.of("wxpay", "alipay");

    @Inject
    Providers providers;

    @Inject
    Accounts accounts;

    @Inject
    OpenAttempt openAttempt;

    @Inject
    Settings settings;

    /** The providers that can collect this order by a code on a screen, in the order of the page. */
    public List<String> waysFor(PayOrder order) {
        var ways = new ArrayList<String>();
        for (var name : ORDER_ON_PAGE) {
            if (!order.providers().isEmpty() && !order.providers().contains(name)) continue;
            providers.all().stream()
                    .filter(p -> p.name().value().equals(name) && p.payTypes().contains(scan(p)))
                    .filter(p -> accounts.configured(order.merchantId(), order.mode(), p, scan(p)))
                    .findFirst()
                    .ifPresent(p -> ways.add(name));
        }
        return ways;
    }

    /** Opens an attempt with this provider, or finds the one whose code still lives; completes with a problem if there is none. */
    public CompletionStage<Attempt> start(PayOrder order, String providerName, String clientIp) {
        if (!waysFor(order).contains(providerName)) {
            return CompletableFuture.failedFuture(ProblemType.PROVIDER_NOT_CONFIGURED.with(providerName));
        }
        var provider = providers.named(providerName);
        var account = accounts.toPayThrough(order.merchantId(), order.mode(), provider, scan(provider))
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(providerName));
        return openAttempt.of(
                order.id(),
                new Wanted(
                        provider,
                        account,
                        scan(provider),
                        settings.codeLife(),
                        new Payer(clientIp, "", Payer.Screen.CODE),
                        SubMerchant.NONE,
                        Optional.empty(),
                        JsonObject.EMPTY_JSON_OBJECT,
                        Optional.empty()));
    }

    private static String scan(PaymentProvider provider) {
        return provider.name() + "_h5";
    }
}
