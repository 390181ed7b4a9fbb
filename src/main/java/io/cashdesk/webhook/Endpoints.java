package io.cashdesk.webhook;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.security.SecureRandom;
import java.time.Clock;
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
    Vault vault;

    @Inject
    Clock clock;

    /**
     * Makes an endpoint or changes it; within a transaction. Without a secret an existing one stays and a new endpoint gets
     * one.
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
        var known = entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.name = :name", Endpoint.class)
                .setParameter("merchant", merchant)
                .setParameter("name", name)
                .getResultStream()
                .findFirst();
        known.filter(e -> e.mode() != mode).ifPresent(e -> {
            throw ProblemType.FIELD.with(
                    "mode",
                    '"' + e.mode().name().toLowerCase(Locale.ROOT) + "\", which " + name + " has; use another name",
                    '"' + mode.name().toLowerCase(Locale.ROOT) + '"');
        });
        var endpoint = known.orElseGet(() -> new Endpoint(merchant, name, clock.instant()));
        var place = endpoint.id().toString();
        var effective = secret.orElseGet(
                () -> known.map(e -> vault.open(e.sealed(), place)).orElseGet(Endpoints::newSecret));
        endpoint.settle(new Endpoint.Wish(url, events, types, mode, format, envId), vault.seal(effective, place));
        if (known.isEmpty()) entities.persist(endpoint);
        return effective;
    }

    /** Whether this merchant has an endpoint of this name that hears in this shape, in this environment. */
    public boolean has(UUID merchant, Mode mode, String name, String format, String envId) {
        return entities.createQuery(
                        "select e from Endpoint e where e.merchantId = :merchant and e.name = :name", Endpoint.class)
                .setParameter("merchant", merchant)
                .setParameter("name", name)
                .getResultStream()
                .anyMatch(e -> e.isCalledBack(name)
                        && e.mode() == mode
                        && e.format().equals(format)
                        && (e.envId() == null || e.envId().equals(envId)));
    }

    private static String newSecret() {
        var bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }
}
