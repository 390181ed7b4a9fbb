package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.EpayOrigin;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The wallets in which payers pay, by their names: a provider is one wallet, or collects through several
 * ({@link PaymentProvider#payMethods}).
 */
@ApplicationScoped
public class Wallets {
    @Inject
    Providers providers;

    @Inject
    Accounts accounts;

    @Inject
    Receipts receipts;

    @Inject
    Attempts attempts;

    /**
     * Through which providers an order may be paid.
     *
     * @param providers empty: all
     * @param payMethod the wallet of those that collect through several; empty: any
     */
    record Choice(List<String> providers, Optional<String> payMethod) {
        static final Choice ANY = new Choice(List.of(), Optional.empty());
    }

    /**
     * The wallets that orders of pages can be limited to, whether this or that merchant has an account for them or not.
     */
    public SortedSet<String> names() {
        var names = new TreeSet<String>();
        creating().stream().filter(PayByCheckout::hasPages).forEach(provider -> names.addAll(walletsOf(provider)));
        return names;
    }

    private static List<String> walletsOf(PaymentProvider provider) {
        return provider.payMethods().isEmpty() ? List.of(provider.name().value()) : List.copyOf(provider.payMethods());
    }

    private List<PaymentProvider> creating() {
        return providers.all().stream().filter(Creates.class::isInstance).toList();
    }

    /** The providers through which the merchant collects in this wallet; refused if there is none. */
    Choice named(UUID merchant, Mode mode, String wallet) {
        var usable = creating().stream()
                .filter(provider -> walletsOf(provider).contains(wallet))
                .filter(provider -> isConfigured(merchant, mode, provider))
                .toList();
        if (usable.isEmpty()) throw ProblemType.PROVIDER_NOT_CONFIGURED.with(wallet);
        var severalWallets =
                usable.stream().anyMatch(provider -> !provider.payMethods().isEmpty());
        return new Choice(
                usable.stream().map(provider -> provider.name().value()).toList(),
                severalWallets ? Optional.of(wallet) : Optional.empty());
    }

    /**
     * The wallet of an order of a shop that speaks epay: that which paid it; otherwise the one that the shop wants, or
     * an empty text. A provider that collects through several and lets the payer choose does not say which one paid.
     */
    public String of(PayOrder order) {
        var wanted = order.epay().map(EpayOrigin::type).orElse("");
        if (!order.paid()) return wanted;
        var paid = order.payType().map(type -> type.split("_", 2)[0]).orElse("");
        var several = creating().stream()
                .anyMatch(provider -> provider.name().value().equals(paid)
                        && !provider.payMethods().isEmpty());
        if (!several) return paid;
        return order.paidReceipt()
                .flatMap(id -> receipts.byId(order.key(), id))
                .flatMap(receipt -> attempts.byKey(receipt.attempt()))
                .map(attempt -> attempt.request().payer().payMethod())
                .filter(method -> !method.isEmpty())
                .orElse(wanted);
    }

    private boolean isConfigured(UUID merchant, Mode mode, PaymentProvider provider) {
        return provider.products().entrySet().stream()
                .filter(product -> product.getValue().onPages())
                .anyMatch(product -> accounts.configured(merchant, mode, provider, product.getKey()));
    }
}
