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

/** Where a merchant wants to hear of its orders, and how that has gone lately. */
@Entity
@Table(name = "webhook_endpoint")
class Endpoint {
    static final String STANDARD = "standard";

    /** After failing for so long without one success it is told nothing more until somebody enables it again. */
    static final Duration FAILS_AT_MOST = Duration.ofDays(5);

    /** Between two failures of one bad time lies no more than this; after a longer silence nobody knows how it was meanwhile. */
    static final Duration SILENT_AT_MOST = RetrySchedule.LONGEST_PAUSE.plus(DeliveryResult.LONGEST_REST);

    /** Why nothing is sent to it. */
    enum Disabled {
        /** It answered 410. */
        GONE,
        /** It failed for too long. */
        FAILING,
        /** Somebody said so. */
        BY_HAND
    }

    @Id
    private UUID id;

    @Version
    private long version;

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
    private Instant disabledAt;

    @Enumerated(EnumType.STRING)
    private Disabled disabledBecause;

    private Instant failingSince;
    private Instant failedAt;
    private int failures;
    private Instant pausedUntil;
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

    /** Everything about an endpoint but its secret. */
    record Wish(String url, List<String> events, List<String> types, Mode mode, String format, String envId) {}

    /** Takes over what is wished. */
    void settle(Wish wish, String sealed) {
        this.url = wish.url();
        this.events = wish.events().toArray(String[]::new);
        this.types = wish.types().toArray(String[]::new);
        this.mode = wish.mode();
        this.format = wish.format();
        this.envId = wish.envId();
        this.sealed = sealed;
    }

    /** Whether it wants this event of an order of this type; none named means all. */
    boolean wants(String event, String orderType) {
        return enabled
                && format.equals(STANDARD)
                && (events.length == 0 || Arrays.asList(events).contains(event))
                && (types.length == 0 || Arrays.asList(types).contains(orderType));
    }

    /** Whether it is to hear now of what it was named for, in another shape. */
    boolean isCalledBack(String callback) {
        return enabled && answersTo(callback);
    }

    /** Whether it can be named to hear of something in another shape. */
    boolean answersTo(String callback) {
        return !format.equals(STANDARD) && name.equals(callback);
    }

    /** Signs with this secret from now on, and with the one it had as well until then. */
    void rotate(String newSealed, Instant oldUntil) {
        this.oldSealed = sealed;
        this.oldUntil = oldUntil;
        this.sealed = newSealed;
    }

    /** Has one secret only. */
    void forgetOldSecret() {
        oldSealed = null;
        oldUntil = null;
    }

    /** Whether a try says anything of it as it is now, and not of another address or of before somebody enabled it. */
    boolean isMeantBy(String triedUrl, Instant triedAt) {
        return url.equals(triedUrl) && (enabledAt == null || !triedAt.isBefore(enabledAt));
    }

    /** It has heard: whatever was wrong is over. */
    void heard() {
        failingSince = null;
        failedAt = null;
        failures = 0;
        pausedUntil = null;
    }

    /**
     * It has not heard.
     *
     * @param gone whether it said that it is not there any more, and never will be
     * @param rest how long it asked everybody to stay away
     * @return whether it was disabled for that
     */
    boolean notHeard(Instant now, boolean gone, Duration rest) {
        // what was given up long ago counts no more
        if (failedAt != null && now.isAfter(failedAt.plus(SILENT_AT_MOST))) heard();
        failures++;
        if (failingSince == null) failingSince = now;
        failedAt = now;
        if (!rest.isZero()) pausedUntil = now.plus(rest);
        if (!enabled) return false;
        if (gone) disable(Disabled.GONE, now);
        else if (!now.isBefore(failingSince.plus(FAILS_AT_MOST))) disable(Disabled.FAILING, now);
        return !enabled;
    }

    void disable(Disabled because, Instant now) {
        if (!enabled) return; // the first reason stays
        enabled = false;
        disabledAt = now;
        disabledBecause = because;
    }

    void enable(Instant now) {
        enabled = true;
        enabledAt = now;
        disabledAt = null;
        disabledBecause = null;
        heard();
    }

    boolean enabled() {
        return enabled;
    }

    Optional<Instant> disabledAt() {
        return Optional.ofNullable(disabledAt);
    }

    Optional<Disabled> disabledBecause() {
        return Optional.ofNullable(disabledBecause);
    }

    /** Since when every try has failed, if the last try did not. */
    Optional<Instant> failingSince() {
        return Optional.ofNullable(failingSince);
    }

    /** How many tries have failed since one succeeded. */
    int failures() {
        return failures;
    }

    /** Until when nothing is sent to it, because it asked for that. */
    Optional<Instant> pausedUntil() {
        return Optional.ofNullable(pausedUntil);
    }

    String format() {
        return format;
    }

    String envId() {
        return envId;
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

    List<String> events() {
        return List.of(events);
    }

    List<String> types() {
        return List.of(types);
    }

    String sealed() {
        return sealed;
    }

    /** The secret it had before, while that is still honoured. */
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
