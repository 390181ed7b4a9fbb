package io.cashdesk.refund;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.json.JsonMerge;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.hibernate.annotations.PartitionKey;

/**
 * Money of one receipt that is returned to the payer. It is stored, and its money set aside on the receipt, before the
 * provider is called, and it keeps its number through every retry.
 */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
public class Refund {
    /** For how long a refund is tried in vain before a person is required. */
    private static final Duration PERSON_AFTER = Duration.ofHours(24);

    /** For how long a provider may need for a refund that it has accepted, before a person is required. */
    static final Duration SETTLES_WITHIN = Duration.ofDays(7);

    /** How long after it was sent a provider may need to show a refund. */
    private static final Duration FOUND_WITHIN = Duration.ofMinutes(10);

    @Id
    private UUID id;

    @Version
    private long version;

    private UUID orderId;
    private UUID receiptId;
    private UUID accountId;

    @PartitionKey
    private UUID merchantId;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private int n;
    private String outRefundNo;
    private boolean numberMade;
    private String provider;
    private String merchantNo;
    private String refundNo;
    private long amount;
    private String currency;
    private boolean returnsAll;
    private String reason;

    @Enumerated(EnumType.STRING)
    private RefundCause cause;

    private String callback;

    @Enumerated(EnumType.STRING)
    private RefundState state;

    @Embedded
    private Lease lease;

    private Instant nextQueryAt;

    private int queries;

    private Instant maybeSentAt;
    private Instant unknownSince;

    private String refundId;
    private Long cashAmount;
    private String failure;
    private String[] concerns = {};
    private String evidence;
    private String reports;
    private Instant createdAt;
    private Instant finishedAt;

    protected Refund() {} // for JPA

    /**
     * Which refund it is.
     *
     * @param n the ordinal among the order's refunds: 1, 2, …
     * @param outRefundNo the merchant's number, or one that was made here
     * @param made whether it was made here, because the merchant gave none
     * @param refundNo the number that it carries at the provider
     */
    record Numbered(int n, String outRefundNo, boolean made, String refundNo) {}

    /** Why a person is required because of a refund; one is required once for each. */
    enum Concern {
        /** It has been tried in vain for 24 hours. */
        STUCK,
        /** It may have been sent, must not be sent again, and the provider's answers do not show what came of it. */
        UNDECIDED,
        /** The provider accepted it, and has not ended it for {@link Refund#SETTLES_WITHIN}. */
        SLOW,
        /** The provider reports another amount. */
        OTHER_AMOUNT,
        /** The provider reports that it succeeded, but its money was refunded in another way since. */
        SPENT
    }

    /**
     * The payment that is refunded.
     *
     * @param accountId the account through which it came, and through which it is refunded
     */
    record Source(Receipt receipt, UUID accountId) {}

    /**
     * Why it is made.
     *
     * @param reason in the merchant's words
     * @param callback the name of the endpoint that receives the result in CloudPay's shape, or null
     */
    record Because(RefundCause cause, String reason, String callback) {}

    /** Before the provider is called: {@link #requested} follows in the same transaction. */
    Refund(PayOrder order, Source source, Numbered number, Money amount, Because because, Instant now) {
        this.id = Ids.next();
        this.orderId = order.id();
        this.receiptId = source.receipt().id();
        this.accountId = source.accountId();
        this.merchantId = order.merchantId();
        this.mode = order.mode();
        this.n = number.n();
        this.outRefundNo = number.outRefundNo();
        this.numberMade = number.made();
        this.refundNo = number.refundNo();
        this.provider = source.receipt().provider();
        this.merchantNo = source.receipt().merchantNo();
        this.amount = amount.minor();
        this.currency = amount.currency();
        this.reason = because.reason();
        this.cause = because.cause();
        this.callback = because.callback();
        this.state = RefundState.REQUESTING;
        this.createdAt = now;
    }

    /**
     * The provider is being called: only this lease's holder may store a refusal. If its node dies, the sweeper goes on
     * at its end. An earlier lease that was not released is that of such a call, which may have been sent.
     */
    void requested(Lease lease) {
        become(RefundState.REQUESTING);
        if (this.lease != null) maybeSent(this.lease.until());
        this.lease = lease;
        this.nextQueryAt = lease.until();
    }

    void unknown(String why, Instant now, Instant nextQueryAt) {
        become(RefundState.UNKNOWN);
        if (unknownSince == null) unknownSince = now;
        this.failure = why;
        release(nextQueryAt);
    }

