package io.cashdesk.order;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.lease.Lease;
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
 * One try at one provider to get a pay order paid. It is stored before the provider is called, under a lease: only the
 * holder of its claim stores the result of the call, and a lease that has ended can be taken over.
 */
@Entity
public class Attempt {
    /** How long after the end of an attempt the provider may still be finishing a payment that began in time. */
    static final Duration GRACE = Duration.ofSeconds(10);

    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private UUID orderId;
    private int n;
    private UUID accountId;
    private String provider;
    private String merchantNo;
    private String payType;
    private String attemptNo;
    private String providerNo;
    private boolean knownThere;
    private boolean outcomeUnknown;
    private String request;

    private String requestKey;

    @Enumerated(EnumType.STRING)
    private AttemptState state;

    @Embedded
    private Lease lease;

    private String prompt;
    private Instant promptUntil;
    private String codeHash;
    private Instant expiresAt;
    private Instant closeAt;
    private String failure;
    private String providerCode;

    private Instant nextQueryAt;

    @Enumerated(EnumType.STRING)
    private NextStep nextStep;

    private Instant queriedAt;

    @Enumerated(EnumType.STRING)
    private QueryResult queryResult;

    private int queries;

    private Instant createdAt;

    protected Attempt() {} // for JPA

    /**
     * An attempt that is about to be sent.
     *
     * @param number the ordinal within the order, and the number at the provider
     * @param target where it goes
     * @param requested what is requested, so that a repetition after a crash sends the same
     */
    public Attempt(OrderKey order, Numbered number, Target target, Requested requested, Lease lease, Instant now) {
        this.id = Ids.next();
        this.merchantId = order.merchantId();
        this.orderId = order.id();
        this.n = number.n();
        this.attemptNo = number.attemptNo();
        this.knownThere = true; // until the provider refuses it, a node may have sent it
        this.accountId = target.accountId();
        this.provider = target.provider();
        this.merchantNo = target.merchantNo();
        this.payType = target.payType();
        this.request = requested.request().toJson();
        this.requestKey = requested.key();
        this.codeHash = requested.codeHash();
        this.expiresAt = requested.expiresAt();
        this.closeAt = requested.closeAt();
        this.state = AttemptState.CALLING;
        hold(lease);
        this.createdAt = now;
    }

    /**
     * Which attempt it is.
     *
     * @param n the ordinal within the order: 1, 2, …
     * @param attemptNo the number that it carries at the provider
     */
    public record Numbered(int n, String attemptNo) {}

    /** Where an attempt goes: the account, the provider, its merchant number there, and the product. */
    public record Target(UUID accountId, String provider, String merchantNo, String payType) {}

    /**
     * What is requested of the provider.
     *
     * @param key equal for equal requests
     * @param expiresAt the last moment to pay, by the provider's clock
     * @param closeAt when it is closed at the provider, if it has not been paid until then
     * @param codeHash the SHA-256 of the payment code, or null
     */
    public record Requested(AttemptRequest request, String key, Instant expiresAt, Instant closeAt, String codeHash) {}

    /**
     * The provider is called again, after an abandoned call, an unknown outcome or to renew the prompt: only this
     * lease's holder may store the result. Whether an abandoned call reached the provider is not known.
     */
    public void takeOver(Lease lease) {
        if (state == AttemptState.CALLING) outcomeUnknown = true;
        become(AttemptState.CALLING);
        hold(lease);
    }

    /**
     * Is being closed at the provider by the holder of this lease. Whether an abandoned call reached the provider is
     * not known.
     */
    public void closing(Lease lease) {
        if (state == AttemptState.CALLING) outcomeUnknown = true;
        become(AttemptState.CLOSING);
        hold(lease);
    }

    /**
     * The provider has it; this is what the payer is shown.
     *
     * @param promptUntil until when the provider accepts the prompt, or null: as long as the attempt lives
     */
    public void shown(String prompt, Instant promptUntil, Instant nextQueryAt) {
        become(AttemptState.SHOWN);
        this.prompt = prompt;
        this.promptUntil = promptUntil;
        release(nextQueryAt);
    }

    /** The provider has opened it under this number of its own; an empty text says none, and changes nothing. */
    public void numberedByProvider(String providerNo) {
        if (!providerNo.isEmpty()) this.providerNo = providerNo;
    }

    /** What the payer was shown before still works: it could not be renewed, or is shown again. */
    public void shownAsBefore(Instant nextQueryAt) {
        shown(prompt, promptUntil, nextQueryAt);
    }

