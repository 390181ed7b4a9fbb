package io.cashdesk.face.epay;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.merchant.AnEpayAccess;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.refund.ARefund;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundPayment;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TradesTest {
    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final Receipt receipt;
    private final String number = "epay-" + Trade.number(order);

    TradesTest() {
        var attempt = AnAttempt.of(order).calling();
        receipt = AReceipt.through(attempt).of(fen(990));
        order.paidBy(receipt, attempt, "", "", false, AnOrder.NOON);
    }

    private ARefund refund(String numbered) {
        return ARefund.from(order, receipt).numbered(numbered);
    }

    @Test
    void a_refund_without_a_number_has_that_of_its_order_and_keeps_it() {
        assertThat(Trades.refundNo(order, List.of(), 990)).isEqualTo(number);
        assertThat(Trades.refundNo(order, List.of(refund(number).accepted(fen(990))), 990))
                .isEqualTo(number);
        assertThat(Trades.refundNo(order, List.of(refund(number).accepted(fen(990))), 500))
                .as("another amount is refused under the number of the first")
                .isEqualTo(number);
    }

    @Test
    void a_refund_that_was_refused_is_tried_again_under_its_number_and_another_amount_under_the_next() {
        var refused = List.of(refund(number).failed(fen(990), "NOT_ENOUGH"));

        assertThat(Trades.refundNo(order, refused, 990)).isEqualTo(number);
        assertThat(Trades.refundNo(order, refused, 500)).isEqualTo(number + "-2");
    }

    @Test
    void after_a_refund_that_the_provider_has_closed_another_one_may_follow() {
        var closed = refund(number).closed(fen(990));

        assertThat(Trades.refundNo(order, List.of(closed), 990)).isEqualTo(number + "-2");
        assertThat(Trades.refundNo(order, List.of(closed, refund(number + "-2").accepted(fen(990))), 990))
                .as("its repetition finds it")
                .isEqualTo(number + "-2");
        assertThat(Trades.refundNo(order, List.of(closed, refund(number + "-2").closed(fen(990))), 990))
                .isEqualTo(number + "-3");
    }

    private Trades refunding(Refund result) {
        var trades = new Trades();
        trades.refundPayment = new RefundPayment() {
            @Override
            public Refund of(PayOrder of, Wish wish) {
                return result;
            }
        };
        return trades;
    }

    private static Parameters money() {
        return Parameters.of("money=9.90", new byte[0], null);
    }

    @Test
    void a_refund_that_ended_without_money_is_refused_with_a_reason_in_both_languages() {
        assertThatThrownBy(() -> refunding(refund(number).closed(fen(990))).refund(order, number, money()))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.text(Locale.CHINESE)).contains("关闭", "重新发起");
                    assertThat(refusal.text(Locale.ENGLISH)).contains("closed", "refund again");
                });
        assertThatThrownBy(
                        () -> refunding(refund(number).failed(fen(990), "余额不足")).refund(order, number, money()))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.text(Locale.CHINESE)).contains("“余额不足”");
                    assertThat(refusal.text(Locale.ENGLISH)).contains("\"余额不足\"");
                });
        assertThat(refunding(refund(number).accepted(fen(990)))
                        .refund(order, number, money())
                        .outRefundNo())
                .isEqualTo(number);
    }

    /** A clock that is set by hand. */
    private static final class Hand extends Clock {
        private Instant now = AnOrder.NOON;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void figures_are_counted_once_in_a_minute() {
        var merchant = new Merchant("tea", "Tea", AnOrder.NOON);
        var held = List.of(new Authority.Held("tea", merchant.id()));
        var shop = new Shop(
                AnEpayAccess.of(merchant.id(), 1001, null),
                merchant,
                new Authority(Mode.TEST, ApiKey.Kind.SECRET, held));
        var counts = new int[1];
        var clock = new Hand();
        var trades = new Trades();
        trades.clock = clock;
        trades.orders = new PayOrders() {
            @Override
            public long countOfEpay(UUID of, Mode mode, Instant from, Instant before) {
                return ++counts[0];
            }
        };

        assertThat(trades.figures(shop).build().getInt("orders")).isEqualTo(1);
        clock.now = clock.now.plusSeconds(59);
        assertThat(trades.figures(shop).build().getInt("orders")).isEqualTo(1);
        assertThat(counts[0]).isEqualTo(3);
        clock.now = clock.now.plusSeconds(1);
        assertThat(trades.figures(shop).build().getInt("orders")).isEqualTo(4);
    }
}
