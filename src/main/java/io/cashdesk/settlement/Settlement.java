package io.cashdesk.settlement;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/**
 * The settlement of one payment, at a provider that keeps it until then. It is stored in the transaction in which the
 * payment is, and requested once it is due, or a person wants it; not while it is undecided what the payment is for.
 */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
public class Settlement {
    /** For how long it is tried in vain before a person is required. */
    private static final Duration PERSON_AFTER = Duration.ofHours(24);

    /** For how long a provider may need for what it has accepted, before a person is required. */
    private static final Duration DONE_WITHIN = Duration.ofDays(7);

    /** How long after it was sent a provider may need to show it. */
    private static final Duration FOUND_WITHIN = Duration.ofMinutes(10);

    /** How long after a failure it is tried again without a person, and for how long since it was due. */
    private static final Duration AFTER_FAILURE = Duration.ofDays(1);

    private static final Duration TRIED_FOR = Duration.ofDays(30);

    /** When to look again for a refund that was under way. */
    private static final Duration WHILE_REFUNDING = Duration.ofMinutes(5);

    /** Who caused it. */
    public enum By {
        /** The account's settleAfterDays. */
        SCHEDULE,
        /** A person, or a management token. */
        PERSON,
        /** The provider by itself, or a person in its console. */
        PROVIDER;

        /** As the management API calls it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private UUID orderId;
    private UUID receiptId;
    private UUID attemptId;
    private UUID accountId;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private String provider;
    private String merchantNo;
    private String settlementNo;
    private long amount;
    private String currency;
    private Instant paidAt;
    private Instant dueAt;
    private Instant createdAt;

    @Enumerated(EnumType.STRING)
    private SettlementState state;

    @Embedded
    private Lease lease;

    private Instant nextAt;
    private int tries;
    private String askedBy;
    private Instant triedSince;
    private Instant maybeSentAt;
    private boolean personRequired;

    @Enumerated(EnumType.STRING)
    private By settledBy;

    private String settlementId;
    private Long settledAmount;

    /** Each as " number=amount". */
    private String parts = "";

    private String failure;
    private String evidence;
    private Instant finishedAt;

    protected Settlement() {} // for JPA

    /** @param dueAt when it is settled without a person, or null */
    Settlement(PayOrder order, Receipt receipt, Instant dueAt, Instant now) {
        this.id = Ids.next();
        this.merchantId = order.merchantId();
        this.orderId = order.id();
        this.receiptId = receipt.id();
        this.attemptId = receipt.attempt().id();
        this.accountId = receipt.accountId();
        this.mode = order.mode();
        this.provider = receipt.provider();
        this.merchantNo = receipt.merchantNo();
        this.settlementNo = newNumber();
        this.amount = receipt.amount().minor();
        this.currency = receipt.amount().currency();
        this.paidAt = receipt.paidAt();
        this.createdAt = now;
        this.state = SettlementState.WAITING;
        due(dueAt);
    }

    private static String newNumber() {
        return Ids.next().toString().replace("-", "");
    }

    /** A person has not requested it: it is settled at this moment; null: only a person does it. */
    void due(Instant at) {
        dueAt = at;
        nextAt = at;
    }

    /** Money of its payment has gone back to the payer. */
    void left(Money left, Instant now) {
        if (!state.unsent()) return; // what was requested stays, until the provider has said what became of it
        amount = rest(left).minor();
        if (amount == 0) notNeeded(now);
    }

    /** Of what is left after refunds, what was not paid out in parts. */
    Money rest(Money left) {
        var paidOut = Arrays.stream(parts.split(" "))
                .filter(part -> !part.isEmpty())
                .mapToLong(part -> Long.parseLong(part.substring(part.lastIndexOf('=') + 1)))
                .sum();
        return new Money(Math.max(0, left.minor() - paidOut), left.currency());
    }

    /** Whether this part was reported before. */
    boolean hasPart(String number) {
        return parts.contains(" " + number + "=");
    }

