package io.cashdesk.coin;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.merchant.Mode;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/**
 * One operation on a user's coins, stored before the provider is called. Its number takes effect there once, so that
 * the same call is sent again until the provider says that it is done.
 */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
class CoinOperation {
    /** What it is. */
    enum Kind {
        PAY,
        CANCEL,
        PRESENT
    }

    /** What is known of it. */
    enum State {
        /** It is being called, or the node died meanwhile. */
        CALLING,
        /** No usable answer came. */
        UNKNOWN,
        /** The provider did nothing. */
        REFUSED,
        DONE
    }

    /**
     * What a call wants.
     *
     * @param number at the provider
     * @param of the number under which coins were spent that are taken back; otherwise {@code number}
     * @param made whether we made the number
     * @param amount coins
     * @param details what else it names, JSON
     */
    record Wish(Kind kind, String number, String of, boolean made, String openid, long amount, String details) {}

    @Id
    private UUID id;

    @PartitionKey
    private UUID merchantId;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    @Enumerated(EnumType.STRING)
    private State state;

    private UUID accountId;
    private String number;
    private String ofNumber;
    private boolean numberMade;

    /** Whether an earlier call of it may have taken effect. */
    private boolean maybeDone;

    private String openid;
    private long amount;
    private String details;
    private String failure;
    private String result;
    private Instant createdAt;
    private Instant changedAt;

    protected CoinOperation() {} // for JPA

    CoinOperation(UUID merchantId, Mode mode, UUID accountId, Wish wish, Instant now) {
        this.id = Ids.next();
        this.merchantId = merchantId;
        this.mode = mode;
        this.accountId = accountId;
        this.kind = wish.kind();
        this.number = wish.number();
        this.ofNumber = wish.of();
        this.numberMade = wish.made();
        this.openid = wish.openid();
        this.amount = wish.amount();
        this.details = wish.details();
        this.state = State.CALLING;
        this.createdAt = now;
        this.changedAt = now;
    }

    /** Of a call that repeats this one's number: which value it has changed. */
    record Difference(String field, String stored, String given) {}

    Optional<Difference> differsFrom(Wish wish) {
        if (!openid.equals(wish.openid())) return Optional.of(new Difference("openid", openid, wish.openid()));
        if (amount != wish.amount()) {
            return Optional.of(new Difference("amount", Long.toString(amount), Long.toString(wish.amount())));
        }
        if (!ofNumber.equals(wish.of())) return Optional.of(new Difference("outTradeNo", ofNumber, wish.of()));
        return details.equals(wish.details())
                ? Optional.empty()
                : Optional.of(new Difference("payitem, remark", details, wish.details()));
    }

    void called(Instant now) {
        if (state == State.DONE) return;
        if (state != State.REFUSED) maybeDone = true;
        state = State.CALLING;
        changedAt = now;
    }

    /** @param answer what the caller was answered, JSON */
    void done(String answer, Instant now) {
        if (state == State.DONE) return;
        state = State.DONE;
        failure = null;
        result = answer;
        changedAt = now;
    }

    /** The call did nothing; what an earlier one did stays unknown. */
    void refused(String why, Instant now) {
        notDone(maybeDone ? State.UNKNOWN : State.REFUSED, why, now);
    }

    void unknown(String why, Instant now) {
        notDone(State.UNKNOWN, why, now);
    }

    /** A call that ran at the same time may have succeeded. */
    private void notDone(State next, String why, Instant now) {
        if (state == State.DONE) return;
        state = next;
        failure = why;
        changedAt = now;
    }

    /** Whether an earlier call of it may have taken effect. */
    boolean maybeDone() {
        return maybeDone;
    }

    UUID id() {
        return id;
    }

    String number() {
        return number;
    }

    /** What was answered, once it is done. */
    Optional<String> result() {
        return Optional.ofNullable(result);
    }
}
