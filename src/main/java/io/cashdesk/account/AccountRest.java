package io.cashdesk.account;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/**
 * An account whose provider refuses every query, or does not answer. After {@value #FAILURES} in a row the sweeper
 * leaves it alone for 10 s, then tries a few queries, and for twice as long each time they fail: up to an hour if they
 * are refused, up to a minute if they are not answered. After an hour of refusals it is not queried any more until its
 * node is put anew or a query of a merchant or payer is answered, and an operator must look at it; after a day without
 * answers an operator must look at it too.
 */
@Entity
class AccountRest {
    /** Failures in a row from which on it rests. */
    static final int FAILURES = 5;

    static final Duration FIRST_REST = Duration.ofSeconds(10);
    static final Duration LONGEST_REFUSED = Duration.ofHours(1);
    static final Duration LONGEST_SILENT = Duration.ofMinutes(1);
    static final Duration REFUSED_FOR_GOOD = Duration.ofHours(1);
    static final Duration SILENT_TOO_LONG = Duration.ofDays(1);

    /** After so long without another failure there is nothing to remember: the account has no open attempts. */
    static final Duration FORGOTTEN = Duration.ofDays(1);

    /** How long the results of the few queries after a rest are waited for, before a few more are made. */
    static final Duration PROBING = Duration.ofMinutes(1);

    /** Later than any rest ends by itself. */
    private static final Instant UNTIL_WOKEN = Instant.parse("9999-12-31T00:00:00Z");

    private static final int DOUBLINGS = 9;
    private static final int LONGEST_REASON = 300;

    @PartitionKey
    private UUID merchantId;

    @Id
    private UUID id;

    @Version
    private long version;

    private int failures;
    private Instant since;
    private Instant failedAt;
    private Instant refusedSince;
    private int rests;
    private Instant until;
    private boolean resting;
    private String reason;
    private String needsPerson;

    protected AccountRest() {} // for JPA

    AccountRest(UUID merchantId, UUID accountId, Instant now) {
        this.merchantId = merchantId;
        this.id = accountId;
        this.since = now;
        this.failedAt = now;
        this.until = now;
        this.reason = "";
    }

    /**
     * A query failed.
     *
     * @param refused whether the provider refused it for good; otherwise it did not answer, or refused it for now
     * @param why in the provider's words
     */
    void failed(boolean refused, String why, Instant now) {
        if (resting(now)) return; // a query that had begun before the rest did
        if (failures == 0) since = now;
        failures++;
        failedAt = now;
        if (!refused) refusedSince = null;
        else if (refusedSince == null) refusedSince = now;
        reason = why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) : why;
        if (failures >= FAILURES) rest(now);
        else until = now.plus(PROBING); // a few failures and then nothing: forgotten
    }

    /** It does not answer, as calls of others have shown. */
    void silent(String why, Instant now) {
        if (resting(now)) return;
        failures = Math.max(failures, FAILURES - 1);
        failed(false, why, now);
    }

    private void rest(Instant now) {
        var refused = refusedSince != null;
        var longest = refused ? LONGEST_REFUSED : LONGEST_SILENT;
        var length = FIRST_REST.multipliedBy(1L << Math.min(rests, DOUBLINGS));
        rests++;
        resting = true;
        until = now.plus(length.compareTo(longest) < 0 ? length : longest);
        if (refused && !now.isBefore(refusedSince.plus(REFUSED_FOR_GOOD))) {
            needsPerson = "every query has been refused since " + refusedSince + ": " + reason;
            until = UNTIL_WOKEN;
        } else if (!now.isBefore(since.plus(SILENT_TOO_LONG))) {
            needsPerson = "no query has been answered since " + since + ": " + reason;
        }
    }

    /** A query was answered, or the account has new settings: its attempts are woken. */
    void answered(Instant now) {
        failures = 0;
        rests = 0;
        refusedSince = null;
        needsPerson = null;
        resting = false;
        until = now;
    }

    /** Whether it can be forgotten, if nothing of the account waits. */
    boolean over(Instant now) {
        return answers() || !failing() || !now.isBefore(failedAt.plus(FORGOTTEN));
    }

    /** A few queries are made now, or are due soon; their results decide. */
    void probe(Instant now) {
        resting = false;
        until = now.plus(PROBING);
    }

    /** Whether the sweeper leaves the account alone. */
    boolean resting(Instant now) {
        return resting && now.isBefore(until);
    }

    /** Whether so many queries in a row have failed that it rests, or is tried after a rest. */
    boolean failing() {
        return failures >= FAILURES;
    }

    boolean answers() {
        return failures == 0;
    }

    int failures() {
        return failures;
    }

    UUID merchantId() {
        return merchantId;
    }

    UUID id() {
        return id;
    }

    Instant since() {
        return since;
    }

    Instant until() {
        return until;
    }

    Optional<String> needsPerson() {
        return Optional.ofNullable(needsPerson);
    }
}
