package io.cashdesk.notification;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.SellsInStore;
import io.cashdesk.provider.TinyProvider;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store is answered that gives six hours, and when. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswerUsageTest {
    private final PayOrder order = AnOrder.of(ANewOrder.of(fen(600)).buying(StoreFront.COINS))
            .by(UUID.randomUUID())
            .unpaid();
    private final Attempt attempt = AnAttempt.of(order)
            .through(new Attempt.Target(UUID.randomUUID(), "shop", "com.example", "shop_h5"))
            .shown();
    private final List<Boolean> answers = new ArrayList<>();
    private final List<OrderEvent> events = new ArrayList<>();
    private boolean allowed = true;
    private boolean reached = true;

    private final class Shop extends TinyProvider implements SellsInStore {
        Shop() {
            super("shop", 1, client -> false);
        }

        @Override
        public Optional<Purchase> verify(AccountSettings account, Proof proof) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean answerUsage(AccountSettings account, Purchase purchase, Optional<Boolean> delivered) {
            if (!reached) throw new ProviderFailure(ProviderFailure.Kind.UNREACHABLE, "", "no route");
            if (allowed) answers.add(delivered.orElseThrow());
            return allowed;
        }

        @Override
        public Duration answersWithin() {
            return Duration.ofHours(6);
        }
    }

    private Receipt receipt(Receipt.Kind kind) {
        var sale = new Receipt.Sale(StoreFront.COINS, fen(600), "Sandbox", null);
        return new Receipt(attempt, new Receipt.Payment("1", fen(600), NOON, null, true, "", sale, "{}"), kind, NOON);
    }

    private Receipt paid() {
        var receipt = receipt(Receipt.Kind.ORDER);
        order.paidBy(receipt, attempt, "", null, true, NOON);
        return receipt;
    }

    /** @param after the question, in minutes */
    private Optional<Instant> run(Receipt receipt, long after) {
        var account = new AccountSettings(
                UUID.randomUUID(),
                1,
                new Shop().name(),
                "h5",
                JsonObject.EMPTY_JSON_OBJECT,
                URI.create("https://shop.example"));
        var job = new AnswerUsage();
        job.clock = Clock.fixed(NOON.plus(Duration.ofMinutes(after)), ZoneOffset.UTC);
        job.orders = new PayOrders() {
            @Override
            public Optional<PayOrder> byKey(OrderKey key) {
                return Optional.of(order);
            }

            @Override
            public PayOrder locked(OrderKey key) {
                return order;
            }

            @Override
            public void record(OrderEvent event) {
                events.add(event);
            }
        };
        job.receipts = new Receipts() {
            @Override
            public Optional<Receipt> byId(OrderKey key, UUID id) {
                return Optional.of(receipt);
            }
        };
        job.attempts = new Attempts() {
            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return Optional.of(attempt);
            }
        };
        job.accounts = new Accounts() {
            @Override
            public Optional<Opened> of(UUID merchantId, UUID id) {
                return Optional.of(new Opened(account, merchantId, Mode.TEST));
            }
        };
        job.providers = new Providers(List.of()) {
            @Override
            public PaymentProvider named(String name) {
                return new Shop();
            }
        };
        job.calls = new ProviderCalls() {
            @Override
            public <T> T call(AccountSettings of, Supplier<T> adapter) {
                return adapter.get();
            }
        };
        job.failures = new FailureLog() {
            @Override
            public void log(UUID of, String what, RuntimeException failure) {}
        };
        job.transactions = new Transactions() {
            @Override
            public void runInNew(Runnable work) {
                work.run();
            }
        };
        return job.run(AnswerUsage.id(receipt, NOON));
    }

    @Test
    void a_delivered_purchase_is_answered_at_once() {
        var receipt = paid();
        order.delivered(true);

        assertThat(run(receipt, 0)).isEmpty();
        assertThat(answers).containsExactly(true);
        assertThat(events).isEmpty();
    }

    @Test
    void while_the_delivery_is_repeated_it_waits_and_is_answered_in_time() {
        var receipt = paid();
        order.expectHandler();
        assertThat(run(receipt, 0)).contains(NOON.plus(Duration.ofMinutes(1)));
        order.delivered(false);
        assertThat(run(receipt, 270)).contains(NOON.plus(Duration.ofHours(5)));
        assertThat(answers).isEmpty();

        order.delivered(true);
        assertThat(run(receipt, 275)).isEmpty();
        assertThat(answers).containsExactly(true);
    }

    @Test
    void a_delivery_that_still_fails_when_little_time_is_left_is_answered_as_not_delivered() {
        var receipt = paid();
        order.delivered(false);

        assertThat(run(receipt, 300)).isEmpty();

        assertThat(answers).containsExactly(false);
    }

    @ParameterizedTest
    @EnumSource(
            value = Receipt.Kind.class,
            names = {"DUPLICATE", "DOUBTFUL", "LATE"})
    void a_purchase_that_pays_no_order_was_not_delivered(Receipt.Kind kind) {
        paid();
        order.delivered(true);

        run(receipt(kind), 0);

        assertThat(answers).containsExactly(false);
    }

    @Test
    void without_a_recipient_nothing_is_answered_and_the_order_says_why() {
        assertThat(run(paid(), 0)).isEmpty();

        assertThat(answers).isEmpty();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo("purchase.usage-not-answered");
            assertThat(event.detail()).contains("not known", "\"1\"");
        });
    }

    @Test
    void that_the_account_does_not_allow_it_is_recorded_too() {
        var receipt = paid();
        order.delivered(true);
        allowed = false;

        run(receipt, 0);

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.detail()).contains("does not allow"));
    }

    @Test
    void an_answer_that_does_not_arrive_is_repeated_until_the_store_decides() {
        var receipt = paid();
        order.delivered(true);
        reached = false;

        assertThat(run(receipt, 0)).contains(NOON.plus(Duration.ofMinutes(1)));
        assertThat(run(receipt, 320)).isEmpty();

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.detail()).contains("in time"));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "30, 60", "719, "})
    void each_pause_is_as_long_as_all_before_it_until_the_limit(long minutes, Long pause) {
        var now = NOON.plus(Duration.ofMinutes(minutes));

        assertThat(AnswerUsage.next(NOON, now, NOON.plus(Duration.ofHours(12))))
                .isEqualTo(Optional.ofNullable(pause)
                        .map(p -> now.plus(Duration.ofMinutes(Math.min(p, Math.max(minutes, 1))))));
    }
}
