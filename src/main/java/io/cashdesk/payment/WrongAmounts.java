package io.cashdesk.payment;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.NewOrder;
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
 * amount is answered like an unknown number, and wrong calls are counted, so that a caller that tries amounts is
 * refused (docs/api.md, "What a publishable key may do").
 *
 * <p>This does not keep an amount secret: {@code queryPayment} with the same key says it to every caller that knows the
 * number. A caller with the right amount may also change the payer's wallet, as a payer's client may; how often is
 * limited by {@link AttemptLimit}. What protects an order from others is that its number cannot be guessed.
 *
 * <p>Unknown numbers are counted too, otherwise the refusal would show which numbers exist. Callers can invent numbers
 * without end, so the counters are in a fixed number of rows: a counter's row follows from a keyed hash, and a counter
 * of something else that falls on the same row replaces it. As the hash depends on the master key, a caller cannot
 * choose numbers that replace its own counter. {@link #PER_ADDRESS} bounds how many rows one caller can replace.
 *
 * <p>{@link StoreCallLimit} counts in the same rows.
 *
 * <p>A right call only reads. Wrong calls at the same time are counted one after the other, in the statement that
 * writes the row; a right one among them can be answered, as if it had come first.
 */
@ApplicationScoped
class WrongAmounts {
    /** Wrong calls for one number from one address; then right ones are refused too. */
    static final int PER_CALLER = 5;

    /**
     * Wrong calls for all numbers of a merchant from one address, behind which there may be many payers: then only
     * further wrong ones are refused, and not counted for their number.
     */
    static final int PER_ADDRESS = 200;

    /** How long wrong calls count, from the first of them; then all of them are forgotten. */
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
     * The stored value of a counter.
     *
     * @param firstAt when the first of the calls came
     */
    record Count(int calls, Instant firstAt) {
        /** How long calls are refused from now on; empty if they are not. */
        Optional<Duration> refusedFor(int most, Instant now) {
            if (calls <= most) return Optional.empty();
            var seconds = Duration.between(now, firstAt.plus(COUNTED)).toSeconds() + 1;
            return Optional.of(Duration.ofSeconds(Math.max(1, seconds)));
        }

        /** As {@link #refusedFor}, of a call that is not counted yet. */
        Optional<Duration> nextRefusedFor(int most, Instant now) {
            return new Count(calls + 1, firstAt).refusedFor(most, now);
        }
    }

    /**
     * Whether the order costs this; and of a provider whose price list decides the amount, whether the merchant's
     * server has named the same goods: others may cost the same, and the order's webhook would not say which were paid.
     */
    static boolean asCreated(PayOrder order, NewOrder wanted) {
        var goods = wanted.special().priced();
        var named = wanted.goods().total().minor() > 0; // otherwise only the provider's store says what is paid
        return (!named || order.total().equals(wanted.goods().total()))
                && (goods == null || order.goods().filter(goods::equals).isPresent());
    }

    /**
     * The order with this number and amount, and with these goods where the provider has a price list.
     *
     * @throws io.cashdesk.ground.problem.Problem ORDER_NOT_FOUND if there is none; WRONG_AMOUNTS after too many such
     *     calls
     */
    PayOrder order(Guess guess, NewOrder wanted) {
        var order = orders.byNumber(guess.merchant(), guess.mode(), guess.outTradeNo());
        var caller = counter(PER_CALLER, guess.merchant(), guess.mode(), guess.outTradeNo(), network(guess.address()));
        var now = clock.instant();
        var since = since(order.map(PayOrder::createdAt), now);
        stored(caller, since)
                .flatMap(count -> count.nextRefusedFor(caller.atMost(), now))
                .ifPresent(time -> refuse(guess, time));
        return order.filter(o -> asCreated(o, wanted)).orElseGet(() -> {
            var address = counter(PER_ADDRESS, guess.merchant(), guess.mode(), "", network(guess.address()));
            transactions.inNew(() -> count(address, caller, since, now)).ifPresent(time -> refuse(guess, time));
            throw ProblemType.ORDER_NOT_FOUND.with(guess.outTradeNo());
        });
    }

    /**
     * Only a counter whose first call came later counts: what a client called before the merchant's server had created
     * the order says nothing about amounts.
     */
    static Instant since(Optional<Instant> created, Instant now) {
        var hourAgo = now.minus(COUNTED);
        return created.filter(hourAgo::isBefore).orElse(hourAgo);
    }

    /** Counts a wrong call; how long it is refused, if it is one too many. */
    private Optional<Duration> count(Counter address, Counter caller, Instant since, Instant now) {
        var refused = counted(address, now.minus(COUNTED), now).refusedFor(address.atMost(), now);
        return refused.isPresent() ? refused : counted(caller, since, now).refusedFor(caller.atMost(), now);
    }

    private static void refuse(Guess guess, Duration time) {
        throw ProblemType.WRONG_AMOUNTS
                .with(guess.outTradeNo(), time.toSeconds())
                .retryAfter(time);
    }

    private Optional<Count> stored(Counter counter, Instant since) {
        return read(query("""
                select calls, cast(extract(epoch from first_at) * 1000 as bigint)
                from wrong_amount
                where slot = :slot and subject = :subject and first_at > :since
                """, counter, since));
    }

    /** One statement, so that of calls at the same time each gets another count. */
    Count counted(Counter counter, Instant since, Instant now) {
        var query = query("""
                insert into wrong_amount as w (slot, subject, calls, first_at)
                values (:slot, :subject, 1, :now)
                on conflict on constraint wrong_amount_slot_is_used_once
                do update set
                    subject = excluded.subject,
                    calls = case when w.subject = excluded.subject and w.first_at > :since then w.calls + 1 else 1 end,
                    first_at = case
                        when w.subject = excluded.subject and w.first_at > :since then w.first_at
                        else excluded.first_at
                    end
                returning calls, cast(extract(epoch from first_at) * 1000 as bigint)
                """, counter, since);
        return read(query.setParameter("now", now)).orElseThrow();
    }

    private static Optional<Count> read(Query query) {
        return ((List<?>) query.getResultList())
                .stream()
                        .map(Object[].class::cast)
                        .map(row -> new Count(
                                ((Number) row[0]).intValue(), Instant.ofEpochMilli(((Number) row[1]).longValue())))
                        .findFirst();
    }

    private Query query(String sql, Counter counter, Instant since) {
        return entities.createNativeQuery(sql)
                .setParameter("slot", counter.slot())
                .setParameter("subject", counter.subject())
                .setParameter("since", since);
    }

    Counter counter(int atMost, Object... of) {
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
