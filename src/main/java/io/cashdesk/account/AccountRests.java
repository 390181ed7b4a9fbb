package io.cashdesk.account;

import io.cashdesk.ground.database.MerchantRows;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.NodeJob;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * The accounts that the sweeper leaves alone for a while ({@link AccountRest}), the same on every node: what it would
 * do with their attempts waits, and is done when the provider answers again. Calls for merchants and payers are made
 * all the same; the first query of theirs that is answered ends the rest. (Other calls do not: some prompts are signed
 * here, without a call, and a provider may take payments and refuse queries.)
 */
@ApplicationScoped
public class AccountRests implements NodeJob {
    private static final Logger LOG = Logger.getLogger(AccountRests.class);

    /** Accounts that one run deals with. */
    private static final int ACCOUNTS = 20;

    /** Attempts of one account that are woken in one transaction. */
    private static final int WOKEN_AT_ONCE = 500;

    /** What is known is read again by a caller, if this node's job has not read it for so long. */
    private static final long OLD_SECONDS = 3;

    /** Attempts that are queried when a rest has ended. */
    private static final int PROBES = 3;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Attempts attempts;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    private final AtomicLong readAt = new AtomicLong(System.nanoTime());

    /** What this node knows of the table; read again in every run. */
    private final Map<UUID, Known> known = new ConcurrentHashMap<>();

    private record Known(UUID merchantId, int failures, boolean resting, Instant until) {}

    /**
     * An account at which an operator must look.
     *
     * @param since when the first of the queries failed that have failed ever since
     */
    public record Flagged(String provider, String node, Instant since, String reason) {}

    /** Whether the sweeper leaves this account alone now. */
    public boolean resting(UUID account) {
        var rest = known.get(account);
        return rest != null && rest.resting() && clock.instant().isBefore(rest.until());
    }

    /** Whether the last queries through this account all failed, so that no other answer is to be expected soon. */
    public boolean failing(UUID account) {
        readKnownIfOld();
        var rest = known.get(account);
        return rest != null && rest.failures() >= AccountRest.FAILURES;
    }

    /** A query through this account failed. Outside of any transaction. */
    public void failed(UUID merchant, AccountSettings account, PaymentProvider provider, ProviderFailure failure) {
        if (resting(account.id())) return;
        var refused = failure.kind() == ProviderFailure.Kind.DECLINED
                && provider.explain(PaymentProvider.Call.QUERY, failure.providerCode(), failure.getMessage())
                                .retry()
                        != ProviderError.Retry.SAME_LATER;
        var why = (failure.providerCode() + " " + failure.getMessage()).strip();
        change(merchant, account.id(), (rest, now) -> rest.failed(refused, why, now));
    }

    /** No calls are made through this account for a while, because its provider does not answer. */
    public void silent(UUID merchant, UUID account, String why) {
        if (!resting(account)) change(merchant, account, (rest, now) -> rest.silent(why, now));
    }

    /**
     * A failure to store it is logged: the caller has a failure of its own to deal with, and the next one is stored.
     */
    private void change(UUID merchant, UUID account, BiConsumer<AccountRest, Instant> change) {
        try {
            changed(merchant, account, change)
                    .ifPresent(reason -> LOG.warnf("Account %s needs a person: %s", account, reason));
        } catch (RuntimeException e) {
            LOG.warnf("That account %s does not answer could not be stored: %s", account, e.getMessage());
        }
    }

    /** @return why an operator must look at it from now on */
    private Optional<String> changed(UUID merchant, UUID account, BiConsumer<AccountRest, Instant> change) {
        return transactions.inNew(() -> {
            var now = clock.instant();
            var rest = locked(merchant, account).orElseGet(() -> {
                var made = new AccountRest(merchant, account, now);
                entities.persist(made);
                return made;
            });
            var before = rest.needsPerson();
            change.accept(rest, now);
            remember(rest, now);
            return before.isPresent() ? Optional.empty() : rest.needsPerson();
        });
    }

    /** A query through this account was answered. Outside of any transaction; costs nothing for most accounts. */
    public void answered(UUID account) {
        readKnownIfOld();
        var trouble = known.get(account);
        if (trouble == null || trouble.failures() == 0) return; // being woken already
        try {
            transactions.runInNew(() -> wake(trouble.merchantId(), account));
        } catch (RuntimeException e) { // the caller has its answer; the next one ends the rest
            LOG.warnf("The rest of account %s could not be ended: %s", account, e.getMessage());
        }
    }

