package io.cashdesk.notification;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.ExpiredOrders;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.TinyProvider;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.testing.Fired;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.json.JsonObject;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payments of an order that is paid already, and payments that were notified with other goods. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplyReportTest {
    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final List<Receipt> stored = new ArrayList<>();
    private final List<OrderEvent> events = new ArrayList<>();
    private final List<Attempt> all = new ArrayList<>();
    private boolean onceOnly = true;
    private boolean coins;
    private boolean late;
    private Instant now = NOON;
    private final List<Receipt> strays = new ArrayList<>();
    private int refunded;

    private final class Wallet extends TinyProvider implements Creates {
        Wallet() {
            super("wxpay", 1, client -> false);
        }

        @Override
        public Identity identity(AccountSettings account) {
            return new Identity("1600000000", "wx1");
        }

        @Override
        public Created create(AccountSettings account, PaymentRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean onceOnly() {
            return onceOnly;
        }

        @Override
        public boolean mayBeginLate(String environment) {
            return late;
        }
    }

    /** Takes every event. */
    private static final class Ignored implements Event<PayOrderChanged> {
        @Override
        public void fire(PayOrderChanged event) {}

        @Override
        public <U extends PayOrderChanged> CompletionStage<U> fireAsync(U event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <U extends PayOrderChanged> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Event<PayOrderChanged> select(Annotation... qualifiers) {
            return this;
        }

        @Override
        public <U extends PayOrderChanged> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <U extends PayOrderChanged> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }
    }

    private Attempt attempt() {
        var attempt = AnAttempt.of(order).numbered("N" + all.size()).shown();
        all.add(attempt);
        return attempt;
    }

    private void reported(Attempt attempt, String transactionId) {
        var paid = new ProviderReport.Paid(
                attempt.attemptNo(),
                "1600000000",
                "wx1",
                transactionId,
                fen(990),
                NOON,
                null,
                "",
                ProviderReport.WentBack.NOTHING,
                "{}");
        wired().apply(attempt.key(), paid, ApplyReport.Source.QUERY);
    }

    private ApplyReport wired() {
        var apply = new ApplyReport();
        apply.clock = Clock.fixed(now, ZoneOffset.UTC);
        apply.signals = new Signals();
        apply.changes = new Ignored();
        apply.strays = new Fired<>(stray -> strays.add(stray.receipt()));
        apply.transactions = new Transactions() {
            @Override
            public void runInCurrentOrNew(Runnable work) {
                work.run();
            }

            @Override
            public void afterCommit(Runnable work) {}
        };
        apply.orders = new PayOrders() {
            @Override
            public PayOrder locked(OrderKey key) {
                return order;
            }

            @Override
            public void record(OrderEvent event) {
                events.add(event);
            }

            @Override
            public List<OrderEvent> events(OrderKey key, String kind) {
                return events.stream().filter(e -> e.kind().equals(kind)).toList();
            }
        };
        apply.attempts = new Attempts() {
            @Override
            public Attempt locked(AttemptKey key) {
                return all.stream().filter(a -> a.key().equals(key)).findFirst().orElseThrow();
            }

            @Override
            public Attempt lockedForPayment(AttemptKey key) {
                return locked(key);
            }
        };
        apply.receipts = new Receipts() {
            @Override
            public void add(Receipt receipt) {
                stored.add(receipt);
            }

            @Override
            public List<Receipt> of(OrderKey key) {
                return List.copyOf(stored);
            }

            @Override
            public Optional<Receipt> byTransaction(UUID merchant, String provider, String merchantNo, String id) {
                return stored.stream().filter(r -> r.transactionId().equals(id)).findFirst();
            }
        };
        var account = new AccountSettings(
                UUID.randomUUID(),
                1,
                new Wallet().name(),
                "h5",
                JsonObject.EMPTY_JSON_OBJECT,
                URI.create("https://tiny.example"));
        apply.accounts = new Accounts() {
            @Override
            public Optional<Opened> of(UUID merchantId, UUID id) {
                return Optional.of(new Opened(account, merchantId, Mode.TEST));
            }
        };
        apply.providers = new Providers(List.of()) {
            @Override
            public PaymentProvider named(String name) {
                return new Wallet();
            }
        };
        apply.expiredOrders = new ExpiredOrders() {
            @Override
            public void closeAfterAttempt(PayOrder of, Instant at) {}
        };
        apply.merchants = new Merchants() {
            @Override
            public Merchant byId(UUID id) {
                return new Merchant("p", "shop", NOON);
            }
        };
        apply.refundPayment = new RefundPayment() {
            @Override
            public boolean ofStray(PayOrder of, Receipt receipt) {
                if (!coins) refunded++;
                return !coins;
            }

            @Override
            public Optional<LocalizedText> besideRefund(PayOrder of, String provider) {
                return coins ? Optional.of(LocalizedText.same("take the coins back")) : Optional.empty();
            }
        };
        apply.countReceipt = new CountReceipt() {
            @Override
            public void of(PayOrder of, Attempt attempt, Receipt receipt) {
                of.paidBy(receipt, attempt, "wx1", null, false, NOON);
            }
        };
        return apply;
    }

    @Test
    void one_payment_of_a_number_that_is_taken_once_counts_once_whatever_the_provider_calls_it() {
        var attempt = attempt();

        reported(attempt, "wx-N0");
        reported(attempt, "4200001");

        assertThat(stored).hasSize(1);
        assertThat(refunded).isZero();
        assertThat(order.needsPerson()).isEmpty();
    }

    @Test
    void of_another_provider_a_second_number_is_a_second_payment() {
        onceOnly = false;
        var attempt = attempt();

        reported(attempt, "4200001");
        reported(attempt, "4200002");

        assertThat(stored).extracting(Receipt::kind).containsExactly(Receipt.Kind.ORDER, Receipt.Kind.DUPLICATE);
        assertThat(refunded).isOne();
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "false, 1"})
    void a_second_payment_is_refunded_unless_what_was_bought_stays(boolean stays, int refunds) {
        coins = stays;
        var first = attempt();
        var second = attempt();

        reported(first, "4200001");
        reported(second, "4200002");

        assertThat(stored).extracting(Receipt::kind).containsExactly(Receipt.Kind.ORDER, Receipt.Kind.DUPLICATE);
        assertThat(refunded).isEqualTo(refunds);
        if (stays) assertThat(order.needsPerson().orElseThrow()).contains("4200002", "take the coins back");
        else assertThat(order.needsPerson()).isEmpty();
    }

    @Test
    void a_payment_that_was_notified_with_other_goods_is_held() {
        var attempt = attempt();
        events.add(new OrderEvent(order.key(), attempt.id(), NOON, OrderEvent.DIFFERS, "{}"));
        order.requirePerson("a notification differs");

        reported(attempt, "4200001");

        assertThat(order.paid()).isFalse();
        assertThat(stored).singleElement().satisfies(r -> {
            assertThat(r.kind()).isEqualTo(Receipt.Kind.DOUBTFUL);
            assertThat(r.disposition()).isEqualTo(Receipt.Disposition.HELD);
            assertThat(order.openAbout(r)).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_the_payers_client_may_still_begin_is_watched_after_its_end(boolean mayBeginLate) {
        late = mayBeginLate;
        var attempt = attempt();
        now = attempt.endsAt().plus(Duration.ofMinutes(5));

        wired().apply(attempt.key(), new ProviderReport.Absent(attempt.attemptNo(), "{}"), ApplyReport.Source.QUERY);

        assertThat(attempt.state()).isEqualTo(AttemptState.CLOSED);
        assertThat(attempt.watched()).isEqualTo(mayBeginLate);
    }

    @Test
    void money_that_does_not_pay_the_order_is_reported_to_the_other_parts() {
        var first = attempt();
        var second = attempt();
        reported(first, "4200001");
        assertThat(strays).isEmpty();
        reported(second, "4200002");
        assertThat(strays).extracting(Receipt::transactionId).containsExactly("4200002");
    }

    @Test
    void after_the_decision_about_other_goods_a_payment_counts() {
        var attempt = attempt();
        events.add(new OrderEvent(order.key(), attempt.id(), NOON, OrderEvent.DIFFERS, "{}"));

        reported(attempt, "4200001");

        assertThat(order.paid()).isTrue();
    }
}
