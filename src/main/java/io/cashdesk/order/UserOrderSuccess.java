package io.cashdesk.order;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.signal.Signals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.EnumSet;

/**
 * {@code user_order_success} (docs/api.md, "The active callback"): true once every recipient of the payment has
 * succeeded, false as soon as one has failed, absent until then.
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

    /** Sets it from the results of all recipients. The caller holds the order's lock and has stored what it learned. */
    public void update(PayOrder order) {
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