    /** The provider does not have it; it is sent at this moment. */
    void waiting(String why, Instant nextQueryAt) {
        become(RefundState.WAITING);
        this.failure = why;
        release(nextQueryAt);
    }

    /**
     * It was sent, and the outcome is not known. From now on only the provider's report about it can end it, because a
     * refusal of a repetition does not say what became of the first call.
     */
    void maybeSent(Instant at) {
        if (maybeSentAt == null) maybeSentAt = at;
    }

    /** The provider reports another refund than was requested; it is queried again, but not sent. */
    void differs(String why, Instant now) {
        if (!state.sentAgain()) return;
        maybeSent(now);
        become(RefundState.REQUESTING); // waiting becomes unknown through it
        unknown(why, now, nextQuery(now));
    }

    /** @param cashAmount as the provider reports it, in fen, or null where it does not */
    void processing(String refundId, Long cashAmount, String evidence, Instant nextQueryAt) {
        become(RefundState.PROCESSING);
        reported(refundId, evidence);
        if (cashAmount != null) this.cashAmount = cashAmount;
        release(nextQueryAt);
    }

    /** Of a payer's request: the provider has not taken the decision, so that another refund may carry its number. */
    void numberFreed() {
        if (state != RefundState.CLOSED) throw new IllegalStateException("refund " + outRefundNo + " is " + state);
        refundNo = refundNo + "-" + n;
    }

    void abnormal(String refundId, String evidence, Instant nextQueryAt) {
        become(RefundState.ABNORMAL);
        reported(refundId, evidence);
        release(nextQueryAt);
    }

    void succeeded(String refundId, Long cashAmount, Instant at, String evidence) {
        become(RefundState.SUCCEEDED);
        reported(refundId, evidence);
        if (cashAmount != null) this.cashAmount = cashAmount; // a notification may leave out what an answer had
        this.finishedAt = at;
        this.failure = null;
        release(null);
    }

    /**
     * Adds to the reports what a further report has besides them; what is stored stays as it is. For one that
     * succeeded: nothing else of it can change.
     */
    void supplemented(String evidence) {
        var all = JsonMerge.merged(object(evidence), object(reports));
        if (!all.equals(object(reports))) this.reports = all.toString();
    }

    void closed(String refundId, String evidence, Instant at) {
        become(RefundState.CLOSED);
        reported(refundId, evidence);
        this.finishedAt = at;
        release(null);
    }

    /** The provider refused it, or an operator stopped it; it was never sent with an unknown outcome. */
    void failed(String why, Instant at) {
        if (maybeSentAt != null) {
            throw new IllegalStateException("refund " + outRefundNo + " may have been sent; only a report can end it");
        }
        become(RefundState.FAILED);
        this.failure = why;
        this.unknownSince = null;
        this.concerns = remaining(Concern.STUCK); // another try may be stuck again
        this.finishedAt = at;
        release(null);
    }

    /** The provider is being queried about it now. */
    void queried(Instant nextQueryAt) {
        this.queries++;
        this.nextQueryAt = nextQueryAt;
    }

    /**
     * Stores that a person is required because of this refund.
     *
     * @return false if that is stored already, so that nothing has changed
     */
    boolean requirePerson(Concern concern) {
        if (requires(concern)) return false;
        concerns = Stream.concat(Stream.of(concerns), Stream.of(concern.name())).toArray(String[]::new);
        return true;
    }

    /** Whether a person was required for this. */
    boolean requires(Concern concern) {
        return List.of(concerns).contains(concern.name());
    }

    /** Whether a person must say what became of it, because the provider does not. */
    public boolean needsDecision() {
        if (state == RefundState.PROCESSING) return requires(Concern.SLOW);
        return state == RefundState.UNKNOWN
                && wasMaybeSent()
                && (requires(Concern.STUCK) || requires(Concern.UNDECIDED));
    }

    /** Whether the provider accepted it so long ago that it will hardly end it any more. */
    boolean slow(Instant now) {
        return state == RefundState.PROCESSING && !now.isBefore(createdAt.plus(SETTLES_WITHIN));
    }

    /**
     * Whether it has been missing for so long at a provider to which it is not sent again that it will hardly be found.
     */
    boolean missing(Instant now) {
        return maybeSentAt != null && !now.isBefore(maybeSentAt.plus(FOUND_WITHIN));
    }

    private String[] remaining(Concern without) {
        return Stream.of(concerns).filter(c -> !c.equals(without.name())).toArray(String[]::new);
    }

