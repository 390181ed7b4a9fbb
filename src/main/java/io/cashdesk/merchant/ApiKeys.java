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

/** Who asks, told by the key they show. */
@ApplicationScoped
public class ApiKeys {
    /** How long a node may go on believing a key that was revoked meanwhile. */
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private static final int REMEMBERED_AT_MOST = 10_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

    private record Remembered(Authority authority, Instant until) {}

    /** Keeps a new key; within a transaction. */
    public void add(ApiKey key) {
        entities.persist(key);
    }

    /** What the holder of this Authorization header may do; a problem that says why not. */
    public Authority authority(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw ProblemType.KEY_MISSING.with();
        }
        var key = authorization.substring(7).strip();
        var hash = Digest.sha256(key);
        var known = remembered.get(hash);
        if (known != null && clock.instant().isBefore(known.until)) return known.authority;
        var authority = read(hash).orElseThrow(ProblemType.KEY_WRONG::with);
        if (remembered.size() >= REMEMBERED_AT_MOST) remembered.clear();
        remembered.put(hash, new Remembered(authority, clock.instant().plus(REMEMBERED)));
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
