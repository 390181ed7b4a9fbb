package io.cashdesk.merchant;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.cashdesk.ground.signing.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is known of publishable keys before a call with one is made. */
@ApplicationScoped
public class PublishableKeys {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** By the key's hash; unknown keys too. */
    private final Map<String, Cached> cache = new ConcurrentHashMap<>();

    private record Cached(Set<String> origins, Instant until) {}

    /**
     * Whether pages of this origin may call with this key: it is one of the {@link Merchant#origins} of a merchant for
     * whom the key is valid. Also for a revoked key, so that the page can read why its call is refused; never for a
     * secret key, which belongs in no page. A change of the origins counts on each node within the time for which
     * {@link ApiKeys} keeps a key.
     *
     * @param key as the caller sent it
     * @param origin as the browser sent it
     */
    public boolean callableFrom(String key, String origin) {
        return origins(Digest.sha256(key)).contains(origin);
    }

    private Set<String> origins(String hash) {
        var known = cache.get(hash);
        if (known != null && clock.instant().isBefore(known.until)) return known.origins;
        var origins = read(hash);
        if (cache.size() >= ApiKeys.CACHED_AT_MOST) cache.clear();
        cache.put(hash, new Cached(origins, clock.instant().plus(ApiKeys.CACHED)));
        return origins;
    }

    private Set<String> read(String hash) {
        var origins = entities.createNativeQuery("""
                select distinct o.origin
                from api_key k
                join api_key_merchant j on j.api_key_id = k.id
                join merchant m on m.id = j.merchant_id
                cross join unnest(m.origins) as o (origin)
                where k.hash = :hash and k.kind = 'PUBLISHABLE'
                """, String.class)
                .setParameter("hash", hash)
                .getResultList();
        return ((List<?>) origins).stream().map(String.class::cast).collect(toUnmodifiableSet());
    }
}
