package io.cashdesk.handler;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.job.RetrySchedule;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What came of a paid order in its handler. */
@Entity
class HandlerRun {
    private static final int KEPT = 2_000;

    /** Where it stands. */
    enum State {
        WAITING,
        SUCCEEDED,
        GIVEN_UP
    }

    @Id
    private UUID id;

    @Version
    private long version;

    private UUID orderId;

    @Enumerated(EnumType.STRING)
    private State state;

    private int tries;
    private int round;
    private int roundTries;
    private Instant roundAt;
    private Instant nextAt;
    private String error;
    private Instant createdAt;
    private Instant succeededAt;

    protected HandlerRun() {} // for JPA

    HandlerRun(UUID orderId, Instant now) {
        this.id = Ids.next();
        this.orderId = orderId;
        this.state = State.WAITING;
        this.round = 1;
        this.roundAt = now;
        this.nextAt = now;
        this.createdAt = now;
    }

    /** Is tried from now on with all patience; what was planned before is off. */
    void again(Instant now) {
        state = State.WAITING;
        round++;
        roundTries = 0;
        roundAt = now;
        nextAt = now;
    }

    /** The handler said yes; in the transaction in which it did its work. */
    void succeeded(Instant now) {
        tries++;
        roundTries++;
        state = State.SUCCEEDED;
        succeededAt = now;
        nextAt = null;
        error = null;
    }

    /** The handler said no, or broke. */
    void failed(String why, Instant now, double jitter) {
        var next = RetrySchedule.next(roundAt, roundTries, now, Duration.ZERO, jitter);
        tries++;
        roundTries++;
        error = why.length() > KEPT ? why.substring(0, KEPT) : why;
        nextAt = next.orElse(null);
        if (next.isEmpty()) state = State.GIVEN_UP;
    }

    /** The name of the work in the table of jobs: another one for each round, so that an older one finds nothing to do. */
    String job() {
        return orderId + "/" + round;
    }

    boolean isIn(int someRound) {
        return round == someRound;
    }

    UUID orderId() {
        return orderId;
    }

    State state() {
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
