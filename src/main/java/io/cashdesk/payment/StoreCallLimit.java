package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How many calls of {@code verifyReceipt} may query a provider's store: for one order, and with a publishable key from
 * one address too. Every such call occupies a request thread and one of the account's calls until the store answers,
 * and its proof can be invented. Proofs that are verified by their signature alone are not counted (docs/api.md,
 * "verifyReceipt"). The counters are those of {@link WrongAmounts}, in its rows, for the same time.
 */
@ApplicationScoped
class StoreCallLimit {
    /** For one order; an app repeats a call after failures, and at each of its starts. */
    static final int PER_ORDER = 30;

    /** From one address to one merchant, behind which there may be many payers. */
    static final int PER_ADDRESS = 200;

    @Inject
    WrongAmounts counters;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /**
     * Counts a call that is about to query the store.
     *
     * @param client whether it is made with a publishable key; otherwise it comes from the merchant's own server, whose
     *     address is that of all its payers
     * @throws io.cashdesk.ground.problem.Problem TOO_MANY_STORE_CALLS if it is one too many
     */
    void count(UUID merchant, Mode mode, String outTradeNo, String address, boolean client) {
        var order = counters.counter(PER_ORDER, "store", merchant, mode, outTradeNo);
        var caller = counters.counter(PER_ADDRESS, "store address", merchant, mode, WrongAmounts.network(address));
        var now = clock.instant();
        var since = now.minus(WrongAmounts.COUNTED);
        var refused = transactions.inNew(() -> (client ? List.of(caller, order) : List.of(order))
                .stream()
                        .map(counter -> counters.counted(counter, since, now).refusedFor(counter.atMost(), now))
                        .flatMap(Optional::stream)
                        .findFirst());
        refused.ifPresent(time -> {
            throw ProblemType.TOO_MANY_STORE_CALLS
                    .with(outTradeNo, time.toSeconds())
                    .retryAfter(time);
        });
    }
}
