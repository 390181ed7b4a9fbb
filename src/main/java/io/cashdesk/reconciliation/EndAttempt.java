package io.cashdesk.reconciliation;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.notification.Ask;
import io.cashdesk.notification.Door;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * Makes an end of an attempt that nobody needs any more: its order is at its deadline, or paid or closed otherwise, or the payer
 * at the till had his time. The provider is asked, then told to close. Nothing is closed on a timer alone.
 */
@ApplicationScoped
class EndAttempt {
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

    @Inject
    Accounts accounts;

    @Inject
    Attempts attempts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    Door door;

    @Inject
    Ask ask;

    @Inject
    Transactions transactions;

    /** One step towards it; whoever finds it unfinished takes the next one. */
    void of(Attempt attempt) {
        if (!ask.claim(attempt, AT_MOST_EVERY)) return; // somebody else is at it
        ask.aboutClaimed(attempt);
        if (finished(attempt)) return;
        if (!(providers.named(attempt.provider()) instanceof PaymentProvider.Closes closes)) return;
        var account = accounts.byId(attempt.accountId()).orElseThrow().settings();
        var report = calls.call(account, () -> closes.close(account, Ask.ref(attempt)));
        var about = new Attempts.Found(attempt.id(), attempt.orderId());
        if (!(report instanceof ProviderReport.Unpaid)) door.hear(about, report, Door.Source.ASKED);
    }

    private boolean finished(Attempt attempt) {
        return transactions.inNew(
                () -> !attempts.byId(attempt.id()).orElseThrow().state().mayBePaid());
    }
}
