package io.cashdesk.notification;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.OldRows;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;

/**
 * The rows of {@code notification_applied} whose notifications are not kept any more; providers repeat a message for a
 * day or two. One that were repeated later still would be applied again. It moves no money: a payment has its receipt
 * by the provider's unique transaction id ({@code receipt_transaction_is_used_once}), and a refund that has succeeded
 * does not change. A report that an operator has settled (a refund made in the provider's console, a payment that was
 * refused) would be shown to an operator again.
 */
@ApplicationScoped
class OldRepeatKeys implements OldRows {
    private static final int AT_ONCE = 500;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Override
    public String name() {
        return "repeat keys of notifications";
    }

    @Override
    public boolean deleteSome(Instant now) {
        var kept = settings.notificationsKept();
        if (kept.isEmpty()) return false;
        return transactions.inNew(() -> delete(now.minus(kept.get()))) == AT_ONCE;
    }

    private int delete(Instant before) {
        return entities.createNativeQuery("""
                delete from notification_applied
                where (merchant_id, account_id, repeat_key) in (
                    select merchant_id, account_id, repeat_key from notification_applied
                    where applied_at < :before
                    order by applied_at
                    limit :most
                    for update skip locked)
                """)
                .setParameter("before", before)
                .setParameter("most", AT_ONCE)
                .executeUpdate();
    }
}
