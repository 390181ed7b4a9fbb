package io.cashdesk.refund;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.TinyProvider;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Late and duplicate payments, at a provider that does not take back some of what is bought. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StrayRefundTest {
    private final List<Refund> stored = new ArrayList<>();

    /** Leaves coins with the payer. */
    private static final class CoinSeller extends TinyProvider implements MakesRefunds {
        CoinSeller() {
            super("tiny", 1, client -> false);
        }

        @Override
        public Optional<LocalizedText> besideRefund(JsonObject goods) {
            return goods.getString("mode", "").equals("coins")
                    ? Optional.of(LocalizedText.same("take them back"))
                    : Optional.empty();
        }

        @Override
        public boolean fitsRefund(String outRefundNo) {
            return true;
        }

        @Override
        public int mostRefunds(AccountSettings account) {
            return 1;
        }

        @Override
        public Period refundable() {
            return Period.ofYears(1);
        }

        @Override
        public RefundReport refund(AccountSettings account, RefundRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RefundReport queryRefund(AccountSettings account, RefundRequest request) {
            throw new UnsupportedOperationException();
        }
    }

    private StoreRefund store(Attempt attempt) {
        var store = new StoreRefund();
        store.clock = Clock.fixed(AnOrder.NOON, ZoneOffset.UTC);
        store.transactions = new Transactions() {
            @Override
            public void afterCommit(Runnable work) {}
        };
        store.orders = new PayOrders() {
            @Override
            public void record(OrderEvent event) {}
        };
        store.attempts = new Attempts() {
            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return Optional.of(attempt);
            }
        };
        store.refunds = new Refunds() {
            @Override
            void add(Refund refund) {
                stored.add(refund);
            }

            @Override
            public List<Refund> allOf(OrderKey key) {
                return List.copyOf(stored);
            }
        };
        store.providers = new Providers(List.of()) {
            @Override
            public PaymentProvider named(String name) {
                return new CoinSeller();
            }
        };
        return store;
    }

    private boolean refunded(String goods, Receipt.Kind kind) {
        var order = AnOrder.of(ANewOrder.of(fen(990)).buying(goods)).unpaid();
        var attempt = AnAttempt.of(order).calling();
        var receipt = AReceipt.through(attempt).as(kind).of(fen(990));
        return store(attempt).ofStray(order, receipt);
    }

    @ParameterizedTest
    @EnumSource(names = {"LATE", "DUPLICATE"})
    void of_coins_are_not_refunded_because_the_coins_would_stay(Receipt.Kind kind) {
        assertThat(refunded("{\"mode\":\"coins\"}", kind)).isFalse();
        assertThat(stored).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LATE", "DUPLICATE"})
    void of_goods_and_of_no_goods_are_refunded(Receipt.Kind kind) {
        assertThat(refunded("{\"mode\":\"goods\"}", kind)).isTrue();
        assertThat(refunded(null, kind)).isTrue();
        assertThat(stored).extracting(Refund::amount).containsExactly(fen(990), fen(990));
    }

    @Test
    void of_coins_are_refunded_when_an_operator_has_decided_so() {
        var order = AnOrder.of(ANewOrder.of(fen(990)).buying("{\"mode\":\"coins\"}"))
                .unpaid();
        var attempt = AnAttempt.of(order).calling();
        var receipt = AReceipt.through(attempt).as(Receipt.Kind.LATE).of(fen(990));

        assertThat(store(attempt).ofStray(order, receipt, RefundCause.HELD)).isTrue();
    }
}
