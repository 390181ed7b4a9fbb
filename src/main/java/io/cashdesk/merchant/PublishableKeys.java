package io.cashdesk.merchant;

import io.cashdesk.ground.signing.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** What is known of publishable keys before a call with one is made. */
@ApplicationScoped
public class PublishableKeys {
    @PersistenceContext
    EntityManager entities;

    /**
     * Whether pages of this origin may call with this key: it is one of the {@link Merchant#origins} of a merchant for
     * whom the key is valid. Also for a revoked key, so that the page can read why its call is refused; never for a
     * secret key, which belongs in no page.
     *
     * @param key as the caller sent it
     * @param origin as the browser sent it
     */
    public boolean callableFrom(String key, String origin) {
        return !entities.createNativeQuery("""
                select 1
                from api_key k
                join api_key_merchant j on j.api_key_id = k.id
                join merchant m on m.id = j.merchant_id
                where k.hash = :hash and k.kind = 'PUBLISHABLE' and :origin = any (m.origins)
                limit 1
                """)
                .setParameter("hash", Digest.sha256(key))
                .setParameter("origin", origin)
                .getResultList()
                .isEmpty();
    }
}