    /** The account has new settings, or answers again: its attempts are woken; within a transaction. */
    public void wake(UUID merchant, UUID account) {
        locked(merchant, account).ifPresent(rest -> {
            var now = clock.instant();
            rest.answered(now);
            remember(rest, now);
        });
    }

    /**
     * Keeps these attempts of a resting account until they are woken; within a transaction. If the account does not
     * rest any more, they stay due.
     */
    public void park(UUID merchant, UUID account, Collection<Attempts.Due> due) {
        var now = clock.instant();
        var resting = locked(merchant, account).filter(rest -> rest.resting(now));
        if (resting.isPresent()) attempts.rest(merchant, due);
        else attempts.moveOn(merchant, due, now);
    }

    /** The accounts of this merchant at which an operator must look, the longest failing first. */
    public List<Flagged> flagged(UUID merchant, Mode mode) {
        return entities.createQuery("""
                select a.provider, a.node, r
                from AccountRest r
                join ProviderAccount a on a.merchantId = r.merchantId and a.id = r.id
                where r.merchantId = :merchant and a.mode = :mode and r.needsPerson is not null
                order by r.since
                """, Object[].class)
                .setParameter("merchant", merchant)
                .setParameter("mode", mode)
                .getResultStream()
                .map(row -> flagged((String) row[0], (String) row[1], (AccountRest) row[2]))
                .toList();
    }

    private static Flagged flagged(String provider, String node, AccountRest rest) {
        return new Flagged(provider, node, rest.since(), rest.needsPerson().orElseThrow());
    }

    @Override
    public String name() {
        return "account-rests";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    /** Reads what other nodes have stored, and ends rests that are over. */
    @Override
    public boolean run() {
        readKnown();
        return transactions.inNew(() -> {
            var now = clock.instant();
            var more = false;
            for (var rest : over(now)) more |= end(rest, now);
            return more;
        });
    }

    /** @return whether more of its attempts are to be woken at once */
    private boolean end(AccountRest rest, Instant now) {
        var woken = attempts.wake(rest.merchantId(), rest.id(), rest.answers() ? WOKEN_AT_ONCE : PROBES, now);
        if (woken == 0 && rest.over(now) && !attempts.anyRests(rest.merchantId(), rest.id())) {
            entities.remove(rest);
            known.remove(rest.id());
            return false;
        }
        if (!rest.answers()) rest.probe(now);
        remember(rest, now);
        return rest.answers() && woken > 0;
    }

    private void remember(AccountRest rest, Instant now) {
        known.put(rest.id(), new Known(rest.merchantId(), rest.failures(), rest.resting(now), rest.until()));
    }

    /** On a node whose jobs do not run, because its clock is wrong, its calls need it all the same. */
    private void readKnownIfOld() {
        var at = readAt.get();
        var old = System.nanoTime() - at > TimeUnit.SECONDS.toNanos(OLD_SECONDS);
        if (!old || !readAt.compareAndSet(at, System.nanoTime())) return;
        try {
            readKnown();
        } catch (RuntimeException e) { // the caller goes on with what is known; the next one tries again
            LOG.warnf("Accounts that rest could not be read: %s", e.getMessage());
        }
    }

    @SuppressWarnings("unchecked") // native queries have no types
    private void readKnown() {
        readAt.set(System.nanoTime());
        List<Object[]> rows = entities.createNativeQuery(
                        "select merchant_id, id, failures, resting, until from account_rest")
                .getResultList();
        known.keySet().retainAll(rows.stream().map(row -> (UUID) row[1]).toList());
        for (var row : rows) {
            known.put((UUID) row[1], new Known((UUID) row[0], (int) row[2], (boolean) row[3], (Instant) row[4]));
        }
    }

    /** Rests about which something is to be done now, locked; those that another node has locked are left to it. */
    @SuppressWarnings("unchecked") // native queries have no types
    private List<AccountRest> over(Instant now) {
        return entities.createNativeQuery("""
                select *
                from account_rest
                where until <= :now
                order by until
                limit :most
                for update skip locked
                """, AccountRest.class)
                .setParameter("now", now)
                .setParameter("most", ACCOUNTS)
                .getResultList();
    }

    private Optional<AccountRest> locked(UUID merchant, UUID account) {
        return MerchantRows.findLocked(entities, AccountRest.class, merchant, account);
    }
}