    /** The provider has it and does not close it now. */
    public void stillOpen(Instant nextQueryAt) {
        become(prompt == null ? AttemptState.PAYABLE : AttemptState.SHOWN);
        release(nextQueryAt);
    }

    /** This call sent nothing to the provider. The attempt has failed, unless an earlier call may have arrived. */
    public void notSent(String why, Instant nextQueryAt) {
        requireCalling();
        if (prompt != null) shownAsBefore(nextQueryAt);
        else if (outcomeUnknown) unknown(why, nextQueryAt);
        else failed(why, false);
    }

    /**
     * The provider refused this call, with this code of its own and these words. The attempt has failed, unless an
     * earlier call may have arrived: this refusal says nothing about that one.
     *
     * @param numberSpent whether the provider may know the number all the same
     */
    public void refused(String providerCode, String words, boolean numberSpent, Instant nextQueryAt) {
        requireCalling();
        if (prompt != null) {
            shownAsBefore(nextQueryAt);
            return;
        }
        if (outcomeUnknown) unknown(providerCode + " " + words, nextQueryAt);
        else failed(providerCode + " " + words, numberSpent);
        this.providerCode = providerCode;
    }

    /**
     * The provider had the number before, with another payment. If an earlier call may have arrived, that other payment
     * may be this attempt's own, which is queried until its end.
     */
    public void numberWasUsed(Instant nextQueryAt) {
        requireCalling();
        if (outcomeUnknown) payableUntilItsEnd(nextQueryAt);
        else failed("the number was used there before", true);
    }

    private void requireCalling() {
        if (state != AttemptState.CALLING) throw new IllegalStateException(attemptNo + " is " + state + ", not called");
    }

    private void failed(String why, boolean numberSpent) {
        become(AttemptState.FAILED);
        this.failure = why;
        this.knownThere = numberSpent || byPaymentCode(); // a payment code and its number are used once
        release(null);
    }

    /** It was sent and no usable answer came: only a query can tell whether the provider has it. */
    public void unknown(String why, Instant nextQueryAt) {
        become(AttemptState.UNKNOWN);
        this.outcomeUnknown = true;
        this.failure = why;
        release(nextQueryAt);
    }

    /** It cannot be paid any more. */
    public void closed() {
        become(AttemptState.CLOSED);
        release(null);
    }

    /**
     * Its end is over and its provider can neither close it nor be told when it ends: it is closed here, and is queried
     * a few times more, because its money may still come.
     *
     * @param nextQueryAt null: not any more
     */
    public void closedAndWatched(Instant nextQueryAt) {
        become(AttemptState.CLOSED);
        release(nextQueryAt);
    }

    /** Nothing came in all that time: it is not queried any more. */
    public void notWatchedAnyMore() {
        dueAt(null);
    }

    /** Whether it is closed here, and its provider is still queried about it. */
    public boolean watched() {
        return state == AttemptState.CLOSED && nextQueryAt != null;
    }

    /**
     * Not used any more, but not closed at the provider either: may be paid until its end, and is queried until then.
     */
    public void payableUntilItsEnd(Instant nextQueryAt) {
        become(AttemptState.PAYABLE);
        release(nextQueryAt);
    }

    /** The order does not need it any more: the sweeper closes it as soon as no call about it runs. */
    public void superseded(Instant now) {
        this.closeAt = now;
        if (nextQueryAt != null && lease == null) dueAt(now);
    }

    /**
     * The order's deadline has moved, and with it the moment when this attempt is closed. A payment code is reversed at
     * its own end or at the deadline, whichever is earlier. What the order does not need any more stays to be closed.
     */
    public void deadlineMoved(Instant deadline, Instant now) {
        if (!now.isBefore(closeAt)) return;
        closeAt = byPaymentCode() && expiresAt.isBefore(deadline) ? expiresAt : deadline;
        if (nextQueryAt == null || lease != null) return;
        dueAt(closeAt.isBefore(nextQueryAt) ? closeAt : nextQueryAt);
    }

    /** Its money has arrived. A repetition changes nothing. */
    public void paid() {
        if (state == AttemptState.PAID) return;
        become(AttemptState.PAID);
        release(null);
    }

    /** The provider is being queried about it now. */
    public void queried(Instant now, Instant nextQueryAt) {
        this.queriedAt = now;
        this.queryResult = null;
        this.queries++;
        if (this.nextQueryAt != null) dueAt(nextQueryAt);
    }

    /** If the holder's node dies, the sweeper queries the provider as soon as the lease has ended. */
    private void hold(Lease lease) {
        this.lease = lease;
        dueAt(lease.until());
    }

