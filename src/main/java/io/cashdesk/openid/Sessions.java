package io.cashdesk.openid;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.SessionKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The session keys of users' last logins, sealed: one for each user of an application, replaced by each login. */
@ApplicationScoped
public class Sessions {
    /**
     * How long a key is used. Wallets do not say how long one lives; uni-pay keeps one for 30 days too, and a key that
     * the wallet refuses earlier is answered with the same error.
     */
    static final Duration KEPT_FOR = Duration.ofDays(30);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Transactions transactions;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * Whose session.
     *
     * @param appId the application at the wallet
     */
    public record Owner(UUID merchantId, Mode mode, String appId, String openid) {
        /** The place for which the key is sealed. */
        String place() {
            return String.join(" ", "session", merchantId.toString(), mode.name(), appId, openid);
        }
    }

    /**
     * Keeps the key of a login. Of two logins at once the later one counts, whichever is stored last: its key is the
     * one that the wallet accepts.
     *
     * @param begun before the code was exchanged
     */
    public void keep(Owner owner, SessionKey key, Instant begun) {
        transactions.runInNew(() -> entities.createNativeQuery("""
                insert into wallet_session (merchant_id, id, mode, app_id, openid, sealed, logged_in_at)
                values (:merchant, :id, :mode, :app, :openid, :sealed, :now)
                on conflict on constraint wallet_session_is_one_for_each_user
                do update set sealed = excluded.sealed, logged_in_at = excluded.logged_in_at
                where wallet_session.logged_in_at <= excluded.logged_in_at
                """)
                .setParameter("merchant", owner.merchantId())
                .setParameter("id", Ids.next())
                .setParameter("mode", owner.mode().name())
                .setParameter("app", owner.appId())
                .setParameter("openid", owner.openid())
                .setParameter("sealed", vault.seal(key.value(), owner.place()))
                .setParameter("now", begun)
                .executeUpdate());
    }

    /** The key of the user's last login; empty if there is none, or it is too old. */
    @SuppressWarnings("unchecked") // native queries have no types
    public Optional<SessionKey> of(Owner owner) {
        return ((List<String>) entities.createNativeQuery("""
                select sealed from wallet_session
                where openid = :openid and merchant_id = :merchant and mode = :mode and app_id = :app
                    and logged_in_at > :since
                """, String.class)
                        .setParameter("merchant", owner.merchantId())
                        .setParameter("mode", owner.mode().name())
                        .setParameter("app", owner.appId())
                        .setParameter("openid", owner.openid())
                        .setParameter("since", clock.instant().minus(KEPT_FOR))
                        .getResultList())
                .stream().findFirst().map(text -> new SessionKey(vault.open(text, owner.place())));
    }

    /**
     * The same for a call that cannot do without.
     *
     * @throws io.cashdesk.ground.problem.Problem SESSION_KEY
     */
    public SessionKey required(Owner owner) {
        return of(owner).orElseThrow(ProblemType.SESSION_KEY::with);
    }

    /**
     * Deletes keys that are too old to be used.
     *
     * @return how many
     */
    int deleteOld(Instant now, int atMost) {
        return transactions.inNew(() -> entities.createNativeQuery("""
                delete from wallet_session
                where (merchant_id, id) in (
                    select merchant_id, id from wallet_session
                    where logged_in_at < :before
                    order by logged_in_at
                    limit :most
                    for update skip locked)
                """)
                .setParameter("before", now.minus(KEPT_FOR))
                .setParameter("most", atMost)
                .executeUpdate());
    }
}
