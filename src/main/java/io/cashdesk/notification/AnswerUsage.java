package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.JobHandler;
import io.cashdesk.ground.job.Jobs;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
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
import jakarta.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Answers a store that wants to know how a purchase was used, because its payer wants the money back. The job is stored
 * in the transaction that stores the store's message, so that a node that dies loses nothing. While the payment is
 * still being delivered it waits, for most of the time that the store gives. The adapter sends nothing unless the
 * merchant allows it; that a question was not answered is recorded with the order.
 */
@ApplicationScoped
class AnswerUsage implements JobHandler {
    private static final Logger LOG = Logger.getLogger(AnswerUsage.class);

    static final String KIND = "answer-usage";

    private static final String NOT_ANSWERED = "purchase.usage-not-answered";

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
    Transactions transactions;

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
        var store = (SellsInStore) providers.named(receipt.get().provider());
        var now = clock.instant();
        var until = asked.plus(store.answersWithin());
        // the last sixth is left to repeat an answer that does not arrive
        var decided = asked.plus(store.answersWithin().multipliedBy(5).dividedBy(6));
        if (waitsForDelivery(order.get(), receipt.get()) && now.isBefore(decided)) {
            return Optional.of(next(asked, now, decided).orElse(decided));
        }
        try {
            answer(store, order.get(), receipt.get());
            return Optional.empty();
        } catch (ProviderFailure | Problem unanswered) {
            var what = "answer about the use of purchase " + receipt.get().transactionId();
            failures.log(receipt.get().accountId(), what, unanswered);
            var next = next(asked, now, until);
            if (next.isEmpty()) {
                LOG.warnf("The %s is given up, because the store decides without it from %s on", what, until);
                notAnswered(receipt.get(), "no answer arrived at the store in time");
            }
            return next;
        }
    }

    /** Whether the merchant's recipients are still being notified of the payment, so that the answer would change. */
    static boolean waitsForDelivery(PayOrder order, Receipt receipt) {
        if (!pays(order, receipt) || order.whollyRefunded()) return false;
        return order.userOrderSuccess().map(success -> !success).orElse(order.handlerExpected());
    }

    /** Whether this is the purchase that pays the order: only that one was delivered. */
    private static boolean pays(PayOrder order, Receipt receipt) {
        return receipt.disposition() == Receipt.Disposition.COUNTED
                && order.paidReceipt().equals(Optional.of(receipt.id()));
    }

    /** Whether what was bought is delivered, as far as is known; of a purchase that pays no order it is not. */
    static Optional<Boolean> delivered(PayOrder order, Receipt receipt) {
        return pays(order, receipt) ? order.userOrderSuccess() : Optional.of(false);
    }

    private void answer(SellsInStore store, PayOrder order, Receipt receipt) {
        var delivered = delivered(order, receipt);
        if (delivered.isEmpty()) {
            notAnswered(
                    receipt,
                    "it is not known whether it was delivered, because no endpoint and no handler has said so");
            return;
        }
        var account = accounts.of(receipt.merchantId(), receipt.accountId())
                .orElseThrow()
                .settings();
        var appId = providers.named(receipt.provider()).identity(account).appId();
        var purchase = purchase(
                receipt, appId, attempts.byKey(receipt.attempt()).orElseThrow().attemptNo());
        var sent = calls.call(account, () -> store.answerUsage(account, purchase, delivered));
        if (!sent)
            notAnswered(receipt, "the account does not allow it, or does not count purchases in its environment");
    }

    /** Evidence on the order of why the store got no answer. */
    private void notAnswered(Receipt receipt, String why) {
        var detail = Json.createObjectBuilder()
                .add("transaction_id", receipt.transactionId())
                .add("why", why)
                .build();
        transactions.runInNew(() -> orders.record(new OrderEvent(
                orders.locked(receipt.attempt().order()).key(),
                receipt.attempt().id(),
                clock.instant(),
                NOT_ANSWERED,
                detail.toString())));
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
    static Optional<Instant> next(Instant asked, Instant now, Instant limit) {
        var pause = Duration.between(asked, now);
        if (pause.compareTo(SHORTEST_PAUSE) < 0) pause = SHORTEST_PAUSE;
        if (pause.compareTo(LONGEST_PAUSE) > 0) pause = LONGEST_PAUSE;
        var next = now.plus(pause);
        return next.isAfter(limit) ? Optional.empty() : Optional.of(next);
    }
}
