package io.cashdesk.order;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.signal.Signals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.EnumSet;

/**
 * {@code user_order_success} (D12): true once everybody who is to hear that an order was paid has said yes, false as soon as
 * one has not, absent while nobody has failed and somebody has not been told.
 */
@ApplicationScoped
public class UserOrderSuccess {
    @Inject
    @Any
    Instance<PaidRecipients> all;

    @Inject
    Signals signals;

    @Inject
    Transactions transactions;

    /** Sums up what came of telling; the order is locked by whoever calls, and what he learned is written. */
    public void sum(PayOrder order) {
        var results = EnumSet.noneOf(PaidRecipients.Result.class);
        for (var one : all) results.add(one.of(order));
        if (results.contains(PaidRecipients.Result.FAILED)) order.delivered(false);
        else if (!results.contains(PaidRecipients.Result.WAITING)
                && results.contains(PaidRecipients.Result.SUCCEEDED)) {
            order.delivered(true);
        }
        transactions.afterCommit(() -> signals.changed(order.id()));
    }
}
