package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.refund.RefundKey;
import io.cashdesk.refund.RefundPayment;
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
 * Settles a notification that proves nothing ({@link io.cashdesk.provider.ParsedNotification.Hint}): the provider is
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
    Clock clock;

    @Inject
    FailureLog failures;

    /** When refunds were queried because of hints, on this node; those of the last few seconds. */
    private final Map<UUID, Instant> refundsQueried = new ConcurrentHashMap<>();

    /** What a hint came to. */
    enum Outcome {
        /** The provider answered, and its answer is applied. */
        QUERIED,
        /** It was queried a moment ago, or gave no answer: the sender should repeat the hint. */
        LATER,
        /** There is no such attempt in this account. */
        UNKNOWN
    }

    /** Queries the provider about this attempt; not inside a transaction. */
    Outcome of(PaymentProvider provider, Accounts.Opened account, ParsedNotification.Hint hint) {
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
        if (!queryAttempt.claim(attempt.get(), AT_MOST_EVERY)) return Outcome.LATER;
        try {
            if (queryAttempt.ofClaimed(attempt.get()).isEmpty()) {
                throw new IllegalStateException(
                        provider.name() + " sends notifications that only a query settles, and has no query");
            }
            return Outcome.QUERIED;
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(account.settings().id(), "a hint about " + number(hint) + " is not settled yet", unanswered);
            return Outcome.LATER;
        }
    }

    /** A refund that has ended is not queried. */
    private Outcome ofRefund(Accounts.Opened account, RefundKey key, ParsedNotification.Hint hint) {
        if (orders.byKey(key.order()).orElseThrow().mode() != account.mode()) return Outcome.UNKNOWN;
        if (refunds.byKey(key).orElseThrow().state().ended()) return Outcome.QUERIED;
        var now = clock.instant();
        refundsQueried.values().removeIf(at -> at.plus(AT_MOST_EVERY).isBefore(now));
        if (refundsQueried.putIfAbsent(key.id(), now) != null) return Outcome.LATER;
        try {
            refundPayment.query(key);
            return Outcome.QUERIED;
        } catch (ProviderFailure | Problem unanswered) {
            failures.log(account.settings().id(), "a hint about " + number(hint) + " is not settled yet", unanswered);
            return Outcome.LATER;
        }
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
