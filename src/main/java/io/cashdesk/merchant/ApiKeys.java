package io.cashdesk.merchant;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out by its key who calls and what the caller may do. */
@ApplicationScoped
public class ApiKeys {
    /** How long a node may still accept a key that was revoked meanwhile. */
    static final Duration CACHED = Duration.ofSeconds(5);

    static final int CACHED_AT_MOST = 10_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    private final Map<String, Cached> cache = new ConcurrentHashMap<>();

    private record Cached(Authority authority, Instant until) {}

    /** Stores a new key; within a transaction. */
    public void add(ApiKey key) {
        entities.persist(key);
    }

    /**
     * What the sender of this header may do.
     *
     * @param authorization the header, or null
     * @throws io.cashdesk.ground.problem.Problem KEY_MISSING or KEY_WRONG
     */
    public Authority authority(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw ProblemType.KEY_MISSING.with();
        }
        var key = authorization.substring(7).strip();
        var hash = Digest.sha256(key);
        var known = cache.get(hash);
        if (known != null && clock.instant().isBefore(known.until)) return known.authority;
        var authority = read(hash).orElseThrow(ProblemType.KEY_WRONG::with);
        if (cache.size() >= CACHED_AT_MOST) cache.clear();
        cache.put(hash, new Cached(authority, clock.instant().plus(CACHED)));
        return authority;
    }

    private Optional<Authority> read(String hash) {
        return entities.createQuery("select k from ApiKey k where k.hash = :hash", ApiKey.class)
                .setParameter("hash", hash)
                .getResultStream()
                .findFirst()
                .filter(k -> !k.revoked())
                .map(k -> new Authority(
                        k.mode(),
                        k.kind(),
                        k.merchants().stream()
                                .map(m -> new Authority.Held(m.pid(), m.id()))
                                .toList()));
    }
}
