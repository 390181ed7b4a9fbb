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
 * Providers' messages: verified before they are believed, stored and applied in one transaction, and thanked for in the
 * provider's own words. A repetition is thanked and changes nothing. If applying fails, the message is stored alone (unless it
 * is the database that fails) and answered as failed, so that the provider repeats it.
 */
@ApplicationScoped
public class Inbox {
    private static final Logger LOG = Logger.getLogger(Inbox.class);

    /** Providers wait five seconds for their answer; a message that waits longer for a lock is repeated instead. */
    private static final int LOCK_MILLIS = 3_500;

    /** Forged messages written down in one minute on one node; a flood leaves no more rows than that. */
    private static final int FORGED_PER_MINUTE = 60;

    private static final String NOT_YOURS = "the signature or the content is not what the provider would send";

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

    /** Takes a message for this account and says what to answer. */
    public Acknowledgement take(PaymentProvider provider, Accounts.Opened account, RawNotification raw) {
        ParsedNotification news;
        try {
            news = provider.read(account.settings(), raw);
        } catch (ProviderFailure forged) {
            recordForged(provider, account.settings().id(), raw, forged.getMessage());
            return provider.refusal(raw, false, NOT_YOURS);
        }
        if (news.content() instanceof ParsedNotification.Hint hint) return settle(provider, account, raw, hint);
        try {
            transactions.runInNew(() -> apply(provider, account, raw, news));
            return provider.acknowledgement(raw);
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "A notification of %s for %s could not be applied", provider.name(), account.settings());
            if (DatabaseFault.of(failed).filter(DatabaseFault::temporary).isEmpty())
                keepAlone(provider, account, raw, news, failed);
            return provider.refusal(raw, true, "could not be applied, please repeat");
        }
    }

    private Acknowledgement settle(
            PaymentProvider provider, Accounts.Opened account, RawNotification raw, ParsedNotification.Hint hint) {
        return switch (settleHint.of(provider, account, hint.attemptNo())) {
            case QUERIED -> provider.acknowledgement(raw);
            case LATER -> provider.refusal(raw, true, "not settled yet, please repeat");
            case UNKNOWN -> {
                recordForged(provider, account.settings().id(), raw, "there is no attempt " + hint.attemptNo());
                yield provider.refusal(raw, false, NOT_YOURS);
            }
        };
    }

    private static Set<String> evidence(PaymentProvider provider) {
        return provider.presentation().evidenceHeaders();
    }

    private void apply(
            PaymentProvider provider, Accounts.Opened account, RawNotification raw, ParsedNotification news) {
        transactions.lockTimeout(LOCK_MILLIS);
        var identity = provider.identity(account.settings());
        var number = news.report()
                .map(ProviderReport::attemptNo)
                .or(() -> news.refund().map(ParsedNotification.Refund::attemptNo));
        var about = number.map(no -> attempts.byNumber(provider.name().value(), identity.merchantNo(), no)
                .orElseThrow(() -> new IllegalStateException("nobody here knows the number " + no)));
        about.ifPresent(found -> checkOwner(orders.locked(found.orderId()), account));
        if (known(account.settings().id(), news.repeatKey())) return;
        var kept = new Notification(
                        account.settings().id(),
                        raw,
                        evidence(provider),
                        Notification.Verdict.AUTHENTIC,
                        clock.instant())
                .about(about.map(AttemptKey::orderId).orElse(null), news.repeatKey(), news.kind());
        entities.persist(kept);
        news.report()
                .ifPresent(report -> applyReport.apply(about.orElseThrow(), report, ApplyReport.Source.NOTIFICATION));
        news.refund().ifPresent(refund -> applyRefund(provider, identity, about.orElseThrow(), refund.report()));
    }

    /** An account speaks for its own merchant alone, even if somebody else's has the same number at the provider. */
    private static void checkOwner(PayOrder order, Accounts.Opened account) {
        if (order.merchantId().equals(account.merchantId()) && order.mode() == account.mode()) return;
        throw new IllegalStateException("account " + account.settings().id() + " speaks of somebody else's order");
    }

    private void applyRefund(PaymentProvider provider, Identity identity, AttemptKey about, RefundReport report) {
        var ours = refunds.idByProvidersNumber(provider.name().value(), identity.merchantNo(), report.refundNo());
        if (ours.isPresent()) applyRefundReport.apply(ours.get(), report);
        else applyRefundReport.applyUnknown(about.orderId(), report);
    }

    /** Asked under the order's lock; for messages about no order the unique index has the last word. */
    private boolean known(UUID account, String repeatKey) {
        return !entities.createQuery(
                        "select n.id from Notification n where n.accountId = :account and n.repeatKey = :key"
                                + " and n.verdict = :authentic",
                        UUID.class)
                .setParameter("account", account)
                .setParameter("key", repeatKey)
                .setParameter("authentic", Notification.Verdict.AUTHENTIC)
                .getResultList()
                .isEmpty();
    }

    private void keepAlone(
            PaymentProvider provider,
            Accounts.Opened account,
            RawNotification raw,
            ParsedNotification news,
            RuntimeException why) {
        try {
            transactions.runInNew(() -> entities.persist(new Notification(
                            account.settings().id(),
                            raw,
                            evidence(provider),
                            Notification.Verdict.NOT_APPLIED,
                            clock.instant())
                    .about(null, news.repeatKey(), news.kind())
                    .because(why.toString())));
        } catch (RuntimeException e) {
            LOG.error("It could not be kept either; the provider repeats it", e);
        }
    }

    private void recordForged(PaymentProvider provider, UUID account, RawNotification raw, String why) {
        LOG.infof("A notification for account %s was refused: %s", account, why);
        var minute = clock.instant().getEpochSecond() / 60;
        if (forgedMinute.getAndSet(minute) != minute) forgedCount.set(0);
        if (forgedCount.incrementAndGet() > FORGED_PER_MINUTE) return;
        try {
            transactions.runInNew(() -> entities.persist(
                    new Notification(account, raw, evidence(provider), Notification.Verdict.FORGED, clock.instant())
                            .because(why)));
        } catch (RuntimeException e) { // the refusal stands all the same
            LOG.warn("A forged notification could not be written down", e);
        }
    }
}
