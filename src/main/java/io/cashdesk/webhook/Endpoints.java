package io.cashdesk.webhook;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
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
import java.util.Optional;
import java.util.UUID;

/** All endpoints: made, changed, enabled and disabled, each within a transaction of the caller's. */
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
     * Makes an endpoint or changes it. A new address enables an endpoint that was disabled; repeating its present one
     * does not.
     *
     * @param secret empty: the present one stays, and a new endpoint gets a generated one
     * @return the secret, "whsec_…"
     */
    public String put(UUID merchant, String name, EndpointSettings settings, Optional<String> secret) {
        var mode = settings.mode();
        var known = locked(merchant, name);
        known.filter(e -> e.mode() != mode).ifPresent(e -> {
            var stored = '"' + e.mode().word() + '"';
            throw ProblemType.field(
                    "mode",
                    new LocalizedText(
                            stored + "（" + name + " 已是该模式；其他模式请另取名称）",
                            stored + ", which " + name + " has; use another name"),
                    LocalizedText.quoted(mode.word()));
        });
        var endpoint = known.orElseGet(() -> new Endpoint(merchant, name, clock.instant()));
        var place = endpoint.id().toString();
        // a new secret repairs an endpoint whose present one cannot be opened; without a new one the present one must
        // open
        var before = known.flatMap(e -> secret.isPresent() ? opened(e) : Optional.of(vault.open(e.sealed(), place)));
        var effective = secret.or(() -> before).orElseGet(Endpoints::newSecret);
        if (!before.equals(Optional.of(effective))) endpoint.forgetOldSecret(); // the caller named the only valid one
        var moved = known.isPresent() && !endpoint.url().equals(settings.url());
        endpoint.configure(settings, vault.seal(effective, place));
        if (known.isEmpty()) entities.persist(endpoint);
        if (moved) resume(endpoint); // another server: failures of the former one do not count
        return effective;
    }

    /**
     * Makes the endpoint whose deliveries go to addresses that orders name, unless there is one of this name. Its
     * format signs with keys of its own.
     *
     * @param format the name of an {@link EventFormat} with {@link EventFormat#target}
     */
    public void putForAddressesOfOrders(UUID merchant, String name, Mode mode, String format) {
        if (locked(merchant, name).isPresent()) return;
        var settings =
                new EndpointSettings(Endpoint.OF_THE_ORDERS, List.of(), List.of(), mode, format, Optional.empty());
        put(merchant, name, settings, Optional.empty());
    }

    /**
     * Changes the secret without a gap: until the grace period ends, both sign. A still older one is dropped at once.
     *
     * @param secret the new one; empty: generated here
     * @return the new secret, "whsec_…"
     */
    public String rotate(UUID merchant, String name, Optional<String> secret, Duration grace) {
        var endpoint = named(merchant, name);
        if (endpoint.ordersNameAddresses()) {
            throw ProblemType.notSupported(
                    LocalizedText.same("webhooks/" + name + "/rotate"),
                    new LocalizedText(
                            "格式 " + endpoint.format() + " 使用自己的密钥签名",
                            "format " + endpoint.format() + " signs with keys of its own"));
        }
        var fresh = secret.orElseGet(Endpoints::newSecret);
        var lost = opened(endpoint).isEmpty(); // every try would fail on signing with the old one
        endpoint.rotate(
                vault.seal(fresh, endpoint.id().toString()), clock.instant().plus(grace));
        if (grace.isZero() || lost) endpoint.forgetOldSecret();
        return fresh;
    }

    /** Sends to it again; its waiting deliveries are due at once. */
    public void enable(UUID merchant, String name) {
        resume(named(merchant, name));
    }

    /** Enables it; every waiting delivery starts its retry schedule anew ({@link Backlog}). */
    private void resume(Endpoint endpoint) {
        endpoint.enable(clock.instant());
        transactions.afterCommit(dispatch::wakeUp);
    }

    /** Sends nothing more to it; its deliveries wait. */
    public void disable(UUID merchant, String name) {
        named(merchant, name).disable(DisabledBecause.BY_HAND, clock.instant());
    }

    /**
     * Whether a call may name this endpoint as its callback. One that is disabled counts: payments go on while webhooks
     * are off.
     *
     * @param format the name of an {@link EventFormat}
     * @param envId the environment that the call names
     */
    public boolean hasCallback(UUID merchant, Mode mode, String name, String format, String envId) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.name = :name", Endpoint.class)
                .setParameter("merchant", merchant)
                .setParameter("name", name)
                .getResultStream()
                .filter(e -> e.isCallback(name))
                .map(Endpoint::settings)
                .anyMatch(s -> s.mode() == mode
                        && s.format().equals(format)
                        && s.envId().filter(id -> !id.equals(envId)).isEmpty());
    }

    /** This merchant's endpoint, locked until the transaction ends. */
    Endpoint named(UUID merchant, String name) {
        return locked(merchant, name).orElseThrow(() -> notFound(name));
    }

    /** As {@link #named}, and refused if it is disabled. */
    Endpoint enabled(UUID merchant, String name) {
        var endpoint = named(merchant, name);
        if (!endpoint.enabled()) throw ProblemType.WEBHOOK_DISABLED.with(name);
        return endpoint;
    }

    static Problem notFound(String name) {
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

    /** Its secret, or empty if it was sealed under a master key that is not configured any more. */
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
