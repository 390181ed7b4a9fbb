package io.cashdesk.openid;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One access token for each account, in a row that all nodes share. The node that finds none, or one that ends soon,
 * takes a lease and fetches; the others wait for the row. In this node callers who wait share one look-up.
 */
@ApplicationScoped
class SharedTokens implements AccessTokens {
    /** A token is renewed when it lives less than this; WeChat gives a new one from this moment on. */
    private static final Duration BEFORE_END = Duration.ofMinutes(5);

    private static final Duration PAUSE = Duration.ofMillis(100);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Accounts accounts;

    @Inject
    ProviderCalls calls;

    @Inject
    Transactions transactions;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    private final Map<UUID, Known> known = new ConcurrentHashMap<>();
    private final Map<UUID, CompletableFuture<Known>> running = new ConcurrentHashMap<>();

    /**
     * A token.
     *
     * @param version of the account's settings with which it was fetched
     * @param renewAt when another one is fetched
     */
    private record Known(String token, long version, Instant renewAt) {
        private boolean usable(AccountSettings account, Instant now) {
            return version == account.version() && now.isBefore(renewAt);
        }

        @Override
        public String toString() {
            return "access token until " + renewAt;
        }
    }

    @Override
    public String of(AccountSettings account, Supplier<Fetched> fetch) {
        var mine = known.get(account.id());
        if (mine != null && mine.usable(account, clock.instant())) return mine.token();
        return shared(account, "", fetch);
    }

    @Override
    public String insteadOf(String refused, AccountSettings account, Supplier<Fetched> fetch) {
        known.computeIfPresent(account.id(), (id, k) -> k.token().equals(refused) ? null : k);
        return shared(account, refused, fetch);
    }

    private String shared(AccountSettings account, String refused, Supplier<Fetched> fetch) {
        var mine = new CompletableFuture<Known>();
        var other = running.putIfAbsent(account.id(), mine);
        if (other != null) {
            var token = joined(other).token();
            // that look-up may have begun before the refusal of the token was known
            return token.equals(refused) ? shared(account, refused, fetch) : token;
        }
        try {
            var found = find(account, refused, fetch);
            known.put(account.id(), found);
            mine.complete(found);
            return found.token();
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(account.id(), mine);
        }
    }

    private static Known joined(CompletableFuture<Known> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ProviderFailure failure) {
                throw new ProviderFailure(failure.kind(), failure.providerCode(), failure.getMessage(), failure);
            }
            throw e;
        }
    }

    private Known find(AccountSettings account, String refused, Supplier<Fetched> fetch) {
        transactions.refuseOpenTransaction("getting an access token");
        var merchant = accounts.byId(account.id()).orElseThrow().merchantId();
        var giveUp = clock.instant().plus(calls.lease());
        while (true) {
            var claim = UUID.randomUUID();
            var stored = transactions.inNew(() -> storedOrClaimed(merchant, account, refused, claim));
            if (stored.isPresent() && stored.get().token() != null) return stored.get();
            if (stored.isEmpty()) return fetch(merchant, account, claim, fetch);
            if (!clock.instant().isBefore(giveUp)) {
                throw new ProviderFailure(Kind.UNREACHABLE, "", "another node is still fetching the access token");
            }
            pause();
        }
    }

    /**
     * The stored token, a {@link Known} without a token if another claim is fetching, or empty: this claim must fetch.
     */
    private Optional<Known> storedOrClaimed(UUID merchant, AccountSettings account, String refused, UUID claim) {
        var now = clock.instant();
        entities.createNativeQuery("""
                insert into access_token (merchant_id, id, version)
                values (:merchant, :id, :version)
                on conflict (merchant_id, id) do nothing
                """)
                .setParameter("merchant", merchant)
                .setParameter("id", account.id())
                .setParameter("version", account.version())
                .executeUpdate();
        var row = (Object[]) entities.createNativeQuery("""
                select sealed, version, renew_at, lease_until from access_token
                where merchant_id = :merchant and id = :id
                for update
                """)
                .setParameter("merchant", merchant)
                .setParameter("id", account.id())
                .getSingleResult();
        if (row[0] != null) {
            var token = new Known(
                    vault.open((String) row[0], place(account)), ((Number) row[1]).longValue(), instant(row[2]));
            if (token.usable(account, now) && !token.token().equals(refused)) return Optional.of(token);
        }
        if (row[3] != null && now.isBefore(instant(row[3]))) return Optional.of(new Known(null, 0, now));
        entities.createNativeQuery("""
                update access_token set claim = :claim, lease_until = :until
                where merchant_id = :merchant and id = :id
                """)
                .setParameter("claim", claim)
                .setParameter("until", now.plus(calls.lease()))
                .setParameter("merchant", merchant)
                .setParameter("id", account.id())
                .executeUpdate();
        return Optional.empty();
    }

    private Known fetch(UUID merchant, AccountSettings account, UUID claim, Supplier<Fetched> fetch) {
        try {
            var fetched = fetch.get();
            var known = new Known(
                    fetched.value(), account.version(), clock.instant().plus(useful(fetched.life())));
            finish(merchant, account, claim, known);
            return known;
        } catch (RuntimeException | Error e) {
            release(merchant, account, claim);
            throw e;
        }
    }

    /**
     * A token that ends in less than five minutes is used for half of its life, so that it is not fetched each time.
     */
    private static Duration useful(Duration life) {
        var usual = life.minus(BEFORE_END);
        var half = life.dividedBy(2);
        return usual.compareTo(half) > 0 ? usual : half.compareTo(BEFORE_END) < 0 ? half : usual;
    }

    private void finish(UUID merchant, AccountSettings account, UUID claim, Known known) {
        transactions.runInNew(() -> entities.createNativeQuery("""
                update access_token
                set sealed = :sealed, version = :version, renew_at = :renew, claim = null, lease_until = null
                where merchant_id = :merchant and id = :id and claim = :claim
                """)
                .setParameter("sealed", vault.seal(known.token(), place(account)))
                .setParameter("version", known.version())
                .setParameter("renew", known.renewAt())
                .setParameter("merchant", merchant)
                .setParameter("id", account.id())
                .setParameter("claim", claim)
                .executeUpdate());
    }

    private void release(UUID merchant, AccountSettings account, UUID claim) {
        transactions.runInNew(() -> entities.createNativeQuery("""
                update access_token set claim = null, lease_until = null
                where merchant_id = :merchant and id = :id and claim = :claim
                """)
                .setParameter("merchant", merchant)
                .setParameter("id", account.id())
                .setParameter("claim", claim)
                .executeUpdate());
    }

    private static String place(AccountSettings account) {
        return "access token of " + account.id();
    }

    private static Instant instant(Object column) {
        return column instanceof Instant instant ? instant : ((java.sql.Timestamp) column).toInstant();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderFailure(Kind.UNREACHABLE, "", "this server is stopping");
        }
    }
}
