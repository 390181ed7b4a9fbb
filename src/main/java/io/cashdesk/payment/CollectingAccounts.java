package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SignsFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Finds by whose account an order is collected. */
@ApplicationScoped
public class CollectingAccounts {
    @Inject
    Attempts attempts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    /** That of the order's latest attempt; empty if there was none. */
    public Optional<Collecting> of(OrderKey order) {
        return attempts.currentOf(order).map(this::of);
    }

    private Collecting of(Attempt attempt) {
        var account = accounts.of(attempt.merchantId(), attempt.accountId())
                .orElseThrow()
                .settings();
        var sub = attempt.request().sub();
        return new Collecting(
                account.text("appId"),
                account.text("mchId"),
                sub.appId().isEmpty() ? account.text("subAppId") : sub.appId(),
                sub.mchId(),
                fields -> providers.named(attempt.provider()) instanceof SignsFields signer
                        ? signer.sign(account, fields)
                        : Optional.empty());
    }
}