    /**
     * A part of it was paid out by another request than ours, or less than what was requested.
     *
     * @param number of the part at the provider, without blanks
     * @param left of the payment after refunds
     */
    void partPaidOut(String number, Money part, Money left) {
        parts += " " + number + "=" + part.minor();
        if (state.unsent()) amount = rest(left).minor();
    }

    /** The request is over and has brought less than was requested: the rest needs another one. */
    void restStays(Money left, String why, Instant now) {
        failed(why, true, now);
        amount = rest(left).minor();
    }

    /** What its payment is for is still to be decided, so that it is not due. */
    void undecided(String why) {
        due(null);
        failure = why;
    }

    /** It is decided that the money is the merchant's: it is settled at this moment; null: only a person does it. */
    void decided(Instant dueAt) {
        due(dueAt);
        failure = null;
    }

    /** Nothing of the payment is left. */
    void notNeeded(Instant now) {
        become(SettlementState.NOT_NEEDED);
        amount = 0;
        finishedAt = now;
        failure = null;
        release(null);
    }

    /** A person wants it now, also if no day is configured. */
    void asked(String by) {
        askedBy = by;
    }

    /** It is due, and waits for the end of a refund. */
    void waitsForRefund(Instant now) {
        failure = "a refund of the payment is under way";
        if (state != SettlementState.NOT_NEEDED) release(now.plus(WHILE_REFUNDING));
    }

    /** It has failed: it is tried again at this moment, because a person wants it, or its account was put right. */
    void dueAgain(Instant at) {
        nextAt = at;
    }

    /**
     * The provider is being called: only this lease's holder may store a refusal. If its node dies, the job goes on at
     * its end. An earlier lease that was not released is that of such a call, which may have been sent.
     *
     * @param left what is left of the payment; that is requested, if nothing was before
     */
    void requested(Lease lease, Money left, Instant now) {
        var again = state == SettlementState.FAILED;
        if (state.unsent()) amount = rest(left).minor();
        become(SettlementState.REQUESTING);
        if (again) {
            tries = 0;
            personRequired = false;
            triedSince = null;
            finishedAt = null;
        }
        if (this.lease != null) maybeSent(this.lease.until());
        if (triedSince == null) triedSince = now;
        this.lease = lease;
        this.nextAt = lease.until();
    }

    /**
     * The provider does not have it, although it may have been sent; it is sent again. Its amount follows from the
     * refunds since, once so much time is over that the first request cannot be found any more.
     *
     * @return false if it must not be sent now, because the amount has changed and the first request may still be found
     */
    boolean sentAgain(Money left, Instant now) {
        if (rest(left).minor() == amount) return true;
        if (!missing(now)) return false;
        amount = rest(left).minor();
        return true;
    }

    /**
     * It is being requested for the first time, and parts were found that were paid out before.
     *
     * @return whether something is left, which is requested
     */
    boolean restRequested(Money left) {
        amount = rest(left).minor();
        return amount > 0;
    }

    void maybeSent(Instant at) {
        if (maybeSentAt == null) maybeSentAt = at;
    }

    /** Whether what may have been sent would be shown by now. */
    boolean missing(Instant now) {
        return maybeSentAt != null && !now.isBefore(maybeSentAt.plus(FOUND_WITHIN));
    }

    /** Certainly nothing of it has arrived at the provider; it is sent later. */
    void notSent(String why, Instant now) {
        become(maybeSentAt == null ? SettlementState.WAITING : SettlementState.UNKNOWN);
        failure = why;
        release(next(now));
    }

    void unknown(String why, Instant now) {
        become(SettlementState.UNKNOWN);
        failure = why;
        release(next(now));
    }

    void processing(String settlementId, String evidence, Instant now) {
        become(SettlementState.PROCESSING);
        reported(settlementId, evidence);
        failure = null;
        release(next(now));
    }

