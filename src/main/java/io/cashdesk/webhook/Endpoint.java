package io.cashdesk.webhook;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.job.RetrySchedule;
import io.cashdesk.merchant.Mode;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/** An address of a merchant that receives events, and how its last tries went. */
@Entity
@Table(name = "webhook_endpoint")
class Endpoint {
    static final String STANDARD = "standard";

    /** Its own address, if each of its deliveries has one. */
    static final String OF_THE_ORDERS = "";

    /** After failing for so long without one success it is disabled until an operator enables it again. */
    static final Duration FAILS_AT_MOST = Duration.ofDays(5);

    /** Two failures that are further apart than this are not one outage: nothing is known of the time between them. */
    static final Duration SAME_OUTAGE = RetrySchedule.LONGEST_PAUSE.plus(DeliveryResult.LONGEST_RETRY_AFTER);

    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private String name;
    private String url;
    private String sealed;
    private String oldSealed;
    private Instant oldUntil;
    private String[] events = {};
    private String[] types = {};

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private String format;
    private String envId;
    private boolean enabled;
    private Instant enabledAt;

    /** Whether deliveries from before {@link #enabledAt} may still wait for a later moment. */
    private boolean resuming;

    private Instant disabledAt;

    @Enumerated(EnumType.STRING)
    private DisabledBecause disabledBecause;

    private Instant failingSince;
    private Instant failedAt;
    private int failures;
    private Instant pausedUntil;

    @SuppressWarnings("unused") // only queries read it
    private Instant createdAt;

    protected Endpoint() {} // for JPA

    Endpoint(UUID merchantId, String name, Instant now) {
        this.id = Ids.next();
        this.merchantId = merchantId;
        this.name = name;
        this.enabled = true;
        this.enabledAt = now;
        this.createdAt = now;
    }

    /** @param sealed the secret, sealed */
    void configure(EndpointSettings settings, String sealed) {
        this.url = settings.url();
        this.events = settings.events().toArray(String[]::new);
        this.types = settings.types().toArray(String[]::new);
        this.mode = settings.mode();
        this.format = settings.format();
        this.envId = settings.envId().orElse(null);
        this.sealed = sealed;
    }

    EndpointSettings settings() {
        return new EndpointSettings(url, List.of(events), List.of(types), mode, format, Optional.ofNullable(envId));
    }

    /** Whether it receives this event of an order of this type. */
    boolean receives(String event, String orderType) {
        return enabled
                && format.equals(STANDARD)
                && (events.length == 0 || Arrays.asList(events).contains(event))
                && (types.length == 0 || Arrays.asList(types).contains(orderType));
    }

    /** Whether an event for this callback is sent to it now. */
    boolean receivesCallback(String callback) {
        return enabled && isCallback(callback);
    }

    /** Whether a call may name it as its callback: only endpoints with an {@link EventFormat} can be. */
    boolean isCallback(String callback) {
        return !format.equals(STANDARD) && name.equals(callback);
    }

    /** Whether it has no address of its own, because each order names one. */
    boolean ordersNameAddresses() {
        return url.equals(OF_THE_ORDERS);
    }

    /** Signs with this secret from now on, and with the former one as well until that moment. */
    void rotate(String newSealed, Instant oldUntil) {
        this.oldSealed = sealed;
        this.oldUntil = oldUntil;
        this.sealed = newSealed;
    }

    /** Signs with one secret only. */
    void forgetOldSecret() {
        oldSealed = null;
        oldUntil = null;
    }

    /** Whether a try counts for it: made at its present address, and not before it was last enabled. */
    boolean isConcernedBy(String triedUrl, Instant triedAt) {
        return url.equals(triedUrl) && !triedAt.isBefore(enabledAt);
    }

    /** A try succeeded: the outage, if there was one, is over. */
    void succeeded() {
        failingSince = null;
        failedAt = null;
        failures = 0;
        pausedUntil = null;
    }

    /**
     * A try failed.
     *
     * @param gone whether it answered 410
     * @param pause for how long nothing at all may be sent to it; zero: no pause
     * @return whether it was disabled for that
     */
    boolean failed(Instant now, boolean gone, Duration pause) {
        if (failedAt != null && now.isAfter(failedAt.plus(SAME_OUTAGE))) succeeded();
        failures++;
        if (failingSince == null) failingSince = now;
        failedAt = now;
        if (!pause.isZero()) pausedUntil = now.plus(pause);
        if (!enabled) return false;
        if (gone) disable(DisabledBecause.GONE, now);
        else if (!now.isBefore(failingSince.plus(FAILS_AT_MOST))) disable(DisabledBecause.FAILING, now);
        return !enabled;
    }

    void disable(DisabledBecause because, Instant now) {
        if (!enabled) return; // the first reason stays
        enabled = false;
        disabledAt = now;
        disabledBecause = because;
    }

    void enable(Instant now) {
        enabled = true;
        enabledAt = now;
        resuming = true;
        disabledAt = null;
        disabledBecause = null;
        succeeded();
    }

    /** Everything that waited when it was enabled is due now. */
    void resumed() {
        resuming = false;
    }

    boolean resuming() {
        return resuming;
    }

    boolean enabled() {
        return enabled;
    }

    /** When it was last enabled; what has waited for longer starts its retry schedule anew. */
    Instant enabledAt() {
        return enabledAt;
    }

    Optional<Instant> disabledAt() {
        return Optional.ofNullable(disabledAt);
    }

    Optional<DisabledBecause> disabledBecause() {
        return Optional.ofNullable(disabledBecause);
    }

    /** Since when every try has failed; empty if the last one succeeded. */
    Optional<Instant> failingSince() {
        return Optional.ofNullable(failingSince);
    }

    /** How many tries have failed since one succeeded. */
    int failures() {
        return failures;
    }

    /** Until when nothing is sent to it, because it asked for a pause. */
    Optional<Instant> pausedUntil() {
        return Optional.ofNullable(pausedUntil);
    }

    String format() {
        return format;
    }

    UUID id() {
        return id;
    }

    UUID merchantId() {
        return merchantId;
    }

    String name() {
        return name;
    }

    String url() {
        return url;
    }

    String sealed() {
        return sealed;
    }

    /** The former secret, as long as it signs as well. */
    Optional<String> oldSealed(Instant now) {
        return oldUntil != null && oldUntil.isAfter(now) ? Optional.of(oldSealed) : Optional.empty();
    }

    Optional<Instant> oldUntil() {
        return Optional.ofNullable(oldUntil);
    }

    Mode mode() {
        return mode;
    }
}
