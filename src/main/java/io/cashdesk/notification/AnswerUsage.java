package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.job.JobHandler;
import io.cashdesk.ground.job.Jobs;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.SellsInStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Answers a store that wants to know how a purchase was used, because its payer wants the money back. The job is stored
 * in the transaction that stores the store's message, so that a node that dies loses nothing; the adapter sends nothing
 * unless the merchant allows it.
 */
@ApplicationScoped
class AnswerUsage implements JobHandler {
    private static final Logger LOG = Logger.getLogger(AnswerUsage.class);

    static final String KIND = "answer-usage";

    /** A store decides without an answer that is later. */
    static final Duration LIMIT = Duration.ofHours(12);

    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    FailureLog failures;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return KIND;
    }

    /** In the transaction in which the store's message is stored. */
    void schedule(Receipt receipt) {
        var now = clock.instant();
        jobs.schedule(KIND, id(receipt, now), now);
    }

    /** Every message of the store is answered, so the moment is a part of it. */
    static String id(Receipt receipt, Instant asked) {
        return String.join(
                " ",
                receipt.merchantId().toString(),
                receipt.attempt().order().id().toString(),
                receipt.id().toString(),
                Long.toString(asked.toEpochMilli()));
    }

    @Override
    public Optional<Instant> run(String id) {
        var parts = id.split(" ");
        var key = new OrderKey(UUID.fromString(parts[0]), UUID.fromString(parts[1]));
        var asked = Instant.ofEpochMilli(Long.parseLong(parts[3]));
        var order = orders.byKey(key);
        var receipt = receipts.byId(key, UUID.fromString(parts[2]));
        if (order.isEmpty() || receipt.isEmpty()) return Optional.empty(); // a test order that was deleted
        try {
            answer(order.get(), receipt.get());
            return Optional.empty();
        } catch (ProviderFailure | Problem unanswered) {
            var what = "answer about the use of purchase " + receipt.get().transactionId();
            failures.log(receipt.get().accountId(), what, unanswered);
            var next = next(asked, clock.instant());
            if (next.isEmpty()) LOG.warnf("The %s is given up after %d hours", what, LIMIT.toHours());
            return next;
        }
    }

    private void answer(PayOrder order, Receipt receipt) {
        var account = accounts.of(receipt.merchantId(), receipt.accountId())
                .orElseThrow()
                .settings();
        var store = (SellsInStore) providers.named(receipt.provider());
        var appId = providers.named(receipt.provider()).identity(account).appId();
        var purchase = purchase(
                receipt, appId, attempts.byKey(receipt.attempt()).orElseThrow().attemptNo());
        calls.call(account, () -> store.answerUsage(account, purchase, order.userOrderSuccess()));
    }

    /** The purchase as it is stored. */
    static Purchase purchase(Receipt receipt, String appId, String attemptNo) {
        var sale = receipt.sale().orElseThrow();
        var paid = new ProviderReport.Paid(
                attemptNo,
                receipt.merchantNo(),
                appId,
                receipt.transactionId(),
                receipt.amount(),
                receipt.paidAt(),
                receipt.payerId().orElse(null),
                "",
                ProviderReport.WentBack.NOTHING,
                new ProviderReport.Details("", JsonBody.parseText("goods", sale.goods()), sale.price()),
                receipt.evidence());
        var first = sale.firstTransactionId();
        return new Purchase(paid, first == null ? receipt.transactionId() : first, first != null, sale.environment());
    }

    /** Each pause is as long as all before it together, between one minute and one hour; until the limit. */
    static Optional<Instant> next(Instant asked, Instant now) {
        var pause = Duration.between(asked, now);
        if (pause.compareTo(SHORTEST_PAUSE) < 0) pause = SHORTEST_PAUSE;
        if (pause.compareTo(LONGEST_PAUSE) > 0) pause = LONGEST_PAUSE;
        var next = now.plus(pause);
        return next.isAfter(asked.plus(LIMIT)) ? Optional.empty() : Optional.of(next);
    }
}