    private void release(Instant nextQueryAt) {
        this.lease = null;
        dueAt(nextQueryAt);
    }

    private void dueAt(Instant at) {
        this.nextQueryAt = at;
        this.nextStep = at == null ? null : NextStep.of(this, at);
    }

    private void become(AttemptState target) {
        if (!state.next().contains(target)) {
            throw new IllegalStateException(attemptNo + " is " + state + " and cannot become " + target);
        }
        state = target;
    }

    /** Whether the holder of this claim may store the result of its call. */
    public boolean claimedBy(UUID claim) {
        return Lease.held(lease, claim);
    }

    /** Whether a call about it runs, under a lease that has not ended. */
    public boolean beingCalled(Instant now) {
        return Lease.runs(lease, now);
    }

    /** Whether it has something to show and can be paid for longer than this. */
    public boolean showsFor(Duration atLeast, Instant now) {
        var payable = state == AttemptState.SHOWN || state == AttemptState.PAYABLE;
        return payable && prompt != null && now.plus(atLeast).isBefore(expiresAt);
    }

    /** The last moment at which a browser is given the prompt: this long before the provider stops accepting it. */
    public Instant promptUsableUntil(Duration before) {
        return promptUntil == null || expiresAt.isBefore(promptUntil.minus(before))
                ? expiresAt
                : promptUntil.minus(before);
    }

    /** Whether the provider stops accepting the prompt within this time, although the attempt may live longer. */
    public boolean promptEndsWithin(Duration time, Instant now) {
        return promptUntil != null && !now.plus(time).isBefore(promptUntil);
    }

    /**
     * Whether its end and the provider's time to finish what began before are both over, so that it cannot be paid any
     * more.
     */
    public boolean ended(Instant now) {
        return now.isAfter(endsAt());
    }

    /** The last moment at which the provider may still be finishing a payment that began in time. */
    public Instant endsAt() {
        return expiresAt.plus(GRACE);
    }

    /** Whether it was made with a payment code, which can be sent only once. */
    public boolean byPaymentCode() {
        return codeHash != null;
    }

    public UUID merchantId() {
        return merchantId;
    }

    public UUID id() {
        return id;
    }

    public UUID orderId() {
        return orderId;
    }

    /** Grows with each stored change. */
    public long version() {
        return version;
    }

    public OrderKey orderKey() {
        return new OrderKey(merchantId, orderId);
    }

    public AttemptKey key() {
        return new AttemptKey(orderKey(), id);
    }

    public int n() {
        return n;
    }

    public UUID accountId() {
        return accountId;
    }

    public String provider() {
        return provider;
    }

    public String merchantNo() {
        return merchantNo;
    }

    public String payType() {
        return payType;
    }

    public String attemptNo() {
        return attemptNo;
    }

    /** The number that the provider itself gave it, if it knows it by that one. */
    public Optional<String> providerNo() {
        return Optional.ofNullable(providerNo);
    }

    /** Whether the provider may know the number, so that no other payment may carry it. */
    public boolean knownThere() {
        return knownThere;
    }

    /** Whether a call was sent of which it is not known whether it arrived. */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    /** What is requested of the provider. */
    public AttemptRequest request() {
        return AttemptRequest.parse(request);
    }

    /** Whether a request with this key is the same as the stored one. */
    public boolean sameRequest(String key) {
        return requestKey.equals(key);
    }

    public AttemptState state() {
        return state;
    }

    /** What the payer is shown, JSON; absent until the provider has answered. */
    public Optional<String> prompt() {
        return Optional.ofNullable(prompt);
    }

    /** The last moment to pay, the provider's own expiry. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** From then on it is being closed at the provider: the order's deadline, or the end of a payment code. */
    public Instant closeAt() {
        return closeAt;
    }

    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** The code with which the provider refused it, if it did. */
    public Optional<String> providerCode() {
        return Optional.ofNullable(providerCode);
    }

    /** When the sweeper looks at it next; absent once it has ended and is not watched. */
    public Optional<Instant> nextQueryAt() {
        return Optional.ofNullable(nextQueryAt);
    }

    /** What the sweeper does then; absent once it has ended and is not watched. */
    public Optional<NextStep> nextStep() {
        return Optional.ofNullable(nextStep);
    }

    public Optional<Instant> queriedAt() {
        return Optional.ofNullable(queriedAt);
    }

    /** What became of the last query; absent while it runs, or if it was answered at once. */
    public Optional<QueryResult> queryResult() {
        return Optional.ofNullable(queryResult);
    }

    /** How often the provider was queried about it. */
    public int queries() {
        return queries;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
