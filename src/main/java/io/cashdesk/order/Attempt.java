package io.cashdesk.order;

import io.cashdesk.ground.database.Ids;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One try at one provider to get a pay order paid. It is written down before the provider is called, under a claim: only the
 * holder of the claim may write down what came of the call, and a claim whose lease has ended can be taken over.
 */
@Entity
public class Attempt {
    @Id
    private UUID id;

    @Version
    private long version;

    private UUID orderId;
    private int n;
    private UUID accountId;
    private String provider;
    private String merchantNo;
    private String payType;
    private String attemptNo;
    private String request;
    private String sameRequest;

    @Enumerated(EnumType.STRING)
    private AttemptState state;

    private UUID claim;
    private Instant leaseUntil;
    private String prompt;
    private Instant promptUntil;
    private String codeHash;
    private Instant expiresAt;
    private Instant closeAt;
    private String failure;
    private String providerCode;
    private Instant nextAskAt;
    private Instant askedAt;
    private int asks;
    private Instant createdAt;

    protected Attempt() {} // for JPA

    /**
     * A try that is about to be made.
     *
     * @param number which try of the order's it is, and what it is called at the provider
     * @param target where it goes
     * @param asked what is asked for, so that a repeat after a crash sends the same
     */
    public Attempt(
            UUID orderId, Numbered number, Target target, Asked asked, UUID claim, Instant leaseUntil, Instant now) {
        this.id = Ids.next();
        this.orderId = orderId;
        this.n = number.n();
        this.attemptNo = number.attemptNo();
        this.accountId = target.accountId();
        this.provider = target.provider();
        this.merchantNo = target.merchantNo();
        this.payType = target.payType();
        this.request = asked.request();
        this.sameRequest = asked.same();
        this.codeHash = asked.codeHash();
        this.expiresAt = asked.expiresAt();
        this.closeAt = asked.closeAt();
        this.state = AttemptState.CALLING;
        this.claim = claim;
        this.leaseUntil = leaseUntil;
        this.nextAskAt = leaseUntil; // if nobody lives to write down what came of it, the sweeper asks
        this.createdAt = now;
    }

    /** Which try it is: the ordinal within the order, and the number at the provider. */
    public record Numbered(int n, String attemptNo) {}

    /** Where a try goes: the account, the provider, its merchant number there, and the product. */
    public record Target(UUID accountId, String provider, String merchantNo, String payType) {}

    /**
     * What is asked.
     *
     * @param request as JSON
     * @param same a text equal for calls that want the same
     * @param expiresAt the last moment to pay, by the provider's clock
     * @param closeAt when we close it at the provider, if nothing came of it until then
     * @param codeHash the SHA-256 of the payment code, or null
     */
    public record Asked(String request, String same, Instant expiresAt, Instant closeAt, String codeHash) {}

    /** Takes an abandoned call over: from now on only this claim may finish it. */
    public void takeOver(UUID claim, Instant leaseUntil) {
        become(AttemptState.CALLING);
        this.claim = claim;
        this.leaseUntil = leaseUntil;
        this.nextAskAt = leaseUntil;
    }

    /** Begins to be closed at the provider, by whoever holds this claim. */
    public void closing(UUID claim, Instant leaseUntil) {
        become(AttemptState.CLOSING);
        this.claim = claim;
        this.leaseUntil = leaseUntil;
        this.nextAskAt = leaseUntil;
    }

    /**
     * The provider has it; this is what the payer is shown.
     *
     * @param promptUntil until when the provider honours this, or null: as long as the attempt lives
     */
    public void shown(String prompt, Instant promptUntil, Instant nextAskAt) {
        become(AttemptState.SHOWN);
        this.prompt = prompt;
        this.promptUntil = promptUntil;
        release(nextAskAt);
    }

    /** What the payer was shown before stays; only the renewal came to nothing. */
    public void shownAsBefore(Instant nextAskAt) {
        shown(prompt, promptUntil, nextAskAt);
    }

    /** The provider could not close it now, but says that it is there: back to being shown, if it ever was. */
    public void stillOpen(Instant nextAskAt) {
        become(prompt == null ? AttemptState.PAYABLE : AttemptState.SHOWN);
        release(nextAskAt);
    }

    public void failed(String why) {
        become(AttemptState.FAILED);
        this.failure = why;
        release(null);
    }

    /** The provider said no, with this code of its own and these words. */
    public void refused(String providerCode, String words) {
        failed(providerCode + " " + words);
        this.providerCode = providerCode;
    }

    /** We asked and do not know what came of it: due for a query now. */
    public void unknown(String why, Instant now) {
        become(AttemptState.UNKNOWN);
        this.failure = why;
        release(now);
    }

    public void closed() {
        become(AttemptState.CLOSED);
        release(null);
    }

    /** Given up here, but the provider cannot be made to forget it: watched until its end. */
    public void payableUntilItsEnd(Instant nextAskAt) {
        become(AttemptState.PAYABLE);
        release(nextAskAt);
    }

    /** The order needs it no more: the sweeper closes it as soon as nobody is calling about it. */
    public void superseded(Instant now) {
        this.closeAt = now;
        if (nextAskAt != null && claim == null) this.nextAskAt = now;
    }

    public void paid() {
        if (state == AttemptState.PAID) return;
        become(AttemptState.PAID);
        release(null);
    }

    /** Somebody is asking the provider about it now. */
    public void asked(Instant now, Instant nextAskAt) {
        this.askedAt = now;
        this.asks++;
        if (this.nextAskAt != null) this.nextAskAt = nextAskAt;
    }

    private void release(Instant nextAskAt) {
        this.claim = null;
        this.leaseUntil = null;
        this.nextAskAt = nextAskAt;
    }

    private void become(AttemptState target) {
        if (!state.next().contains(target)) {
            throw new IllegalStateException(attemptNo + " is " + state + " and cannot become " + target);
        }
        state = target;
    }

    public boolean claimedBy(UUID claim) {
        return claim.equals(this.claim);
    }

    /** Whether somebody's call is running under a lease that has not ended. */
    public boolean beingCalled(Instant now) {
        return claim != null && leaseUntil != null && now.isBefore(leaseUntil);
    }

    /** Whether it has a code that lives longer than this. */
    public boolean showsFor(Duration atLeast, Instant now) {
        return state == AttemptState.SHOWN && now.plus(atLeast).isBefore(expiresAt);
    }

    /** Whether what is shown outlives the provider's patience sooner than this. */
    public boolean grownOld(Duration within, Instant now) {
        return promptUntil != null && !now.plus(within).isBefore(promptUntil);
    }

    /** Whether it was made with a payment code, which can be sent once. */
    public boolean byPaymentCode() {
        return codeHash != null;
    }

    public UUID id() {
        return id;
    }

    public UUID orderId() {
        return orderId;
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

    /** What is asked of the provider, JSON. */
    public String request() {
        return request;
    }

    public boolean wants(String sameRequest) {
        return this.sameRequest.equals(sameRequest);
    }

    public AttemptState state() {
        return state;
    }

    /** What the payer is shown, JSON; present once it has been shown. */
    public Optional<String> prompt() {
        return Optional.ofNullable(prompt);
    }

    /** The last moment to pay, the provider's own expiry. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** From then on it is closed at the provider: the order's deadline, or the end of a payment code. */
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

    public Optional<Instant> nextAskAt() {
        return Optional.ofNullable(nextAskAt);
    }

    public Optional<Instant> askedAt() {
        return Optional.ofNullable(askedAt);
    }

    public int asks() {
        return asks;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
