package io.cashdesk.webhook;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Where merchants want to hear. */
@ApplicationScoped
public class Endpoints {
    private static final SecureRandom RANDOM = new SecureRandom();

    @PersistenceContext
    EntityManager entities;

    @Inject
    Dispatch dispatch;

    @Inject
    Transactions transactions;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * Makes an endpoint or changes it; within a transaction. Without a secret an existing one stays and a new endpoint gets
     * one. A new address enables an endpoint that was disabled; repeating what is known does not.
     *
     * @return the secret, "whsec_…"
     */
    public String put(
            UUID merchant,
            String name,
            String url,
            Optional<String> secret,
            List<String> events,
            List<String> types,
            Mode mode,
            String format,
            String envId) {
        var known = locked(merchant, name);
        known.filter(e -> e.mode() != mode).ifPresent(e -> {
            throw ProblemType.FIELD.with(
                    "mode",
                    '"' + e.mode().name().toLowerCase(Locale.ROOT) + "\", which " + name + " has; use another name",
                    '"' + mode.name().toLowerCase(Locale.ROOT) + '"');
        });
        var endpoint = known.orElseGet(() -> new Endpoint(merchant, name, clock.instant()));
        var place = endpoint.id().toString();
        // a new secret repairs an endpoint whose old one does not open; without a new one the old one must open
        var before = known.flatMap(e -> secret.isPresent() ? opened(e) : Optional.of(vault.open(e.sealed(), place)));
        var effective = secret.or(() -> before).orElseGet(Endpoints::newSecret);
        if (!before.equals(Optional.of(effective))) endpoint.forgetOldSecret(); // told to use this one and no other
        var moved = known.isPresent() && !endpoint.url().equals(url); // another server, which starts afresh
        endpoint.settle(new Endpoint.Wish(url, events, types, mode, format, envId), vault.seal(effective, place));
        if (known.isEmpty()) entities.persist(endpoint);
        if (moved) goOn(endpoint);
        return effective;
    }

    /**
     * Changes the secret without a gap: for the time of grace both are used, and the one before those is forgotten.
     *
     * @param secret the new one; empty: made here
     * @return the new secret, "whsec_…"
     */
    public String rotate(UUID merchant, String name, Optional<String> secret, Duration grace) {
        var endpoint = named(merchant, name);
        var fresh = secret.orElseGet(Endpoints::newSecret);
        var lost = opened(endpoint).isEmpty(); // nothing can be signed with the old one, and no try may fail for it
        endpoint.rotate(
                vault.seal(fresh, endpoint.id().toString()), clock.instant().plus(grace));
        if (grace.isZero() || lost) endpoint.forgetOldSecret();
        return fresh;
    }

    /** Sends to it again; what waited for it goes on at once. */
    public void enable(UUID merchant, String name) {
        goOn(named(merchant, name));
    }

    /** What waited meanwhile has all its patience again. */
    private void goOn(Endpoint endpoint) {
        endpoint.enable(clock.instant());
        entities.createQuery("update versioned Delivery d set d.roundAt = :now, d.roundTries = 0, d.nextAt = :now"
                        + " where d.endpointId = :endpoint and d.state = :waiting and d.lease.claim is null")
                .setParameter("now", clock.instant())
                .setParameter("endpoint", endpoint.id())
                .setParameter("waiting", Delivery.State.WAITING)
                .executeUpdate();
        transactions.afterCommit(dispatch::look);
    }

    /** Sends nothing more to it; what is on its way waits. */
    public void disable(UUID merchant, String name) {
        named(merchant, name).disable(Endpoint.Disabled.BY_HAND, clock.instant());
    }

    /**
     * Whether this merchant has an endpoint of this name that hears in this shape, in this environment; one that is disabled
     * counts, because nobody's payments stop for that.
     */
    public boolean has(UUID merchant, Mode mode, String name, String format, String envId) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.name = :name", Endpoint.class)
                .setParameter("merchant", merchant)
                .setParameter("name", name)
                .getResultStream()
                .anyMatch(e -> e.answersTo(name)
                        && e.mode() == mode
                        && e.format().equals(format)
                        && (e.envId() == null || e.envId().equals(envId)));
    }

    /** This merchant's endpoint, locked until the transaction ends. */
    Endpoint named(UUID merchant, String name) {
        return locked(merchant, name).orElseThrow(() -> none(name));
    }

    /** As {@link #named}, and refused if nothing is sent to it. */
    Endpoint enabled(UUID merchant, String name) {
        var endpoint = named(merchant, name);
        if (!endpoint.enabled()) throw ProblemType.WEBHOOK_DISABLED.with(name);
        return endpoint;
    }

    static Problem none(String name) {
        return ProblemType.NOT_FOUND.with("webhooks/" + name);
    }

    private Optional<Endpoint> locked(UUID merchant, String name) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.name = :name", Endpoint.class)
                .setParameter("merchant", merchant)
                .setParameter("name", name)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst();
    }

    /** The secret it has, or empty if it was sealed under a master key that is not there any more. */
    private Optional<String> opened(Endpoint endpoint) {
        try {
            return Optional.of(vault.open(endpoint.sealed(), endpoint.id().toString()));
        } catch (IllegalStateException lost) {
            return Optional.empty();
        }
    }

    private static String newSecret() {
        var bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }
}
