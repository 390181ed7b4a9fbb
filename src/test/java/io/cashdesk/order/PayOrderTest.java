package io.cashdesk.order;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.PayOrder.PaymentOutcome;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PayOrderTest {
    private static PayOrder unpaid() {
        return AnOrder.of(fen(990)).unpaid();
    }

    @Test
    void an_order_is_paid_once_until_other_money_comes_or_a_refund_begins() {
        var order = paid();
        order.moneyChanged();
        order.pageChanged();
        assertThat(order.paidOnce()).isTrue();

        order.moneyChanged();

        assertThat(order.paidOnce()).isFalse();
        assertThat(unpaid().paidOnce()).isFalse();
    }

    private static PayOrder paid() {
        return AnOrder.of(fen(990)).paid();
    }

    @Nested
    class An_unpaid_order {
        @Test
        void is_paid_by_the_full_amount() {
            assertThat(unpaid().outcomeOf(fen(990), false)).isEqualTo(PaymentOutcome.PAYS);
        }

        @Test
        void is_not_paid_by_one_fen_more_or_less() {
            assertThat(unpaid().outcomeOf(fen(991), true)).isEqualTo(PaymentOutcome.AMOUNT_DIFFERS);
            assertThat(unpaid().outcomeOf(fen(989), true)).isEqualTo(PaymentOutcome.AMOUNT_DIFFERS);
        }

        @Test
        void is_never_paid_by_another_currency() {
            var dollars = new Money(990, "USD");

            assertThat(unpaid().outcomeOf(dollars, true)).isEqualTo(PaymentOutcome.AMOUNT_DIFFERS);
        }

        @Test
        void accepts_no_attempt_while_a_person_is_needed() {
            var order = unpaid();

            order.requirePerson("received 9.91");

            assertThat(order.takesAttempts()).isFalse();
            assertThatThrownBy(order::nextAttempt).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void keeps_the_first_reason_for_needing_a_person() {
            var order = unpaid();

            order.requirePerson("first");
            order.requirePerson("second");
            order.requirePerson("first");

            assertThat(order.needsPerson()).contains("first");
            assertThat(order.openReasons()).extracting(OpenReason::text).containsExactly("first", "second");
        }

        @Test
        void has_status_0() {
            assertThat(unpaid().status()).isZero();
        }
    }

    @Nested
    class A_paid_order {
        @Test
        void has_status_1_and_the_data_of_its_payment() {
            var order = paid();

            assertThat(order.status()).isEqualTo(1);
            assertThat(order.transactionId()).contains("4200");
            assertThat(order.payType()).contains("wxpay_h5");
            assertThat(order.notifyMode()).contains(1);
        }

        @Test
        void treats_a_second_payment_as_a_duplicate() {
            assertThat(paid().outcomeOf(fen(990), true)).isEqualTo(PaymentOutcome.DUPLICATE);
        }

        @Test
        void can_neither_be_closed_nor_paid_again() {
            var order = paid();
            var attempt = AnAttempt.ofAnyOrder().calling();
            var receipt = AReceipt.through(attempt).of(fen(990));

            assertThatThrownBy(() -> order.close(NOON)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> order.paidBy(receipt, attempt, "", null, true, NOON))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class A_closed_order {
        final PayOrder order = AnOrder.of(fen(990)).closed();

        @Test
        void has_status_minus_1() {
            assertThat(order.status()).isEqualTo(-1);
        }

        @Test
        void treats_money_as_late_unless_its_merchant_accepts_late_money() {
            assertThat(order.outcomeOf(fen(990), false)).isEqualTo(PaymentOutcome.LATE);
            assertThat(order.outcomeOf(fen(990), true)).isEqualTo(PaymentOutcome.PAYS);
        }

        @Test
        void is_no_longer_closed_once_accepted_money_has_paid_it() {
            var attempt = AnAttempt.ofAnyOrder().calling();

            order.paidBy(AReceipt.through(attempt).of(fen(990)), attempt, "wx1", null, false, NOON);

            assertThat(order.status()).isEqualTo(1);
            assertThat(order.closedAt()).isEmpty();
        }
    }

    @Nested
    class The_same_number_again {
        private static ANewOrder tea(long fen) {
            return ANewOrder.of(fen(fen)).subject("tea").type("goods");
        }

        @Test
        void may_not_change_the_amount_the_subject_or_the_type() {
            var order = AnOrder.of(tea(990)).unpaid();

            assertThat(order.differsFrom(tea(990).build())).isEmpty();
            assertThat(order.differsFrom(tea(991).build()))
                    .get()
                    .extracting(PayOrder.Difference::field)
                    .isEqualTo("total_fee");
            assertThat(order.differsFrom(tea(990).subject("coffee").build()))
                    .get()
                    .extracting(PayOrder.Difference::field)
                    .isEqualTo("subject");
            assertThat(order.differsFrom(tea(990).type("vip").build()))
                    .get()
                    .extracting(PayOrder.Difference::field)
                    .isEqualTo("type");
        }

        @Test
        void may_leave_out_an_amount_that_the_providers_store_decides_and_not_name_one_afterwards() {
            var named = AnOrder.of(tea(990).buying("{}")).unpaid();
            var open = AnOrder.of(tea(0).buying("{}")).unpaid();

            assertThat(named.differsFrom(tea(0).buying("{}").build())).isEmpty();
            assertThat(open.differsFrom(tea(0).buying("{}").build())).isEmpty();
            assertThat(open.differsFrom(tea(990).buying("{}").build()))
                    .contains(new PayOrder.Difference("total_fee", "0", "990"));
            assertThat(named.differsFrom(
                            tea(0).buying("{\"productid\":\"vip\"}").build()))
                    .get()
                    .extracting(PayOrder.Difference::field)
                    .isEqualTo("expand_data");
        }

        @Test
        void may_not_change_where_a_shop_that_speaks_epay_is_notified() {
            var origin = new EpayOrigin(1, "https://shop.example/n", "https://shop.example/r", "cart=7", "one");
            var order = AnOrder.of(tea(990).epay(origin)).unpaid();

            assertThat(order.epay()).contains(origin);
            assertThat(order.differsFrom(tea(990).build())).isEmpty();
            assertThat(order.differsFrom(
                            tea(990).epay(new EpayOrigin(2, origin.notifyUrl(), origin.returnUrl(), "cart=7", "other"))
                                    .build()))
                    .isEmpty();
            assertThat(List.of(
                            new EpayOrigin(1, "https://shop.example/x", origin.returnUrl(), "cart=7", "one"),
                            new EpayOrigin(1, origin.notifyUrl(), "", "cart=7", "one"),
                            new EpayOrigin(1, origin.notifyUrl(), origin.returnUrl(), "cart=8", "one")))
                    .extracting(other -> order.differsFrom(tea(990).epay(other).build())
                            .orElseThrow()
                            .field())
                    .containsExactly("notify_url", "return_url", "param");
            assertThat(AnOrder.of(tea(990))
                            .unpaid()
                            .differsFrom(tea(990).epay(origin).build()))
                    .get()
                    .extracting(PayOrder.Difference::field)
                    .isEqualTo("notify_url");
        }

        @Test
        void takes_another_wallet_of_a_shop_that_speaks_epay() {
            var origin = new EpayOrigin(1, "https://shop.example/n", "", "", "one");
            var order = AnOrder.of(tea(990).epay(origin)).unpaid();

            var other = new EpayOrigin(1, origin.notifyUrl(), "", "", "other");
            order.refresh(tea(990).epay(other).build());

            assertThat(order.epay()).contains(other);
        }

        @Test
        void is_signed_for_the_version_in_which_its_shop_called_last() {
            var order = AnOrder.of(tea(990).epay(new EpayOrigin(1, "https://shop.example/n", "", "", "")))
                    .unpaid();
            var moved = tea(990).epay(new EpayOrigin(2, "https://shop.example/n", "", "", ""))
                    .build();

            assertThat(order.differsFrom(moved)).isEmpty();
            order.refresh(moved);

            assertThat(order.epay().orElseThrow().version()).isEqualTo(2);
        }
    }

    @Test
    void a_late_receipt_is_held_and_the_orders_own_is_counted() {
        var attempt = AnAttempt.ofAnyOrder().calling();

        assertThat(AReceipt.through(attempt).of(fen(990)).disposition()).isEqualTo(Receipt.Disposition.COUNTED);
        assertThat(AReceipt.through(attempt).as(Receipt.Kind.LATE).of(fen(990)).disposition())
                .isEqualTo(Receipt.Disposition.HELD);
    }

    @Nested
    class Reasons_for_a_person {
        final PayOrder order = unpaid();
        final Receipt held = AReceipt.through(AnAttempt.of(order).calling())
                .as(Receipt.Kind.AMOUNT_DIFFERS)
                .of(fen(991));
        final Receipt other = AReceipt.through(AnAttempt.of(order).calling())
                .as(Receipt.Kind.DOUBTFUL)
                .of(fen(990));

        @Test
        void about_a_payment_are_closed_by_the_decision_about_it_and_the_next_stays() {
            order.requirePerson("amount", held);
            order.requirePerson("old", other);

            order.decided(held);

            assertThat(order.needsPerson()).contains("old");
            assertThat(order.takesAttempts()).isFalse();
            order.decided(other);
            assertThat(order.needsPerson()).isEmpty();
            assertThat(order.needsPersonSince()).isEmpty();
            assertThat(order.takesAttempts()).isTrue();
        }

        @Test
        void about_no_payment_are_closed_as_far_as_they_are_named_and_held_money_stays_open() {
            order.requirePerson("outside");
            order.requirePerson("amount", held);
            var seen = order.openApartFrom(List.of(held));
            assertThat(seen).extracting(OpenReason::text).containsExactly("outside");
            order.requirePerson("not seen yet");

            order.decided(Set.of(seen.get(0).id()), List.of(held, other));

            assertThat(order.openReasons())
                    .extracting(OpenReason::text)
                    .containsExactly("amount", "not seen yet", "the payment 4200 of 9.90 CNY is held");
            assertThat(order.openApartFrom(List.of(held, other)))
                    .extracting(OpenReason::text)
                    .containsExactly("not seen yet");
        }
    }

    @Nested
    class Held_money {
        private Receipt held(Receipt.Kind kind) {
            return AReceipt.through(AnAttempt.ofAnyOrder().calling()).as(kind).of(fen(990));
        }

        @Test
        void that_went_back_cannot_be_refunded_or_decided() {
            var receipt = held(Receipt.Kind.DOUBTFUL);

            receipt.wentBack();

            assertThat(receipt.disposition()).isEqualTo(Receipt.Disposition.RETURNED);
            assertThat(receipt.left()).isEqualTo(fen(0));
            assertThatThrownBy(() -> receipt.reserve(fen(1))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> receipt.decided(Receipt.Decision.SETTLE))
                    .isInstanceOf(IllegalStateException.class);
        }

        @Test
        void that_is_accepted_is_the_orders_own_if_it_is_late() {
            var late = held(Receipt.Kind.LATE);

            late.decided(Receipt.Decision.ACCEPT);

            assertThat(late.kind()).isEqualTo(Receipt.Kind.ORDER);
            assertThat(late.disposition()).isEqualTo(Receipt.Disposition.COUNTED);
            for (var kind : List.of(Receipt.Kind.DOUBTFUL, Receipt.Kind.DUPLICATE, Receipt.Kind.AMOUNT_DIFFERS)) {
                assertThatThrownBy(() -> held(kind).decided(Receipt.Decision.ACCEPT))
                        .as("%s", kind)
                        .isInstanceOf(IllegalStateException.class);
            }
        }

        @Test
        void that_is_settled_cannot_be_refunded() {
            var receipt = held(Receipt.Kind.DUPLICATE);

            receipt.decided(Receipt.Decision.SETTLE);

            assertThat(receipt.left()).isEqualTo(fen(0));
            assertThatThrownBy(() -> receipt.reserve(fen(990))).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void whose_refund_fails_is_held_again_and_may_be_decided_again() {
            var receipt = held(Receipt.Kind.DUPLICATE);
            receipt.decided(Receipt.Decision.RETURN);
            receipt.reserve(fen(990));

            receipt.release(fen(990));

            assertThat(receipt.disposition()).isEqualTo(Receipt.Disposition.HELD);
            assertThat(receipt.decision()).isEmpty();
            receipt.decided(Receipt.Decision.SETTLE);
            assertThat(receipt.decision()).contains(Receipt.Decision.SETTLE);
        }
    }

    @Test
    void an_order_number_is_1_to_64_of_a_small_alphabet() {
        assertThat(new OutTradeNo("a|b*c-d_E9").value()).isEqualTo("a|b*c-d_E9");
        for (var wrong : new String[] {"", "a b", "订单", "x".repeat(65), "a/b"}) {
            assertThatThrownBy(() -> new OutTradeNo(wrong)).isInstanceOf(Problem.class);
        }
    }

    @Test
    void a_full_stop_is_allowed_in_the_numbers_of_shops_that_speak_epay_alone() {
        assertThat(new OutTradeNo("2026.1", true).value()).isEqualTo("2026.1");
        assertThatThrownBy(() -> new OutTradeNo("2026.1")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new OutTradeNo("2026 1", true)).isInstanceOf(Problem.class);
    }
}
