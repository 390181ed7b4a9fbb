package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds the order for which a client with a publishable key calls {@code createPayment}, by number and amount. A wrong
 * amount is answered like an unknown number, and wrong calls are counted, so that a stranger who knows a number cannot
 * guess the amount and then have the payer's code replaced (docs/api.md, "What a publishable key may do").
 *
 * <p>Unknown numbers are counted too, otherwise the refusal would show which numbers exist. Strangers can invent
 * numbers without end, so the counters are in a fixed number of rows: a counter's row follows from a keyed hash, and a
 * counter of something else that falls on the same row replaces it. As the hash depends on the master key, a caller
 * cannot choose numbers that replace its own counter; by chance one wrong call in some 20,000 does.
 */
@ApplicationScoped
class WrongAmounts {
    /** Wrong calls for one number from one address. */
    static final int PER_CALLER = 5;

    /** Wrong calls for one number from all addresses; more than a few wrong clients, much less than a search needs. */
    static final int PER_NUMBER = 50;

    /** Wrong calls for all numbers of a merchant from one address, behind which there may be many payers. */
    static final int PER_ADDRESS = 200;

    /** How long a wrong call counts. When so much time has passed since the last one, all of them are forgotten. */
    static final Duration COUNTED = Duration.ofHours(1);

    @PersistenceContext
    EntityManager entities;

    @Inject
    PayOrders orders;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * Who calls for which order.
     *
     * @param address the caller's
     */
    record Guess(UUID merchant, Mode mode, String outTradeNo, String address) {}

    /** What is counted together, and how many wrong calls of it are answered within {@link #COUNTED}. */
    record Counter(int slot, UUID subject, int atMost) {}

    /**
     * The order with this number and amount.
     *
     * @throws io.cashdesk.ground.problem.Problem ORDER_NOT_FOUND if there is none; WRONG_AMOUNTS after too many such
     *     calls, whether or not the amount is right this time
     */
    PayOrder order(Guess guess, Money amount) {
        return transactions
                .inNew(() -> read(guess, amount))
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(guess.outTradeNo()));
    }

    private Optional<PayOrder> read(Guess guess, Money amount) {
        var caller = counter(PER_CALLER, guess.merchant(), guess.mode(), guess.outTradeNo(), network(guess.address()));
        var number = counter(PER_NUMBER, guess.merchant(), guess.mode(), guess.outTradeNo(), "");
        var address = counter(PER_ADDRESS, guess.merchant(), guess.mode(), "", network(guess.address()));
        var now = clock.instant();
        lock(caller, now);
        for (var counter : List.of(caller, number, address)) refuseIfUsedUp(counter, guess, now);
        var order = orders.byNumber(guess.merchant(), guess.mode(), guess.outTradeNo())
                .filter(o -> o.total().equals(amount));
        if (order.isEmpty()) {
            for (var counter : List.of(caller, number, address)) count(counter, now);
        }
        return order;
    }

    /** Lets one call at a time of this caller for this number go on, so that many at once are not checked together. */
    private void lock(Counter counter, Instant now) {
        upsert(counter, now, 0);
    }

    private void count(Counter counter, Instant now) {
        upsert(counter, now, 1);
    }

    private void upsert(Counter counter, Instant now, int more) {
        query("""
                insert into wrong_amount as w (slot, subject, calls, last_at)
                values (:slot, :subject, :more, :now)
                on conflict on constraint wrong_amount_slot_is_used_once
                do update set
                    subject = excluded.subject,
                    calls = case when w.subject = excluded.subject and w.last_at > :old then w.calls else 0 end + :more,
                    last_at = case
                        when :more = 0 and w.subject = excluded.subject and w.last_at > :old then w.last_at
                        else excluded.last_at
                    end
                """, counter, now)
                .setParameter("more", more)
                .setParameter("now", now)
                .executeUpdate();
    }

    private void refuseIfUsedUp(Counter counter, Guess guess, Instant now) {
        var last =
                query("""
                select cast(extract(epoch from last_at) * 1000 as bigint)
                from wrong_amount
                where slot = :slot and subject = :subject and last_at > :old and calls >= :most
                """, counter, now).setParameter("most", counter.atMost()).getResultList();
        if (last.isEmpty()) return;
        var until = Instant.ofEpochMilli(((Number) last.get(0)).longValue()).plus(COUNTED);
        var seconds = Math.max(1, Duration.between(now, until).toSeconds() + 1);
        throw ProblemType.WRONG_AMOUNTS.with(guess.outTradeNo(), seconds).retryAfter(Duration.ofSeconds(seconds));
    }

    private Query query(String sql, Counter counter, Instant now) {
        return entities.createNativeQuery(sql)
                .setParameter("slot", counter.slot())
                .setParameter("subject", counter.subject())
                .setParameter("old", now.minus(COUNTED));
    }

    private Counter counter(int atMost, Object... of) {
        return counter(HexFormat.of().formatHex(settings.masterKeys().get(0)), atMost, of);
    }

    static Counter counter(String key, int atMost, Object... of) {
        var hash = Digest.sha256("wrong amounts " + key + " " + Arrays.toString(of));
        var slot = Integer.parseInt(hash.substring(0, 4), 16); // 65,536 rows, as the migration says
        var subject = new UUID(
                Long.parseUnsignedLong(hash.substring(8, 24), 16), Long.parseUnsignedLong(hash.substring(24, 40), 16));
        return new Counter(slot, subject, atMost);
    }

    /** IPv6 callers have 2^64 addresses each, so these count by the first 64 bits; IPv4 callers by the whole. */
    static String network(String address) {
        if (address.indexOf(':') < 0) return address;
        try {
            var bytes = InetAddress.getByName(address).getAddress(); // with a colon: parsed, never looked up
            return bytes.length == 4 ? address : HexFormat.of().formatHex(bytes, 0, 8);
        } catch (UnknownHostException notAnAddress) {
            return address;
        }
    }
}
