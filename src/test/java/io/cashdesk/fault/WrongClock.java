package io.cashdesk.fault;

import io.cashdesk.testing.SteeredClock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Lets the system clock of a node leap, a minute ahead or behind most of the time, and meanwhile reads what only a node
 * that believes such a clock stores. The database's clock decides.
 */
final class WrongClock {
    private static final int LEAPS = 5;

    private static final String BELIEVED = """
            select o.out_trade_no, 'closed before its deadline' as what, o.expires_at::text as at
            from pay_order o
            join order_event x on x.order_id = o.id and x.kind = 'closed' and x.detail = 'deadline'
            where o.state = 'CLOSED' and o.expires_at > clock_timestamp() + interval '1 s'
            union all
            select o.out_trade_no, 'stored with a time that has not come', x.at::text
            from order_event x
            join pay_order o on o.id = x.order_id
            where x.at > clock_timestamp() + interval '2 s'
            union all
            select o.out_trade_no, 'stored with a time before the order was created', x.at::text
            from order_event x
            join pay_order o on o.id = x.order_id
            where x.at < o.created_at - interval '2 s'
            """;

    private final SteeredClock clock;
    private final String database;
    private final Map<String, Difference> found = new LinkedHashMap<>();
    private volatile boolean ended;

    WrongClock(SteeredClock clock, String database) {
        this.clock = clock;
        this.database = database;
    }

    /** Until {@link #end}: it leaps {@value #LEAPS} times within this time, and then stays as it is. */
    void run(long seed, Duration time) {
        var random = new Random(seed);
        var begun = System.nanoTime();
        ended = false;
        for (int leaps = 0; !ended; ) {
            if (leaps < LEAPS && System.nanoTime() - begun >= time.toNanos() / LEAPS * leaps) {
                leaps++;
                var seconds = leaps == LEAPS - 1 ? 0 : (random.nextBoolean() ? 1 : -1) * (5 + random.nextInt(60));
                clock.isAhead(Duration.ofSeconds(seconds));
            }
            look();
            pause();
        }
    }

    private void look() {
        for (var each : Sql.of(
                database,
                BELIEVED,
                row -> new Difference(
                        row.getString(1), row.getString(2), "by the database's clock", row.getString(3)))) {
            found.putIfAbsent(each.number() + each.what(), each);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The clock is right again. */
    void end() {
        ended = true;
        clock.isAhead(Duration.ZERO);
    }

    /** What a believed clock has done since the beginning. */
    Collection<Difference> found() {
        return List.copyOf(found.values());
    }
}
