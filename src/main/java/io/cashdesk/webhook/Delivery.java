package io.cashdesk.webhook;

import io.cashdesk.ground.database.Ids;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** One event on its way to one endpoint. */
@Entity
@Table(name = "webhook_delivery")
class Delivery {
    /** How long a merchant may be silent before we give up, loudly. */
    static final Duration PATIENCE = Duration.ofDays(3);

    private static final long[] PAUSES_SECONDS = {5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800};

    /** What has become of it. */
    enum State {
        WAITING,
        HEARD,
        GIVEN_UP
    }

    @Id
    private UUID id;

    @Version
    private long version;

    private UUID eventId;
    private UUID endpointId;

    @Enumerated(EnumType.STRING)
    private State state;

    private int tries;
    private Instant createdAt;
    private Instant heardAt;
    private String payload;

    protected Delivery() {} // for JPA

    /** @param payload the body for this endpoint, or null: the event's own */
    Delivery(UUID eventId, UUID endpointId, String payload, Instant now) {
        this.id = Ids.next();
        this.eventId = eventId;
        this.endpointId = endpointId;
        this.state = State.WAITING;
        this.createdAt = now;
        this.payload = payload;
    }

    /** The merchant has heard. */
    void heard(Instant now) {
        tries++;
        state = State.HEARD;
        heardAt = now;
    }

    /**
     * The merchant has not heard this time.
     *
     * @param jitter from 0 to 1: how much of a fifth of the pause is added, so that a crowd does not come back at once
     * @return when to try again, or empty if this was the last try
     */
    Optional<Instant> notHeard(Instant now, double jitter) {
        var pause = Duration.ofSeconds(PAUSES_SECONDS[Math.min(tries, PAUSES_SECONDS.length - 1)]);
        tries++;
        var next = now.plus(pause).plusMillis((long) (pause.toMillis() * jitter / 5));
        if (next.isAfter(createdAt.plus(PATIENCE))) {
            state = State.GIVEN_UP;
            return Optional.empty();
        }
        return Optional.of(next);
    }

    UUID id() {
        return id;
    }

    /** The body where it is not the event's own. */
    Optional<String> payload() {
        return Optional.ofNullable(payload);
    }

    UUID eventId() {
        return eventId;
    }

    UUID endpointId() {
        return endpointId;
    }

    State state() {
        return state;
    }

    int tries() {
        return tries;
    }
}
