package io.cashdesk.handler;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.job.RetrySchedule;
import io.cashdesk.order.OrderKey;
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

/** The run of the handler of one paid order: its tries and their result. */
@Entity
class HandlerRun {
    /** How much of an error is stored, in characters. */
    private static final int STORED = 2_000;

    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private UUID orderId;

    @Enumerated(EnumType.STRING)
    private HandlerRunState state;

    private int tries;
    private int round;
    private int roundTries;
    private Instant roundAt;
    private Instant nextAt;
    private String error;
    private Instant createdAt;
    private Instant succeededAt;

    protected HandlerRun() {} // for JPA

    HandlerRun(OrderKey order, Instant now) {
        this.id = Ids.next();
        this.merchantId = order.merchantId();
        this.orderId = order.id();
        this.state = HandlerRunState.WAITING;
        this.round = 1;
        this.roundAt = now;
        this.nextAt = now;
        this.createdAt = now;
    }

    /** Starts anew, with a whole retry schedule; the job of the round before finds nothing to do. */
    void restart(Instant now) {
        state = HandlerRunState.WAITING;
        round++;
        roundTries = 0;
        roundAt = now;
        nextAt = now;
    }

    /** The handler returned true; called in the transaction in which it did its work. */
    void succeeded(Instant now) {
        tries++;
        roundTries++;
        state = HandlerRunState.SUCCEEDED;
        succeededAt = now;
        nextAt = null;
        error = null;
    }

    /** The handler returned false or threw. */
    void failed(String why, Instant now, double jitter) {
        var next = RetrySchedule.next(roundAt, roundTries, now, Duration.ZERO, jitter);
        tries++;
        roundTries++;
        error = why.length() > STORED ? why.substring(0, STORED) : why;
        nextAt = next.orElse(null);
        if (next.isEmpty()) state = HandlerRunState.GIVEN_UP;
    }

    /**
     * Its name in the table of jobs: another one for each round, so that the job of an older round finds nothing to do.
     */
    String job() {
        return new HandlerJob(new OrderKey(merchantId, orderId), round).id();
    }

    boolean isIn(int someRound) {
        return round == someRound;
    }

    HandlerRunState state() {
        return state;
    }

    int tries() {
        return tries;
    }

    Optional<Instant> nextAt() {
        return Optional.ofNullable(nextAt);
    }

    Optional<String> error() {
        return Optional.ofNullable(error);
    }

    Instant createdAt() {
        return createdAt;
    }

    Optional<Instant> succeededAt() {
        return Optional.ofNullable(succeededAt);
    }
}
