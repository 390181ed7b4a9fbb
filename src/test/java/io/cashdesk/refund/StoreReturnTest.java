package io.cashdesk.refund;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.SellsInStore;
import io.cashdesk.provider.TinyProvider;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Refunds that a provider's own store makes, without a call of the merchant's. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StoreReturnTest {
    private final List<Refund> stored = new ArrayList<>();
    private final List<PayOrderChanged> fired = new ArrayList<>();
    private final List<OrderEvent> events = new ArrayList<>();
    private PayOrder order;
    private Receipt receipt;

    private final class Fired implements Event<PayOrderChanged> {
        @Override
        public void fire(PayOrderChanged event) {
            fired.add(event);
        }

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

    private static final class Shop extends TinyProvider implements SellsInStore {
        Shop() {
            super("shop", 1, client -> false);
        }

        @Override
        public Optional<Purchase> verify(AccountSettings account, Proof proof) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean answerUsage(AccountSettings account, Purchase purchase, Optional<Boolean> delivered) {
            throw new UnsupportedOperationException();
        }
    }

    private RefundPayment paid(Money total) {
        order = AnOrder.of(ANewOrder.of(total).buying("{}")).unpaid();
        var attempt = AnAttempt.of(order).calling();
        receipt = AReceipt.through(attempt).of(total);
        attempt.paid();
        order.paidBy(receipt, attempt, "", null, true, NOON);
        return refunding(attempt);
    }

    private RefundPayment refunding(Attempt attempt) {
        var clock = Clock.fixed(NOON, ZoneOffset.UTC);
        var transactions = new Transactions() {
            @Override
            public void runInCurrentOrNew(Runnable work) {
                work.run();
            }

            @Override
            public void afterCommit(Runnable work) {}
        };
        var orders = new PayOrders() {
            @Override
            public PayOrder locked(OrderKey key) {
                return order;
            }

            @Override
            public void record(OrderEvent event) {
                events.add(event);
            }
        };
        var refunds = new Refunds() {
            @Override
            void add(Refund refund) {
                stored.add(refund);
            }

            @Override
            Refund locked(RefundKey key) {
                return stored.stream()
                        .filter(r -> r.key().equals(key))
                        .findFirst()
                        .orElseThrow();
            }

            @Override
            UUID receiptOf(RefundKey key) {
                return receipt.id();
            }

            @Override
            public List<Refund> allOf(OrderKey key) {
                return List.copyOf(stored);
            }

            @Override
            public Optional<Refund> byMerchantsNumber(UUID merchant, Mode mode, String number) {
                return stored.stream()
                        .filter(r -> r.outRefundNo().equals(number))
                        .findFirst();
            }
        };
        var receipts = new Receipts() {
            @Override
            public Receipt locked(OrderKey of, UUID id) {
                return receipt;
            }
        };
        var refunding = new RefundPayment();
        refunding.store = new StoreRefund();
        refunding.store.clock = clock;
        refunding.store.transactions = transactions;
        refunding.store.orders = orders;
        refunding.store.refunds = refunds;
        refunding.store.attempts = new Attempts() {
            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return Optional.of(attempt);
            }
        };
        refunding.applyRefundReport = new ApplyRefundReport();
        refunding.applyRefundReport.clock = clock;
        refunding.applyRefundReport.transactions = transactions;
        refunding.applyRefundReport.orders = orders;
        refunding.applyRefundReport.refunds = refunds;
        refunding.applyRefundReport.receipts = receipts;
        refunding.applyRefundReport.signals = new Signals();
        refunding.applyRefundReport.changes = new Fired();
        return refunding;
    }

    private static RefundReport.Succeeded returned(String refundNo, long fen) {
        return new RefundReport.Succeeded(refundNo, "", fen(fen), null, NOON, "{\"said\":\"REFUND\"}");
    }

    @Test
    void are_refunds_of_cause_external_of_which_the_merchant_is_notified() {
        var refunding = paid(fen(600));

        refunding.byStore(order, receipt, false, returned("1-1", 200));

        assertThat(order.status()).isEqualTo(2);
        assertThat(order.refundFee()).isEqualTo(200);
        assertThat(stored).singleElement().satisfies(refund -> {
            assertThat(refund.state()).isEqualTo(RefundState.SUCCEEDED);
            assertThat(refund.cause()).isEqualTo(RefundCause.EXTERNAL);
            assertThat(refund.refundNo()).isEqualTo("1-1");
            assertThat(refund.outRefundNo()).isEqualTo(order.outTradeNo() + "-1");
            assertThat(refund.evidence()).contains("{\"said\":\"REFUND\"}");
        });
        assertThat(fired).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(PayOrderChanged.Kind.REFUNDED);
            assertThat(change.details().getJsonObject("refund").getString("cause"))
                    .isEqualTo("external");
        });
        assertThat(events).extracting(OrderEvent::kind).containsExactly("refund.external", "refund.succeeded");
    }

    @Test
    void of_all_of_it_change_the_status_to_3_whatever_they_amount_to() {
        var refunding = paid(fen(600));
        refunding.byStore(order, receipt, false, returned("1-1", 200));
        refunding.byStore(order, receipt, true, returned("1-2", 400));
        assertThat(order.status()).isEqualTo(3);
        assertThat(order.refundNum()).isEqualTo(2);

        stored.clear();
        var withoutAmount = paid(fen(0));
        withoutAmount.byStore(order, receipt, false, returned("2-1", 0));
        assertThat(order.status()).isEqualTo(2);
        withoutAmount.byStore(order, receipt, true, returned("2-2", 0));
        assertThat(order.status()).isEqualTo(3);
        assertThat(order.refundFee()).isZero();
    }

    @Test
    void are_made_by_the_store_alone() {
        var providers = new Providers(List.of()) {
            @Override
            public PaymentProvider named(String name) {
                return new Shop();
            }
        };

        assertThatThrownBy(() -> RefundPayment.refunding(providers, "shop"))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.type().code()).isEqualTo(1108))
                .hasMessageContaining("only the store itself refunds");
    }
}
