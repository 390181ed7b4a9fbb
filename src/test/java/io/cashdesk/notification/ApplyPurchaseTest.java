package io.cashdesk.notification;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.notification.StoreFront.COINS;
import static io.cashdesk.notification.StoreFront.VIP;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.notification.ApplyPurchase.Outcome;
import io.cashdesk.notification.StoreFront.Bought;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a purchase in a provider's own store does to the orders of its merchant. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplyPurchaseTest {
    private final StoreFront shop = new StoreFront();

    @Nested
    class Its_price {
        @Test
        void in_yuan_is_the_amount_of_an_order_without_one() {
            var attempt = shop.order("A1", COINS);

            var result =
                    shop.posted(attempt, Bought.of("1", COINS).carrying(attempt).purchase());

            assertThat(result.outcome()).isEqualTo(Outcome.STORED);
            assertThat(shop.order("A1").status()).isEqualTo(1);
            assertThat(shop.order("A1").total()).isEqualTo(fen(600));
            assertThat(shop.receipt("1").amount()).isEqualTo(fen(600));
            assertThat(shop.receipt("1").sale()).contains(new Receipt.Sale(COINS, fen(600), "Sandbox", null));
        }

        @Test
        void in_another_currency_is_only_recorded() {
            var attempt = shop.order("A1", COINS);
            var price = new Money(99, "USD");

            shop.posted(
                    attempt,
                    Bought.of("1", COINS).carrying(attempt).priced(price).purchase());

            assertThat(shop.order("A1").status()).isEqualTo(1);
            assertThat(shop.order("A1").total()).isEqualTo(fen(0));
            assertThat(shop.receipt("1").sale().orElseThrow().price()).isEqualTo(price);
        }

        @Test
        void that_differs_from_the_named_amount_is_only_recorded() {
            var attempt = shop.order("A1", COINS, fen(500));

            shop.posted(attempt, Bought.of("1", COINS).carrying(attempt).purchase());

            assertThat(shop.order("A1").status()).isEqualTo(1);
            assertThat(shop.order("A1").total()).isEqualTo(fen(500));
            assertThat(shop.receipt("1").amount()).isEqualTo(fen(500));
            assertThat(shop.order("A1").needsPerson()).isEmpty();
        }
    }

    @Nested
    class It_pays {
        @Test
        void the_order_whose_number_the_store_carries_whichever_order_it_is_posted_for() {
            var own = shop.order("A1", COINS);
            var named = shop.order("A2", COINS);

            var result = shop.posted(named, Bought.of("1", COINS).carrying(own).purchase());

            assertThat(result)
                    .isEqualTo(new ApplyPurchase.Result(
                            Outcome.STORED, Optional.of(shop.order("A1").key()), true));
            assertThat(shop.order("A1").paid()).isTrue();
            assertThat(shop.order("A2").paid()).isFalse();
        }

        @Test
        void without_a_number_the_order_for_which_it_is_posted_if_the_goods_are_equal() {
            var attempt = shop.order("A1", COINS);

            assertThat(shop.posted(attempt, Bought.of("1", VIP).purchase()).outcome())
                    .isEqualTo(Outcome.OTHER_GOODS);
            assertThat(shop.receipts).isEmpty();
            assertThat(shop.order("A1").needsPerson()).isEmpty();

            assertThat(shop.posted(attempt, Bought.of("2", COINS).purchase()).outcome())
                    .isEqualTo(Outcome.STORED);
            assertThat(shop.order("A1").paid()).isTrue();
        }

        @Test
        void with_a_number_that_is_not_ours_like_one_without() {
            var attempt = shop.order("A1", COINS);

            shop.posted(
                    attempt, Bought.of("1", COINS).carrying("a user of the app").purchase());

            assertThat(shop.order("A1").paid()).isTrue();
        }

        @Test
        void nothing_if_the_number_is_another_merchants() {
            var attempt = shop.order("A1", COINS);
            shop.ofOthers.add("theirs");

            var result = shop.posted(
                    attempt, Bought.of("1", COINS).carrying("theirs").purchase());

            assertThat(result.outcome()).isEqualTo(Outcome.OF_ANOTHER);
            assertThat(shop.receipts).isEmpty();
        }

        @Test
        void at_any_age() {
            var attempt = shop.order("A1", COINS);
            var old = NOON.minus(Duration.ofDays(40));

            shop.posted(attempt, Bought.of("1", COINS).at(old).purchase());

            assertThat(shop.order("A1").paid()).isTrue();
            assertThat(shop.order("A1").paidAt()).contains(old);
        }

        @Test
        void once_over_all_orders() {
            var first = shop.order("A1", COINS);
            var second = shop.order("A2", COINS);
            var purchase = Bought.of("1", COINS).purchase();
            shop.posted(first, purchase);

            assertThat(shop.posted(first, purchase))
                    .isEqualTo(new ApplyPurchase.Result(
                            Outcome.STORED, Optional.of(shop.order("A1").key()), false));
            assertThat(shop.posted(second, purchase).order())
                    .contains(shop.order("A1").key());

            assertThat(shop.receipts).hasSize(1);
            assertThat(shop.order("A2").paid()).isFalse();
            assertThat(shop.changes).containsExactly(PayOrderChanged.Kind.PAID);
        }

        @Test
        void the_same_however_often_it_is_posted_for_another_order_than_the_one_of_its_number() {
            var own = shop.order("A1", COINS);
            var named = shop.order("A2", COINS);
            var purchase = Bought.of("1", COINS).carrying(own).purchase();

            var first = shop.posted(named, purchase);

            assertThat(shop.posted(named, purchase)).isEqualTo(first);
        }

        @Test
        void under_the_locks_of_the_purchase_and_then_of_all_orders_in_the_order_of_their_keys() {
            var one = shop.order("A1", COINS);
            var other = shop.order("A2", COINS);

            shop.posted(other, Bought.of("1", COINS).carrying(one).purchase());
            var crosswise = shop.locks.stream().limit(3).toList();
            shop.posted(one, Bought.of("2", COINS).carrying(other).purchase());

            assertThat(crosswise.get(0)).isEqualTo("purchase shop com.example 1");
            assertThat(shop.locks.get(0)).isEqualTo("purchase shop com.example 2");
            assertThat(shop.locks.subList(1, 3)).isEqualTo(crosswise.subList(1, 3));
        }

        @Test
        void nothing_if_another_merchant_has_stored_it() {
            var attempt = shop.order("A1", COINS);
            shop.ofOthers.add("1");

            assertThat(shop.posted(attempt, Bought.of("1", COINS).purchase()))
                    .isEqualTo(new ApplyPurchase.Result(Outcome.OF_ANOTHER, Optional.empty(), false));
            assertThat(shop.order("A1").paid()).isFalse();
        }

        @Test
        void nothing_if_it_is_for_another_application() {
            var attempt = shop.order("A1", COINS);

            var result = shop.posted(
                    attempt,
                    Bought.of("1", COINS).carrying(attempt).in("com.other").purchase());

            assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(shop.receipts).isEmpty();
            assertThat(shop.order("A1").needsPerson().orElseThrow()).contains("another merchant or application");
        }

        @Test
        void the_order_of_its_number_when_the_store_notifies_us_and_no_other() {
            var attempt = shop.order("A1", COINS);

            assertThat(shop.notified(
                            new ParsedNotification.Bought(Bought.of("1", COINS).purchase())))
                    .isEmpty();
            assertThat(shop.notified(new ParsedNotification.Bought(
                            Bought.of("2", COINS).carrying(attempt).purchase())))
                    .contains(shop.order("A1").id());

            assertThat(shop.receipts).hasSize(1);
        }
    }

    @Test
    void of_other_goods_than_its_order_it_is_held() {
        var attempt = shop.order("A1", COINS);

        var result = shop.posted(attempt, Bought.of("1", VIP).carrying(attempt).purchase());

        assertThat(result.outcome()).isEqualTo(Outcome.DOUBTFUL);
        assertThat(shop.order("A1").paid()).isFalse();
        assertThat(shop.receipt("1").disposition()).isEqualTo(Receipt.Disposition.HELD);
        assertThat(shop.order("A1").needsPerson().orElseThrow()).contains("vip", "coins60");
    }

    @Test
    void of_other_goods_it_is_answered_the_same_until_an_operator_has_decided() {
        var attempt = shop.order("A1", COINS);
        var purchase = Bought.of("1", VIP).carrying(attempt).purchase();
        var first = shop.posted(attempt, purchase);

        assertThat(first.outcome()).isEqualTo(Outcome.DOUBTFUL);
        assertThat(shop.posted(attempt, purchase)).isEqualTo(first);

        shop.receipt("1").decided(Receipt.Decision.SETTLE);
        assertThat(shop.posted(attempt, purchase).outcome()).isEqualTo(Outcome.STORED);
    }

    @Test
    void what_an_operator_reads_of_held_purchases_says_that_only_the_store_returns_them() {
        var attempt = shop.order("A1", COINS);
        shop.posted(attempt, Bought.of("1", COINS).purchase());
        shop.posted(attempt, Bought.of("2", COINS).carrying(attempt).purchase());
        shop.posted(attempt, Bought.of("3", VIP).carrying(attempt).purchase());

        assertThat(shop.order("A1").openReasons())
                .hasSize(2)
                .allSatisfy(reason ->
                        assertThat(reason.text()).contains("have the payer request the money there", "closes this"));
    }

    @Test
    void a_second_purchase_of_a_paid_order_is_held() {
        var attempt = shop.order("A1", COINS);
        shop.posted(attempt, Bought.of("1", COINS).purchase());

        var result =
                shop.posted(attempt, Bought.of("2", COINS).carrying(attempt).purchase());

        assertThat(result.outcome()).isEqualTo(Outcome.STORED);
        assertThat(shop.receipt("2").kind()).isEqualTo(Receipt.Kind.DUPLICATE);
        assertThat(shop.receipt("2").disposition()).isEqualTo(Receipt.Disposition.HELD);
        assertThat(shop.order("A1").needsPerson()).isPresent();
        assertThat(shop.changes).containsExactly(PayOrderChanged.Kind.PAID, PayOrderChanged.Kind.DUPLICATE);
    }

    @ParameterizedTest
    @EnumSource(Merchant.LatePayment.class)
    void for_a_closed_order_it_counts_unless_late_money_is_held_because_it_cannot_be_refunded(
            Merchant.LatePayment policy) {
        shop.merchant.onLatePayment(policy);
        var attempt = shop.order("A1", COINS);
        attempt.closed();
        shop.order("A1").close(NOON);

        shop.posted(attempt, Bought.of("1", COINS).carrying(attempt).purchase());

        var held = policy == Merchant.LatePayment.HOLD;
        assertThat(shop.order("A1").state()).isEqualTo(held ? OrderState.CLOSED : OrderState.PAID);
        assertThat(shop.receipt("1").kind()).isEqualTo(held ? Receipt.Kind.LATE : Receipt.Kind.ORDER);
        assertThat(shop.order("A1").needsPerson().isPresent()).isEqualTo(held);
        assertThat(shop.receipt("1").amount()).isEqualTo(shop.order("A1").total());
    }

    @Nested
    class A_renewal {
        private final Attempt first = shop.order("A1", VIP);

        {
            shop.posted(
                    first,
                    Bought.of("1", VIP).carrying(first).ofSubscription("1").purchase());
            shop.changes.clear();
        }

        private Bought renewal(String transactionId) {
            return Bought.of(transactionId, VIP)
                    .carrying(first)
                    .ofSubscription("1")
                    .priced(fen(1800));
        }

        @ParameterizedTest
        @CsvSource({"true", "false"})
        void is_a_new_order_numbered_by_its_transaction(boolean posted) {
            if (posted) shop.posted(first, renewal("2").purchase());
            else shop.notified(new ParsedNotification.Bought(renewal("2").purchase()));

            var order = shop.order("2");
            assertThat(order.paid()).isTrue();
            assertThat(order.total()).isEqualTo(fen(1800));
            assertThat(order.originalOutTradeNo()).contains("A1");
            assertThat(order.goods()).contains(VIP);
            assertThat(order.subject()).isEqualTo(shop.order("A1").subject());
            assertThat(order.type()).isEqualTo(shop.order("A1").type());
            assertThat(order.payType()).contains("shop_h5");
            assertThat(shop.receipt("2").sale().orElseThrow().firstTransactionId())
                    .isEqualTo("1");
            assertThat(shop.changes).containsExactly(PayOrderChanged.Kind.PAID);
            assertThat(shop.order("A1").needsPerson()).isEmpty();
        }

        @Test
        void without_a_number_of_ours_is_found_by_its_subscription() {
            shop.notified(
                    new ParsedNotification.Bought(renewal("2").carrying("").purchase()));

            assertThat(shop.order("2").paid()).isTrue();
        }

        @Test
        void that_is_reported_again_changes_nothing() {
            shop.posted(first, renewal("2").purchase());
            var again = shop.posted(first, renewal("2").purchase());
            shop.notified(new ParsedNotification.Bought(renewal("2").purchase()));

            assertThat(again)
                    .isEqualTo(new ApplyPurchase.Result(
                            Outcome.STORED, Optional.of(shop.order("2").key()), true));
            assertThat(shop.orders).hasSize(2);
        }

        @Test
        void of_a_renewal_is_linked_to_the_first_order() {
            shop.posted(first, renewal("2").purchase());
            shop.posted(first, renewal("3").purchase());

            assertThat(shop.order("3").originalOutTradeNo()).contains("A1");
        }

        @Test
        void of_another_product_keeps_what_was_bought() {
            shop.posted(
                    first,
                    Bought.of("2", COINS).carrying(first).ofSubscription("1").purchase());

            assertThat(shop.order("2").goods()).contains(COINS);
            assertThat(shop.order("2").paid()).isTrue();
        }

        @Test
        void in_another_currency_costs_what_the_first_order_did() {
            shop.posted(first, renewal("2").priced(new Money(299, "USD")).purchase());

            assertThat(shop.order("2").total()).isEqualTo(shop.order("A1").total());
        }

        @Test
        void for_nothing_costs_nothing() {
            shop.posted(first, renewal("2").priced(fen(0)).purchase());

            assertThat(shop.order("2").total()).isEqualTo(fen(0));
            assertThat(shop.order("2").status()).isEqualTo(1);
        }

        @Test
        void is_an_order_also_where_the_first_payment_of_the_subscription_is_held() {
            var second = shop.order("A2", VIP);
            shop.posted(second, Bought.of("51", VIP).carrying(second).purchase());
            var again = Bought.of("61", VIP).carrying(second).ofSubscription("61");
            shop.posted(second, again.purchase()); // a duplicate
            var third = shop.order("A3", COINS);
            var others = Bought.of("71", VIP).carrying(third).ofSubscription("71");
            shop.posted(third, others.purchase()); // other goods
            assertThat(shop.receipt("61").disposition()).isEqualTo(Receipt.Disposition.HELD);
            assertThat(shop.receipt("71").disposition()).isEqualTo(Receipt.Disposition.HELD);

            shop.posted(
                    second,
                    Bought.of("62", VIP).carrying(second).ofSubscription("61").purchase());
            shop.notified(new ParsedNotification.Bought(
                    Bought.of("63", VIP).ofSubscription("61").purchase()));
            shop.notified(new ParsedNotification.Bought(
                    Bought.of("72", VIP).carrying(third).ofSubscription("71").purchase()));

            for (var number : List.of("62", "63", "72")) {
                assertThat(shop.order(number).paid()).as(number).isTrue();
            }
            assertThat(shop.order("63").originalOutTradeNo()).contains("A2");
            assertThat(shop.order("72").originalOutTradeNo()).contains("A3");
            assertThat(shop.order("A3").paid()).isFalse();
        }

        @Test
        void is_an_order_also_where_the_first_payment_came_too_late_and_is_held() {
            shop.merchant.onLatePayment(Merchant.LatePayment.HOLD);
            var late = shop.order("A2", VIP);
            late.closed();
            shop.order("A2").close(NOON);
            shop.posted(
                    late,
                    Bought.of("61", VIP).carrying(late).ofSubscription("61").purchase());

            shop.posted(
                    late,
                    Bought.of("62", VIP).carrying(late).ofSubscription("61").purchase());

            assertThat(shop.order("A2").paid()).isFalse();
            assertThat(shop.order("62").paid()).isTrue();
        }

        @Test
        void that_was_returned_in_part_is_paid_and_refunded_in_part() {
            shop.posted(first, renewal("2").returned(30_000, NOON));

            assertThat(shop.order("2").status()).isEqualTo(2);
            assertThat(shop.order("2").refundFee()).isEqualTo(540);
        }

        @Test
        void whose_number_a_merchants_order_has_is_held_with_the_first_order() {
            shop.order("2", COINS);

            var result = shop.posted(first, renewal("2").purchase());

            assertThat(result.outcome()).isEqualTo(Outcome.DOUBTFUL);
            assertThat(shop.order("2").paid()).isFalse();
            assertThat(shop.receipt("2").attempt()).isEqualTo(first.key());
            assertThat(shop.receipt("2").disposition()).isEqualTo(Receipt.Disposition.HELD);
            assertThat(shop.order("A1").needsPerson().orElseThrow()).contains("renews", "taken by another order");
        }

        @Test
        void that_was_returned_before_it_was_seen_opens_no_order() {
            shop.notified(new ParsedNotification.TakenBack(renewal("2").purchase(), "2-9", 100_000, NOON));

            assertThat(shop.orders).hasSize(1);
            assertThat(shop.receipt("2").disposition()).isEqualTo(Receipt.Disposition.RETURNED);
            assertThat(shop.order("A1").needsPerson().orElseThrow()).contains("returned");
        }

        @Test
        void is_none_if_an_order_of_its_own_number_waits_for_it() {
            var second = shop.order("A2", VIP);

            shop.posted(second, renewal("2").carrying(second).purchase());

            assertThat(shop.order("A2").transactionId()).contains("2");
            assertThat(shop.orders).hasSize(2);
        }

        @Test
        void is_none_if_it_is_posted_for_an_unpaid_order_of_the_same_goods_that_is_older_than_it() {
            var second = shop.order("A2", VIP);

            shop.posted(
                    second,
                    renewal("2")
                            .carrying("")
                            .at(NOON.minus(Duration.ofHours(1)))
                            .purchase());
            shop.posted(second, renewal("3").carrying("").purchase());

            assertThat(shop.order("2").originalOutTradeNo()).contains("A1");
            assertThat(shop.order("A2").transactionId()).contains("3");
        }

        @Test
        void that_comes_before_the_first_purchase_pays_the_first_order_and_the_first_purchase_a_new_one() {
            var second = shop.order("A2", VIP);

            shop.posted(
                    second,
                    Bought.of("22", VIP).carrying(second).ofSubscription("21").purchase());
            shop.posted(
                    second,
                    Bought.of("21", VIP).carrying(second).ofSubscription("21").purchase());

            assertThat(shop.order("A2").transactionId()).contains("22");
            assertThat(shop.order("21").originalOutTradeNo()).contains("A2");
        }
    }

    @Nested
    class A_return_by_the_store {
        private final Attempt attempt = shop.order("A1", COINS, fen(999));

        private void paid() {
            shop.posted(attempt, Bought.of("1", COINS).carrying(attempt).purchase());
        }

        private void returned(String refundNo, int thousandths) {
            var purchase = Bought.of("1", COINS).carrying(attempt).purchase();
            shop.notified(new ParsedNotification.TakenBack(purchase, refundNo, thousandths, NOON));
        }

        @ParameterizedTest
        @CsvSource({"100000, 999, 3", "50000, 500, 2", "1, 0, 2", "99999, 998, 2"})
        void refunds_a_share(int thousandths, long fen, int status) {
            paid();

            returned("1-1", thousandths);

            assertThat(shop.order("A1").refundFee()).isEqualTo(fen);
            assertThat(shop.order("A1").refundNum()).isOne();
            assertThat(shop.order("A1").status()).isEqualTo(status);
        }

        @Test
        void that_is_repeated_changes_nothing_and_another_one_returns_what_is_left() {
            paid();

            returned("1-1", 50_000);
            returned("1-1", 50_000);
            returned("1-2", 100_000);
            returned("1-3", 100_000);

            assertThat(shop.refunded).containsExactly("1-1", "1-2");
            assertThat(shop.order("A1").refundFee()).isEqualTo(999);
            assertThat(shop.order("A1").status()).isEqualTo(3);
        }

        @ParameterizedTest
        @CsvSource({"100000, 3", "30000, 2"})
        void of_an_order_without_an_amount_changes_its_status(int thousandths, int status) {
            var other = shop.order("A2", COINS);
            var purchase = Bought.of("2", COINS)
                    .carrying(other)
                    .priced(new Money(99, "USD"))
                    .purchase();
            shop.posted(other, purchase);

            shop.notified(new ParsedNotification.TakenBack(purchase, "2-1", thousandths, NOON));

            assertThat(shop.order("A2").refundFee()).isZero();
            assertThat(shop.order("A2").refundNum()).isOne();
            assertThat(shop.order("A2").status()).isEqualTo(status);
        }

        @Test
        void of_a_purchase_that_was_never_seen_is_recorded_with_its_order() {
            returned("1-1", 100_000);

            assertThat(shop.order("A1").paid()).isFalse();
            assertThat(shop.receipt("1").disposition()).isEqualTo(Receipt.Disposition.RETURNED);
            assertThat(shop.order("A1").needsPerson().orElseThrow()).contains("returned");
        }

        @ParameterizedTest
        @CsvSource({"true", "false"})
        void of_a_purchase_that_belongs_to_no_order_counts_when_that_is_posted(boolean signedBefore) {
            var bought = Bought.of("9", COINS);

            assertThat(shop.notified(new ParsedNotification.TakenBack(bought.purchase(), "9-1", 100_000, NOON)))
                    .isEmpty();
            assertThat(shop.receipts).isEmpty();

            var result = shop.posted(attempt, signedBefore ? bought.purchase() : bought.returned(100_000, NOON));
            assertThat(result.outcome()).isEqualTo(Outcome.DOUBTFUL);
            assertThat(shop.order("A1").paid()).isFalse();
            assertThat(shop.receipt("9").disposition()).isEqualTo(Receipt.Disposition.RETURNED);
        }

        @Test
        void in_part_of_a_purchase_that_belongs_to_no_order_counts_when_that_is_posted() {
            var bought = Bought.of("9", COINS).purchase();
            shop.notified(new ParsedNotification.TakenBack(bought, "9-1", 30_000, NOON));

            assertThat(shop.posted(attempt, bought).outcome()).isEqualTo(Outcome.STORED);

            assertThat(shop.order("A1").status()).isEqualTo(2);
            assertThat(shop.order("A1").refundFee()).isEqualTo(300);
            assertThat(shop.changes).containsExactly(PayOrderChanged.Kind.PAID);
            shop.notified(new ParsedNotification.TakenBack(bought, "9-1", 30_000, NOON));
            assertThat(shop.order("A1").refundNum()).isOne();
        }

        @Test
        void of_another_purchase_does_not_count_for_it() {
            shop.notified(new ParsedNotification.TakenBack(Bought.of("8", COINS).purchase(), "8-1", 100_000, NOON));

            shop.posted(attempt, Bought.of("9", COINS).purchase());

            assertThat(shop.order("A1").status()).isEqualTo(1);
        }

        @ParameterizedTest
        @CsvSource({"true, 100000, 3", "false, 100000, 3", "true, 30000, 2", "false, 30000, 2"})
        void whose_report_was_lost_is_found_in_the_purchase_itself(boolean posted, int thousandths, int status) {
            paid();
            var later = Bought.of("1", COINS).carrying(attempt).returned(thousandths, NOON.plusSeconds(60));

            for (var times = 0; times < 2; times++) {
                if (posted) shop.posted(attempt, later);
                else shop.notified(new ParsedNotification.Bought(later));
            }

            assertThat(shop.order("A1").status()).isEqualTo(status);
            assertThat(shop.order("A1").refundNum()).isOne();
            assertThat(shop.order("A1").needsPerson()).isEmpty();
        }

        @Test
        void in_part_of_a_purchase_that_arrives_afterwards_is_refunded_at_once() {
            var result =
                    shop.posted(attempt, Bought.of("1", COINS).carrying(attempt).returned(30_000, NOON));

            assertThat(result.outcome()).isEqualTo(Outcome.STORED);
            assertThat(shop.order("A1").status()).isEqualTo(2);
            assertThat(shop.order("A1").refundFee()).isEqualTo(300);
            assertThat(shop.order("A1").needsPerson()).isEmpty();
        }

        @Test
        void that_the_store_had_charged_again_before_the_purchase_arrives_does_not_count() {
            var bought = Bought.of("9", COINS).purchase();
            shop.notified(new ParsedNotification.TakenBack(bought, "9-1", 100_000, NOON));
            shop.notified(new ParsedNotification.ChargedAgain(bought, NOON.plusSeconds(60)));

            shop.posted(attempt, Bought.of("9", COINS).returned(100_000, NOON));

            assertThat(shop.order("A1").status()).isEqualTo(1);
        }

        @ParameterizedTest
        @CsvSource({"true", "false"})
        void that_is_reported_after_its_reversal_is_evidence_and_needs_a_person(boolean known) {
            if (known) paid();
            var purchase = Bought.of("1", COINS).carrying(attempt).purchase();
            shop.notified(new ParsedNotification.ChargedAgain(purchase, NOON.plusSeconds(60)));
            assertThat(shop.order("A1").needsPerson())
                    .as("nothing was returned")
                    .isEmpty();

            for (var times = 0; times < 2; times++) returned("1-1", 100_000);

            assertThat(shop.order("A1").status()).isEqualTo(1);
            assertThat(shop.order("A1").openReasons()).hasSize(1);
            assertThat(shop.order("A1").needsPerson().orElseThrow()).contains("reports late", "1");
            assertThat(shop.refunded).isEmpty();

            shop.notified(new ParsedNotification.TakenBack(purchase, "1-2", 100_000, NOON.plusSeconds(120)));
            assertThat(shop.order("A1").status()).as("a later return").isEqualTo(3);
        }

        @Test
        void of_a_held_purchase_leaves_nothing_to_decide() {
            paid();
            shop.posted(attempt, Bought.of("2", COINS).carrying(attempt).purchase());
            var second = Bought.of("2", COINS).carrying(attempt).purchase();

            shop.notified(new ParsedNotification.TakenBack(second, "2-1", 40_000, NOON));
            assertThat(shop.receipt("2").disposition()).isEqualTo(Receipt.Disposition.HELD);
            assertThat(shop.order("A1").openReasons()).hasSize(2);

            shop.notified(new ParsedNotification.TakenBack(second, "2-2", 100_000, NOON));
            assertThat(shop.receipt("2").disposition()).isEqualTo(Receipt.Disposition.RETURNED);
            assertThat(shop.order("A1").needsPerson()).isEmpty();
            assertThat(shop.order("A1").status()).isEqualTo(1);
        }

        @Test
        void that_the_store_takes_back_needs_a_person() {
            paid();
            returned("1-1", 100_000);

            shop.notified(new ParsedNotification.ChargedAgain(
                    Bought.of("1", COINS).carrying(attempt).purchase(), NOON));

            assertThat(shop.order("A1").status()).isEqualTo(3);
            assertThat(shop.order("A1").needsPerson().orElseThrow()).contains("charged the payer again");
        }
    }

    @Test
    void a_question_about_its_use_is_answered_if_it_is_stored() {
        var attempt = shop.order("A1", COINS);
        var purchase = Bought.of("1", COINS).carrying(attempt).purchase();

        shop.notified(new ParsedNotification.UsageAsked(purchase));
        assertThat(shop.usageAsked).isEmpty();

        shop.posted(attempt, purchase);
        shop.notified(new ParsedNotification.UsageAsked(purchase));
        assertThat(shop.usageAsked).containsExactly(shop.receipt("1"));
        assertThat(AnswerUsage.purchase(shop.receipt("1"), "com.example", attempt.attemptNo())
                        .paid()
                        .details()
                        .goods())
                .hasToString(COINS);
    }

    @Test
    void a_purchase_that_was_returned_before_it_is_posted_pays_nothing() {
        var attempt = shop.order("A1", COINS);

        var result = shop.posted(
                attempt,
                Bought.of("1", COINS).returned(ProviderReport.WentBack.ALL).purchase());

        assertThat(result.outcome()).isEqualTo(Outcome.DOUBTFUL);
        assertThat(shop.order("A1").paid()).isFalse();
        assertThat(shop.receipt("1").disposition()).isEqualTo(Receipt.Disposition.RETURNED);
    }
}
