package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.DatabaseFault;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.ComparesEvents;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.refund.ApplyRefundReport;
import io.cashdesk.refund.PayerRefunds;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.util.Set;
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
    FindAttempt findAttempt;

    @Inject
    ApplyReport applyReport;

    @Inject
    ApplyPurchase applyPurchase;

    @Inject
    Refunds refunds;

    @Inject
    ApplyRefundReport applyRefundReport;

    @Inject
    PayerRefunds payerRefunds;

    @Inject
    Event<SettlementReported> settlements;

    @Inject
    SettleHint settleHint;

    @Inject
    CompareEvent compareEvent;

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
            if (forged.kind() == ProviderFailure.Kind.DECLINED) { // our side's settings: it may well be authentic
                LOG.warnf(
                        "A notification of %s for %s cannot be read: %s",
                        provider.name(), account.settings(), forged.getMessage());
                return provider.refusal(account.settings(), raw, true, "cannot be read at present, please repeat");
            }
            storeForged(provider, account, raw, forged.getMessage());
            return provider.refusal(account.settings(), raw, false, NOT_AUTHENTIC);
        }
        if (parsed.content() instanceof ParsedNotification.Greeting greeting) return greeting.answer();
        if (parsed.content() instanceof ParsedNotification.Hint hint)
            return settle(provider, account, raw, parsed, hint);
        try {
            transactions.runInNew(() -> apply(provider, account, raw, parsed));
            return provider.acknowledgement(account.settings(), raw);
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "A notification of %s for %s could not be applied", provider.name(), account.settings());
            if (DatabaseFault.of(failed).filter(DatabaseFault::temporary).isEmpty())
                storeAlone(provider, account, raw, parsed, failed);
            return provider.refusal(account.settings(), raw, true, "could not be applied, please repeat");
        }
    }

    private Acknowledgement settle(
            PaymentProvider provider,
            Accounts.Opened account,
            RawNotification raw,
            ParsedNotification parsed,
            ParsedNotification.Hint hint) {
        var authentic = !parsed.repeatKey().isEmpty();
        if (authentic && wasApplied(account, parsed.repeatKey()))
            return provider.acknowledgement(account.settings(), raw);
        if (differs(provider, account, raw, hint)) {
            return provider.refusal(
                    account.settings(), raw, true, "it differs from what was requested, and an operator must decide");
        }
        var source = authentic
                ? ApplyReport.Source.notification(provider.original(account.settings(), raw))
                : ApplyReport.Source.QUERY;
        return switch (settleHint.of(provider, account, hint, source)) {
            case SETTLED ->
                authentic
                        ? keep(provider, account, raw, parsed, hint, source)
                        : provider.acknowledgement(account.settings(), raw);
            case LATER -> provider.refusal(account.settings(), raw, true, "not settled yet, please repeat");
            case UNKNOWN -> {
                if (provider instanceof ComparesEvents events && events.isOfOtherEnvironment(account.settings(), raw)) {
                    yield authentic
                            ? keep(provider, account, raw, parsed, hint, source)
                            : provider.acknowledgement(account.settings(), raw);
                }
                var why = "there is no attempt " + SettleHint.number(hint);
                if (authentic) storeAlone(provider, account, raw, parsed, new IllegalStateException(why));
                else storeForged(provider, account, raw, why);
                yield provider.refusal(account.settings(), raw, authentic, authentic ? why : NOT_AUTHENTIC);
            }
        };
    }

    private boolean differs(
            PaymentProvider provider, Accounts.Opened account, RawNotification raw, ParsedNotification.Hint hint) {
        if (!(provider instanceof ComparesEvents events)) return false;
        var merchantNo = provider.identity(account.settings()).merchantNo();
        return settleHint
                .find(provider.name().value(), merchantNo, account.merchantId(), hint)
                .filter(key -> compareEvent.differs(events, account, raw, key))
                .isPresent();
    }

    /** Stores an authentic message whose news a query has brought; a repetition is not stored again. */
    private Acknowledgement keep(
            PaymentProvider provider,
            Accounts.Opened account,
            RawNotification raw,
            ParsedNotification parsed,
            ParsedNotification.Hint hint,
            ApplyReport.Source source) {
        try {
            transactions.runInNew(() -> {
                transactions.lockTimeout(LOCK_MILLIS);
                var merchantNo = provider.identity(account.settings()).merchantNo();
                var attempt = settleHint.find(provider.name().value(), merchantNo, account.merchantId(), hint);
                // a query of another caller may have brought the payment without this message
                if (hint.ended() && hint.refundNo().isEmpty()) attempt.ifPresent(k -> applyReport.notified(k, source));
                var order = attempt.map(key -> key.order().id()).orElse(null);
                var stored = new Notification(
                                account, raw, evidence(provider), Notification.Verdict.AUTHENTIC, clock.instant())
                        .about(order, parsed.repeatKey(), parsed.kind());
                if (claim(account, parsed.repeatKey(), stored)) entities.persist(stored);
            });
            return provider.acknowledgement(account.settings(), raw);
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "A notification of %s for %s could not be stored", provider.name(), account.settings());
            return provider.refusal(account.settings(), raw, true, "could not be stored, please repeat");
        }
    }

    private static Set<String> evidence(PaymentProvider provider) {
        return provider.presentation().evidenceHeaders();
    }

    private void apply(
            PaymentProvider provider, Accounts.Opened account, RawNotification raw, ParsedNotification parsed) {
        transactions.lockTimeout(LOCK_MILLIS);
        if (parsed.content() instanceof ParsedNotification.OfPurchase content) {
            applyOfPurchase(provider, account, raw, parsed, content);
            return;
        }
        var identity = provider.identity(account.settings());
        var there = new FindAttempt.Place(account.merchantId(), provider.name().value(), identity.merchantNo());
        var key = findAttempt.of(there, parsed.content());
        key.ifPresent(k -> checkMode(orders.locked(k.order()), account));
        var stored = new Notification(account, raw, evidence(provider), Notification.Verdict.AUTHENTIC, clock.instant())
                .about(key.map(k -> k.order().id()).orElse(null), parsed.repeatKey(), parsed.kind());
        if (!claim(account, parsed.repeatKey(), stored)) return;
        entities.persist(stored);
        parsed.report()
                .ifPresent(report -> applyReport.apply(
                        key.orElseThrow(),
                        report,
                        ApplyReport.Source.notification(provider.original(account.settings(), raw))));
        parsed.refund().ifPresent(refund -> applyRefund(provider, identity, key.orElseThrow(), refund.report()));
        if (parsed.content() instanceof ParsedNotification.RefundRequested wish) {
            payerRefunds.requested(key.orElseThrow(), wish);
        }
        if (parsed.content() instanceof ParsedNotification.Settlement settlement) {
            key.ifPresent(k -> settlements.fire(new SettlementReported(k, settlement.report())));
        }
    }

    /** One about a purchase that belongs to no order yet is kept: the payer's app posts it later. */
    private void applyOfPurchase(
            PaymentProvider provider,
            Accounts.Opened account,
            RawNotification raw,
            ParsedNotification parsed,
            ParsedNotification.OfPurchase content) {
        var stored =
                new Notification(account, raw, evidence(provider), Notification.Verdict.AUTHENTIC, clock.instant());
        if (!claim(account, parsed.repeatKey(), stored)) return;
        var seller = new ApplyPurchase.Seller(
                account.merchantId(),
                account.mode(),
                provider.name().value(),
                provider.identity(account.settings()).merchantNo());
        var source = ApplyReport.Source.notification(provider.original(account.settings(), raw));
        var order = applyPurchase.notified(seller, content, source);
        entities.persist(stored.about(order.orElse(null), parsed.repeatKey(), parsed.kind()));
    }

    /** A live account reports live orders only, and a test account test orders. */
    private static void checkMode(PayOrder order, Accounts.Opened account) {
        if (order.mode() == account.mode()) return;
        throw new IllegalStateException("account " + account.settings().id() + " reports an order of the other mode");
    }

    private void applyRefund(PaymentProvider provider, Identity identity, AttemptKey key, RefundReport report) {
        var ours = refunds.byProvidersNumber(
                key.order().merchantId(), provider.name().value(), identity.merchantNo(), report.refundNo());
        if (ours.isPresent()) applyRefundReport.apply(ours.get(), report);
        else applyRefundReport.applyUnknown(key, report);
    }

    /**
     * Stores that this message is applied. Of two simultaneous ones the second waits for the first to commit.
     *
     * @return false if the same message was applied before
     */
    private boolean claim(Accounts.Opened account, String repeatKey, Notification stored) {
        return entities.createNativeQuery("""
                insert into notification_applied (merchant_id, account_id, repeat_key, notification_id, applied_at)
                values (:merchant, :account, :key, :id, :now)
                on conflict on constraint notification_is_applied_once do nothing
                """)
                        .setParameter("merchant", account.merchantId())
                        .setParameter("account", account.settings().id())
                        .setParameter("key", repeatKey)
                        .setParameter("id", stored.id())
                        .setParameter("now", clock.instant())
                        .executeUpdate()
                == 1;
    }

    /** Whether the same message was applied before; one that is being applied now does not count. */
    private boolean wasApplied(Accounts.Opened account, String repeatKey) {
        return !entities.createNativeQuery("""
                select 1 from notification_applied
                where merchant_id = :merchant and account_id = :account and repeat_key = :key
                """)
                .setParameter("merchant", account.merchantId())
                .setParameter("account", account.settings().id())
                .setParameter("key", repeatKey)
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
                            account, raw, evidence(provider), Notification.Verdict.NOT_APPLIED, clock.instant())
                    .about(null, parsed.repeatKey(), parsed.kind())
                    .because(why.toString())));
        } catch (RuntimeException e) {
            LOG.error("It could not be stored either; the provider repeats it", e);
        }
    }

    private void storeForged(PaymentProvider provider, Accounts.Opened account, RawNotification raw, String why) {
        LOG.infof("A notification for %s was refused: %s", account.settings(), why);
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