    /**
     * It will not happen by this request; a person may try again. Where it is settled by schedule it is tried every day
     * as well, because what prevents it may pass: it was too early, or a secret had expired.
     *
     * @param numberSpent whether the provider knows its number, so that another try needs another one
     */
    void failed(String why, boolean numberSpent, Instant now) {
        become(SettlementState.FAILED);
        if (numberSpent) settlementNo = newNumber();
        failure = why;
        maybeSentAt = null;
        askedBy = null;
        finishedAt = now;
        var again = now.plus(AFTER_FAILURE);
        release(dueAt != null && again.isBefore(dueAt.plus(TRIED_FOR)) ? again : null);
    }

    /** @param paidOut what the provider says that was paid out, or null */
    void settled(By by, String settlementId, Money paidOut, Instant at, String evidence) {
        become(SettlementState.SETTLED);
        reported(settlementId, evidence);
        settledBy = by;
        settledAmount = paidOut == null ? null : Long.valueOf(paidOut.minor());
        finishedAt = at;
        failure = null;
        release(null);
    }

    /** The provider is being queried about it now. */
    void queried(Instant now) {
        release(next(now));
    }

    private void reported(String settlementId, String evidence) {
        if (!settlementId.isEmpty()) this.settlementId = settlementId;
        this.evidence = evidence;
    }

    private void release(Instant nextAt) {
        this.lease = null;
        this.nextAt = nextAt;
    }

    /** 10 s at first, doubling up to an hour. */
    private Instant next(Instant now) {
        return now.plusSeconds(Math.min(3_600, 10L << Math.min(tries++, 9)));
    }

    private void become(SettlementState target) {
        if (!state.next().contains(target)) {
            throw new IllegalStateException(
                    "settlement " + settlementNo + " is " + state + " and cannot become " + target);
        }
        state = target;
    }

    /** Whether it is tried, or the provider works on it, for so long that a person must look; true once. */
    boolean requiresPerson(Instant now) {
        var limit = state == SettlementState.PROCESSING ? DONE_WITHIN : PERSON_AFTER;
        if (personRequired || triedSince == null || now.isBefore(triedSince.plus(limit))) return false;
        personRequired = true;
        return true;
    }

    boolean claimedBy(UUID claim) {
        return Lease.held(lease, claim);
    }

    /** Whether a call about it runs, under a lease that has not ended. */
    boolean beingCalled(Instant now) {
        return Lease.runs(lease, now);
    }

    boolean wasMaybeSent() {
        return maybeSentAt != null;
    }

    /** Who causes it, if it succeeds by a request of ours. */
    By cause() {
        return askedBy == null ? By.SCHEDULE : By.PERSON;
    }

    public SettlementKey key() {
        return new SettlementKey(new OrderKey(merchantId, orderId), id);
    }

    public UUID id() {
        return id;
    }

    /** The order of its payment. */
    public UUID orderId() {
        return orderId;
    }

    AttemptKey attempt() {
        return new AttemptKey(new OrderKey(merchantId, orderId), attemptId);
    }

    UUID receiptId() {
        return receiptId;
    }

    UUID accountId() {
        return accountId;
    }

    public String provider() {
        return provider;
    }

    /** The number that it carries at the provider. */
    public String settlementNo() {
        return settlementNo;
    }

    /** What is left of the payment, or what was requested. */
    public Money amount() {
        return new Money(amount, currency);
    }

    public Instant paidAt() {
        return paidAt;
    }

    /** From when on it is settled without a person. */
    public Optional<Instant> dueAt() {
        return Optional.ofNullable(dueAt);
    }

    public SettlementState state() {
        return state;
    }

    /** When the job does something about it. */
    Optional<Instant> nextAt() {
        return Optional.ofNullable(nextAt);
    }

    /** The person who has requested it. */
    public Optional<String> askedBy() {
        return Optional.ofNullable(askedBy);
    }

    public Optional<By> settledBy() {
        return Optional.ofNullable(settledBy);
    }

    /** What the provider says that was paid out, in minor units. */
    public Optional<Long> settledAmount() {
        return Optional.ofNullable(settledAmount);
    }

    /** Why it was not settled yet, in English or in the provider's words. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** When it was settled, has failed, or was not needed any more. */
    public Optional<Instant> finishedAt() {
        return Optional.ofNullable(finishedAt);
    }
}
