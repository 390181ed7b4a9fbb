package io.cashdesk.it;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Orders inside the real server with several attempts that carry the same number at the provider. */
@Dependent
public class SameNumberOrders {
    @Inject
    Transactions transactions;

    @Inject
    Merchants merchants;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    /**
     * An order whose first attempts were refused plainly.
     *
     * @param refused how many
     * @param shown whether one more attempt was opened
     */
    List<AttemptKey> attempts(String number, int refused, boolean shown) {
        var now = Instant.now();
        var later = now.plusSeconds(600);
        var wxpay = providers.named("wxpay");
        if (merchants.byPid("same-number").isEmpty()) {
            transactions.runInNew(() -> merchants.add(new Merchant("same-number", "Same number", now)));
        }
        var merchant = merchants.byPid("same-number").orElseThrow();
        var account = accounts.toPayThrough(merchant.id(), Mode.TEST, wxpay, PayType.of("wxpay_h5"))
                .orElseThrow();
        return transactions.inNew(() -> {
            var order = AnOrder.of(ANewOrder.of(Money.fen(990)).numbered(number).until(later))
                    .by(merchant.id())
                    .at(now)
                    .unpaid();
            orders.add(order);
            var keys = new ArrayList<AttemptKey>();
            for (int i = 0; i < (shown ? refused + 1 : refused); i++) {
                var attempt = AnAttempt.of(order)
                        .through(new Attempt.Target(
                                account.id(), "wxpay", wxpay.identity(account).merchantNo(), "wxpay_h5"))
                        .payableUntil(later)
                        .at(now)
                        .leasedUntil(later);
                var stored = i < refused ? attempt.calling() : attempt.shown();
                if (i < refused) stored.refused("FREQUENCY_LIMITED", "too many", false, now);
                attempts.add(stored);
                keys.add(stored.key());
            }
            return keys;
        });
    }

    Attempt stored(AttemptKey key) {
        return transactions.inNew(() -> attempts.byKey(key).orElseThrow());
    }
}
