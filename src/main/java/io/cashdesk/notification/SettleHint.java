package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.refund.RefundKey;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Settles a notification that proves too little ({@link io.cashdesk.provider.ParsedNotification.Hint}): the provider is
 * queried about the attempt or refund, and only its answer is applied. A message that any caller can send is not
 * stored, however many arrive.
 */
@ApplicationScoped
class SettleHint {
    /** An attempt is queried at most this often, however many hints arrive; the sender repeats what came too early. */
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(3);

    @Inject
    Attempts attempts;

    @Inject
    PayOrders orders;

    @Inject
    QueryAttempt queryAttempt;

    @Inject
    Refunds refunds;

    @Inject
    RefundPayment refundPayment;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    @Inject
    FailureLog failures;

    /** When refunds were queried because of hints, on this node; those of the last few seconds. */
    private final Map<UUID, Instant> refundsQueried = new ConcurrentHashMap<>();

    /** What a hint came to. */
    enum Outcome {
        /** The provider answered, and its answer is applied; it confirms what the hint says, if that is an end. */
        SETTLED,
        /**
         * It was queried a moment ago, gave no answer, or does not know yet what its own message says: the sender
         * should repeat the hint.
         */
        LATER,
        /** There is no such attempt in this account. */
        UNKNOWN
    }

    /**
     * Queries the provider about this attempt; not inside a transaction.
     *
     * @param source the message, if it is authentic: a payment that the answer reports was notified by it
     */
    Outcome of(
            PaymentProvider provider,
            Accounts.Opened account,
            ParsedNotification.Hint hint,
            ApplyReport.Source source) {
        var merchantNo = provider.identity(account.settings()).merchantNo();
        if (!hint.refundNo().isEmpty()) {
            var refund = refunds.byProvidersNumber(
                    account.merchantId(), provider.name().value(), merchantNo, hint.refundNo());
            if (refund.isPresent()) return ofRefund(account, refund.get(), hint);
        }
        var attempt = find(provider.name().value(), merchantNo, account.merchantId(), hint)
                .flatMap(attempts::byKey);
        if (attempt.isEmpty()) return Outcome.UNKNOWN;
        var order = orders.byKey(attempt.get().orderKey()).orElseThrow();
        if (order.mode() != account.mode()) return Outcome.UNKNOWN;
        if (!queryAttempt.claim(attempt.get(), AT_MOST_EVERY)) {
            // of two messages at once the second may say what the first has just brought
            var brought =
                    hint.ended() && hint.refundNo().isEmpty() && attempt.get().state() == AttemptState.PAID;
            return brought ? Outcome.SETTLED : Outcome.LATER;
        }
        var queried = source.notification().isEmpty() ? attempt.get() : numbered(attempt.get(), hint.providerNo());
        try {
            var report = queryAttempt
                    .ofClaimed(queried, source)
                    .orElseThrow(() -> new IllegalStateException(
                            provider.name() + " sends notifications that only a query settles, and has no query"));
            if (!hint.refundNo().isEmpty()) refundPayment.queryOutside(queried, hint.refundNo());
            if (report instanceof ProviderReport.Paid) return Outcome.SETTLED;
            queryAttempt.soonAgain(queried); // what the hint says may be in the provider's answer a moment later
            return hint.ended() ? Outcome.LATER : Outcome.SETTLED;
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(account.settings().id(), "a hint about " + number(hint) + " is not settled yet", unanswered);
            return Outcome.LATER;
        }
    }

    /** The attempt with the number that the provider itself gave it, as a verified message says. */
    private Attempt numbered(Attempt attempt, String providerNo) {
        if (providerNo.isEmpty() || attempt.providerNo().isPresent()) return attempt;
        return transactions.inNew(() -> {
            orders.locked(attempt.orderKey());
            var locked = attempts.locked(attempt.key());
            // the number of a payment that is stored stays what it is
            if (locked.providerNo().isEmpty() && locked.state() != AttemptState.PAID) {
                locked.numberedByProvider(providerNo);
            }
            return locked;
        });
    }

    /** A refund that has ended is not queried. */
    private Outcome ofRefund(Accounts.Opened account, RefundKey key, ParsedNotification.Hint hint) {
        if (orders.byKey(key.order()).orElseThrow().mode() != account.mode()) return Outcome.UNKNOWN;
        if (isOver(key)) return Outcome.SETTLED;
        var now = clock.instant();
        refundsQueried.values().removeIf(at -> at.plus(AT_MOST_EVERY).isBefore(now));
        if (refundsQueried.putIfAbsent(key.id(), now) != null) return Outcome.LATER;
        try {
            refundPayment.query(key);
            return isOver(key) || !hint.ended() ? Outcome.SETTLED : Outcome.LATER;
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(account.settings().id(), "a hint about " + number(hint) + " is not settled yet", unanswered);
            return Outcome.LATER;
        }
    }

    /** Whether the provider does nothing more about it. */
    private boolean isOver(RefundKey key) {
        var state = refunds.byKey(key).orElseThrow().state();
        return state.ended() || state == RefundState.ABNORMAL;
    }

    Optional<AttemptKey> find(String provider, String merchantNo, UUID merchant, ParsedNotification.Hint hint) {
        return hint.attemptNo().isEmpty()
                ? attempts.byProviderNo(merchant, provider, merchantNo, hint.providerNo())
                : attempts.byNumber(merchant, provider, merchantNo, hint.attemptNo());
    }

    /** The number by which the message names the attempt. */
    static String number(ParsedNotification.Hint hint) {
        if (!hint.refundNo().isEmpty()) return hint.refundNo();
        return hint.attemptNo().isEmpty() ? hint.providerNo() : hint.attemptNo();
    }
}
