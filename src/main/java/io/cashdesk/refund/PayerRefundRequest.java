package io.cashdesk.refund;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.ParsedNotification;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/**
 * A refund that a payer has requested at the provider. The merchant accepts or refuses it before its deadline; then the
 * provider decides by itself. The decision is stored before it is sent, and repeated until the provider has it.
 */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
public class PayerRefundRequest {
    /** Until when it is to be decided where the provider does not say: as long as Douyin's documented time. */
    private static final Duration TO_DECIDE = Duration.ofDays(3);

    /**
     * For how long a decision is repeated in vain, or what the provider has decided is queried in vain, after the
     * decision was made or its deadline has passed.
     */
    private static final Duration REPEATED = Duration.ofHours(24);

    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private UUID orderId;
    private UUID attemptId;
    private UUID accountId;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private String provider;
    private String refundId;
    private long amount;
    private String currency;
    private String reason;
    private Instant deadline;
    private String evidence;
    private Instant createdAt;

    @Enumerated(EnumType.STRING)
    private PayerRefundState state;

    @Embedded
    private Lease lease;

    private Instant nextAt;
    private int tries;
    private Instant maybeSentAt;
    private String decidedBy;
    private String decidedWhy;
    private Instant decidedAt;
    private UUID refund;
    private String failure;
    private Instant finishedAt;

    protected PayerRefundRequest() {} // for JPA

    PayerRefundRequest(PayOrder order, Attempt attempt, ParsedNotification.RefundRequested request, Instant now) {
        this.id = Ids.next();
        this.merchantId = order.merchantId();
        this.orderId = order.id();
        this.attemptId = attempt.id();
        this.accountId = attempt.accountId();
        this.mode = order.mode();
        this.provider = attempt.provider();
        this.refundId = request.refundId();
        this.amount = request.amount().minor();
        this.currency = request.amount().currency();
        this.reason = request.reason();
        this.deadline = request.until() == null ? now.plus(TO_DECIDE) : request.until();
        this.evidence = request.evidence();
        this.createdAt = now;
        this.state = PayerRefundState.OPEN;
        this.nextAt = deadline;
    }

    /** Accepted by the merchant; its refund is stored in the same transaction. The provider is being called. */
    void accepting(Refund refund, String by, String why, Lease lease, Instant now) {
        become(PayerRefundState.ACCEPTING);
        this.refund = refund.id();
        decided(by, why, lease, now);
    }

    /** @param why what the payer reads */
    void refusing(String by, String why, Lease lease, Instant now) {
        become(PayerRefundState.REFUSING);
        decided(by, why, lease, now);
    }

    private void decided(String by, String why, Lease lease, Instant now) {
        decidedBy = by;
        decidedWhy = why;
        decidedAt = now;
        failure = null;
        tries = 0;
        claimed(lease);
    }

    /**
     * The same decision is sent again. An earlier lease that was not released is that of a call that may have been
     * sent.
     */
    void claimed(Lease lease) {
        if (this.lease != null) maybeSent(this.lease.until());
        this.lease = lease;
        this.nextAt = lease.until();
    }

    void maybeSent(Instant at) {
        if (maybeSentAt == null) maybeSentAt = at;
    }

    /** The decision is sent again later, or the provider is queried again about what it has decided by itself. */
    void again(String why, Instant now) {
        failure = why;
        lease = null;
        nextAt = now.plusSeconds(Math.min(3_600, 10L << Math.min(tries++, 9)));
    }

    /** The provider has the decision. */
    void sent(Instant now) {
        end(state == PayerRefundState.ACCEPTING ? PayerRefundState.ACCEPTED : PayerRefundState.REFUSED, now);
    }

    /**
     * The provider does not take the decision, and has none: another one may be made. The refund of it is closed, and
     * is not that of the request any more: what the provider refunds later is another refund.
     */
    void reopened(String why) {
        become(PayerRefundState.OPEN);
        failure = why;
        refund = null;
        decidedBy = null;
        decidedWhy = null;
        decidedAt = null;
        lease = null;
        nextAt = deadline;
    }

    /** The provider has decided, or decides, by itself. */
    void expired(Instant now) {
        end(PayerRefundState.EXPIRED, now);
    }

    /** The refund that the provider has made of it by itself. */
    void became(Refund made) {
        refund = made.id();
    }

    private void end(PayerRefundState target, Instant now) {
        become(target);
        finishedAt = now;
        lease = null;
        nextAt = null;
    }

    private void become(PayerRefundState target) {
        if (!state.next().contains(target)) {
            throw new IllegalStateException(
                    "refund request " + refundId + " is " + state + " and cannot become " + target);
        }
        state = target;
    }

    /** Whether the provider decides by itself now. */
    boolean over(Instant now) {
        return !now.isBefore(deadline);
    }

    /** Whether the decision was repeated, or the provider queried, in vain for so long that a person must look. */
    boolean lost(Instant now) {
        var from = decidedAt != null && deadline.isBefore(decidedAt) ? decidedAt : deadline;
        return !now.isBefore(from.plus(REPEATED));
    }

    boolean claimedBy(UUID claim) {
        return Lease.held(lease, claim);
    }

    boolean beingCalled(Instant now) {
        return Lease.runs(lease, now);
    }

    boolean wasMaybeSent() {
        return maybeSentAt != null;
    }

    public PayerRefundKey key() {
        return new PayerRefundKey(new OrderKey(merchantId, orderId), id);
    }

    public UUID id() {
        return id;
    }

    public UUID orderId() {
        return orderId;
    }

    AttemptKey attempt() {
        return new AttemptKey(new OrderKey(merchantId, orderId), attemptId);
    }

    UUID accountId() {
        return accountId;
    }

    public Mode mode() {
        return mode;
    }

    public String provider() {
        return provider;
    }

    /** The provider's number for it. */
    public String refundId() {
        return refundId;
    }

    /** What the payer wants back. */
    public Money amount() {
        return new Money(amount, currency);
    }

    /** In the payer's or the provider's words; may be empty. */
    public String reason() {
        return reason;
    }

    /** From then on the provider decides by itself. */
    public Instant deadline() {
        return deadline;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public PayerRefundState state() {
        return state;
    }

    /** When the job does something about it. */
    Optional<Instant> nextAt() {
        return Optional.ofNullable(nextAt);
    }

    public Optional<String> decidedBy() {
        return Optional.ofNullable(decidedBy);
    }

    /** Why it was decided so; the payer reads it if it was refused. */
    public Optional<String> decidedWhy() {
        return Optional.ofNullable(decidedWhy);
    }

    public Optional<Instant> decidedAt() {
        return Optional.ofNullable(decidedAt);
    }

    /** The refund that it became. */
    public Optional<RefundKey> refund() {
        return Optional.ofNullable(refund).map(id -> new RefundKey(new OrderKey(merchantId, orderId), id));
    }

    /** Why the provider does not have the decision yet. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }
}
