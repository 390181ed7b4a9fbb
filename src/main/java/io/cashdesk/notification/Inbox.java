package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.DatabaseFault;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.refund.ApplyRefundReport;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Receives notifications: verified first, then stored and applied in one transaction, then acknowledged as the provider
 * expects. A repetition is acknowledged and changes nothing. If applying fails, the message is stored alone (unless it
 * is the database that fails) and answered as failed, so that the provider repeats it.
 */
@ApplicationScoped
public class Inbox {
    private static final Logger LOG = Logger.getLogger(Inbox.class);

    /** Providers wait five seconds for the answer; if a lock takes longer, the provider repeats the message. */
    private static final int LOCK_MILLIS = 3_500;

    /** Forged messages stored per minute and node; a flood leaves no more rows than that. */
    private static final int FORGED_PER_MINUTE = 60;

    private static final String NOT_AUTHENTIC = "the signature or the content is not what the provider would send";

    @PersistenceContext
    EntityManager entities;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    ApplyReport applyReport;

    @Inject
    Refunds refunds;

    @Inject
    ApplyRefundReport applyRefundReport;

    @Inject
    SettleHint settleHint;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    private final AtomicLong forgedMinute = new AtomicLong();
    private final AtomicLong forgedCount = new AtomicLong();

    /** Receives a message for this account; returns the answer to it. */
    public Acknowledgement take(PaymentProvider provider, Accounts.Opened account, RawNotification raw) {
        ParsedNotification parsed;
        try {
            parsed = provider.read(account.settings(), raw);
        } catch (ProviderFailure forged) {
            storeForged(provider, account.settings().id(), raw, forged.getMessage());
            return provider.refusal(raw, false, NOT_AUTHENTIC);
        }
        if (parsed.content() instanceof ParsedNotification.Hint hint) return settle(provider, account, raw, hint);
        try {
            transactions.runInNew(() -> apply(provider, account, raw, parsed));
            return provider.acknowledgement(raw);
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "A notification of %s for %s could not be applied", provider.name(), account.settings());
            if (DatabaseFault.of(failed).filter(DatabaseFault::temporary).isEmpty())
                storeAlone(provider, account, raw, parsed, failed);
            return provider.refusal(raw, true, "could not be applied, please repeat");
        }
    }

    private Acknowledgement settle(
            PaymentProvider provider, Accounts.Opened account, RawNotification raw, ParsedNotification.Hint hint) {
        return switch (settleHint.of(provider, account, hint.attemptNo())) {
            case QUERIED -> provider.acknowledgement(raw);
            case LATER -> provider.refusal(raw, true, "not settled yet, please repeat");
            case UNKNOWN -> {
                storeForged(provider, account.settings().id(), raw, "there is no attempt " + hint.attemptNo());
                yield provider.refusal(raw, false, NOT_AUTHENTIC);
            }
        };
    }

    private static Set<String> evidence(PaymentProvider provider) {
        return provider.presentation().evidenceHeaders();
    }

    private void apply(
            PaymentProvider provider, Accounts.Opened account, RawNotification raw, ParsedNotification parsed) {
        transactions.lockTimeout(LOCK_MILLIS);
        var identity = provider.identity(account.settings());
        var number = parsed.report()
                .map(ProviderReport::attemptNo)
                .or(() -> parsed.refund().map(ParsedNotification.Refund::attemptNo));
        var key = number.map(no -> attempts.byNumber(provider.name().value(), identity.merchantNo(), no)
                .orElseThrow(() -> new IllegalStateException("there is no attempt with the number " + no)));
        key.ifPresent(k -> checkOwner(orders.locked(k.orderId()), account));
        if (known(account.settings().id(), parsed.repeatKey())) return;
        var stored = new Notification(
                        account.settings().id(),
                        raw,
                        evidence(provider),
                        Notification.Verdict.AUTHENTIC,
                        clock.instant())
                .about(key.map(AttemptKey::orderId).orElse(null), parsed.repeatKey(), parsed.kind());
        entities.persist(stored);
        parsed.report()
                .ifPresent(report -> applyReport.apply(key.orElseThrow(), report, ApplyReport.Source.NOTIFICATION));
        parsed.refund().ifPresent(refund -> applyRefund(provider, identity, key.orElseThrow(), refund.report()));
    }

    /**
     * An account reports orders of its own merchant only, even if another merchant's account has the same number at the
     * provider.
     */
    private static void checkOwner(PayOrder order, Accounts.Opened account) {
        if (order.merchantId().equals(account.merchantId()) && order.mode() == account.mode()) return;
        throw new IllegalStateException("account " + account.settings().id() + " reports an order of another merchant");
    }

    private void applyRefund(PaymentProvider provider, Identity identity, AttemptKey key, RefundReport report) {
        var ours = refunds.idByProvidersNumber(provider.name().value(), identity.merchantNo(), report.refundNo());
        if (ours.isPresent()) applyRefundReport.apply(ours.get(), report);
        else applyRefundReport.applyUnknown(key.orderId(), report);
    }

    /** Read under the order's lock; of two simultaneous messages about no order the unique index refuses one. */
    private boolean known(UUID account, String repeatKey) {
        return !entities.createQuery("""
                select n.id
                from Notification n
                where n.accountId = :account and n.repeatKey = :key and n.verdict = :authentic
                """, UUID.class)
                .setParameter("account", account)
                .setParameter("key", repeatKey)
                .setParameter("authentic", Notification.Verdict.AUTHENTIC)
                .getResultList()
                .isEmpty();
    }

    private void storeAlone(
            PaymentProvider provider,
            Accounts.Opened account,
            RawNotification raw,
            ParsedNotification parsed,
            RuntimeException why) {
        try {
            transactions.runInNew(() -> entities.persist(new Notification(
                            account.settings().id(),
                            raw,
                            evidence(provider),
                            Notification.Verdict.NOT_APPLIED,
                            clock.instant())
                    .about(null, parsed.repeatKey(), parsed.kind())
                    .because(why.toString())));
        } catch (RuntimeException e) {
            LOG.error("It could not be stored either; the provider repeats it", e);
        }
    }

    private void storeForged(PaymentProvider provider, UUID account, RawNotification raw, String why) {
        LOG.infof("A notification for account %s was refused: %s", account, why);
        var minute = clock.instant().getEpochSecond() / 60;
        if (forgedMinute.getAndSet(minute) != minute) forgedCount.set(0);
        if (forgedCount.incrementAndGet() > FORGED_PER_MINUTE) return;
        try {
            transactions.runInNew(() -> entities.persist(
                    new Notification(account, raw, evidence(provider), Notification.Verdict.FORGED, clock.instant())
                            .because(why)));
        } catch (RuntimeException e) { // it is refused anyway
            LOG.warn("A forged notification could not be stored", e);
        }
    }
}