    /**
     * Whether it is tried in vain for so long that a person is required: an automatic refund since it was stored, a
     * merchant's since its outcome is unknown, whatever has failed since.
     */
    boolean stuck(Instant now) {
        return since(cause.ofStrayPayment() ? createdAt : unknownSince, now) || since(maybeSentAt, now);
    }

    private static boolean since(Instant moment, Instant now) {
        return moment != null && !now.isBefore(moment.plus(PERSON_AFTER));
    }

    /**
     * Whether an operator can stop it: it waits to be sent, it was never sent with an unknown outcome, and no call
     * runs.
     */
    boolean canBeAbandoned() {
        return state == RefundState.WAITING && maybeSentAt == null;
    }

    private void reported(String refundId, String evidence) {
        if (!refundId.isEmpty()) this.refundId = refundId;
        this.evidence = evidence;
        this.reports = reports == null
                ? evidence
                : JsonMerge.merged(object(reports), object(evidence)).toString();
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private void release(Instant nextQueryAt) {
        this.lease = null;
        this.nextQueryAt = nextQueryAt;
    }

    private void become(RefundState target) {
        if (!state.next().contains(target)) {
            throw new IllegalStateException("refund " + outRefundNo + " is " + state + " and cannot become " + target);
        }
        state = target;
    }

    boolean claimedBy(UUID claim) {
        return Lease.held(lease, claim);
    }

    /** Whether a call about it runs, under a lease that has not ended. */
    public boolean beingCalled(Instant now) {
        return Lease.runs(lease, now);
    }

    public UUID id() {
        return id;
    }

    public OrderKey orderKey() {
        return new OrderKey(merchantId, orderId);
    }

    public RefundKey key() {
        return new RefundKey(orderKey(), id);
    }

    UUID merchantId() {
        return merchantId;
    }

    UUID accountId() {
        return accountId;
    }

    public UUID receiptId() {
        return receiptId;
    }

    public int n() {
        return n;
    }

    /** The merchant's number for it. */
    public String outRefundNo() {
        return outRefundNo;
    }

    /** Whether its number was made here, because the merchant gave none. */
    boolean numberMade() {
        return numberMade;
    }

    /** The provider that returns it. */
    public String provider() {
        return provider;
    }

    /** The number that it carries at the provider. */
    public String refundNo() {
        return refundNo;
    }

    public Money amount() {
        return new Money(amount, currency);
    }

    /**
     * The provider says that nothing of the payment is left; of an order without an amount its amount does not show it.
     */
    void markAsAll() {
        this.returnsAll = true;
    }

    /** Whether the provider says that nothing of the payment is left. */
    boolean returnsAll() {
        return returnsAll;
    }

    public String reason() {
        return reason;
    }

    public RefundCause cause() {
        return cause;
    }

    /** The name of the endpoint that receives the result in CloudPay's shape. */
    public Optional<String> callback() {
        return Optional.ofNullable(callback);
    }

    public RefundState state() {
        return state;
    }

    /** Whether it was sent with an unknown outcome, at any time. */
    boolean wasMaybeSent() {
        return maybeSentAt != null;
    }

    /** Since when it may be at the provider without our knowledge. */
    public Optional<Instant> maybeSentAt() {
        return Optional.ofNullable(maybeSentAt);
    }

    /** How often the provider was queried about it. */
    public int queries() {
        return queries;
    }

    /**
     * When to query next: most refunds are done within minutes, some take days, so 10 s at first, doubling up to an
     * hour.
     */
    Instant nextQuery(Instant now) {
        return now.plusSeconds(Math.min(3_600, 10L << Math.min(queries, 9)));
    }

    /** The provider's number for it. */
    public Optional<String> refundId() {
        return Optional.ofNullable(refundId);
    }

    /** How much of it was the payer's own money, in fen, if the provider reports it. */
    public Optional<Long> cashAmount() {
        return Optional.ofNullable(cashAmount);
    }

    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** The provider's latest report, in its own words: JSON. */
    public Optional<String> evidence() {
        return Optional.ofNullable(evidence);
    }

    /**
     * All the provider's reports as one JSON object, in which a later value replaces an earlier one of the same name: a
     * notification says less than the answers (WeChat Pay does not repeat {@code channel} in it).
     */
    public Optional<String> reports() {
        return Optional.ofNullable(reports);
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** When the payer got the money, or when the refund failed. */
    public Optional<Instant> finishedAt() {
        return Optional.ofNullable(finishedAt);
    }
}
