package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.http.CallersAtWork;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QueryForPayerTest {
    private static final Instant NOON = AnOrder.NOON;

    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final ExecutorService pages = Executors.newFixedThreadPool(2);
    private final QueryForPayer queries = new QueryForPayer();
    private Optional<Instant> last = Optional.empty();

    @BeforeEach
    void open() {
        queries.clock = Clock.fixed(NOON, ZoneOffset.UTC);
        queries.callers = new CallersAtWork();
        queries.attempts = new Attempts() {
            @Override
            public List<Attempt> thatMayBePaid(OrderKey order) {
                return List.of(AnAttempt.ofAnyOrder().shown());
            }
        };
        queries.queryOrder = new QueryOrder() {
            @Override
            PayOrder forPayer(PayOrder order) {
                begun.incrementAndGet();
                try {
                    answered.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return order;
            }

            @Override
            public Optional<Instant> lastOf(OrderKey order) {
                return last;
            }
        };
        queries.signals = new Signals() {
            @Override
            public Executor executor() {
                return pages;
            }
        };
        queries.start(Executors.defaultThreadFactory());
    }

    @AfterEach
    void close() {
        answered.countDown();
        queries.stop();
        pages.shutdown();
    }

    private static PayOrder order() {
        return AnOrder.of(Money.fen(990)).unpaid();
    }

    @Test
    void two_hundred_presses_while_the_providers_are_silent_leave_the_pages_their_threads() throws Exception {
        var presses = IntStream.range(0, 200)
                .mapToObj(i -> queries.of(order()).toCompletableFuture())
                .toList();

        var refused = QueryForPayer.THREADS + QueryForPayer.WAITING;
        assertThat(presses.subList(refused, 200))
                .allSatisfy(press -> assertThat(press.getNow(null)).isEmpty());
        assertThat(pages.submit(() -> "woken").get(1, TimeUnit.SECONDS)).isEqualTo("woken");
        for (var press : presses.subList(0, refused)) {
            assertThat(press.get(10, TimeUnit.SECONDS)).contains(NOON);
        }
        assertThat(begun).hasValue(QueryForPayer.THREADS);
    }

    @Test
    void a_press_soon_after_a_query_waits_for_the_next_one() {
        last = Optional.of(NOON.minusSeconds(2));

        assertThat(queries.of(order()).toCompletableFuture().getNow(Optional.empty()))
                .contains(NOON);
    }

    @Test
    void presses_about_one_order_share_a_query() {
        var order = order();
        var first = queries.of(order).toCompletableFuture();
        var second = queries.of(order).toCompletableFuture();
        answered.countDown();

        assertThat(first.join()).isEmpty();
        assertThat(second.join()).isEmpty();
        assertThat(begun).hasValue(1);
    }
}
