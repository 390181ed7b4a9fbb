package io.cashdesk.checkout;

import static io.cashdesk.checkout.SomeMoney.differing;
import static io.cashdesk.checkout.SomeMoney.duplicate;
import static io.cashdesk.checkout.SomeMoney.late;
import static io.cashdesk.checkout.SomeMoney.own;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.checkout.OrderMoney.Handling;
import io.cashdesk.checkout.PageState.Facts;
import io.cashdesk.checkout.PageState.Wish;
import io.cashdesk.order.Receipt;
import io.cashdesk.refund.RefundState;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PageStateTest {
    private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(600);
    private static final Instant BEFORE = NOW.minusSeconds(1);

    private static PageState of(Facts facts, Wish wish) {
        return PageState.of(facts, wish, NOW);
    }

    private static Facts order(int status, boolean needsPerson, Instant expiresAt, Instant closedAt) {
        return new Facts(
                status,
                Set.of(),
                needsPerson,
                expiresAt,
                Optional.ofNullable(closedAt),
                Optional.empty(),
                false,
                false);
    }

    private static Facts unpaidWithCode(Instant codeEnds, boolean stands) {
        return new Facts(0, Set.of(), false, LATER, Optional.empty(), Optional.of(codeEnds), stands, false);
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class An_unpaid_order {
        @Test
        void lets_the_payer_choose_while_there_is_no_code() {
            assertThat(of(order(0, false, LATER, null), Wish.NOTHING)).isEqualTo(PageState.CHOOSE);
        }

        @Test
        void shows_the_code_that_is_valid() {
            assertThat(of(unpaidWithCode(LATER, true), Wish.NOTHING)).isEqualTo(PageState.CODE);
        }

        @Test
        void shows_that_the_code_has_expired_at_the_exact_moment() {
            assertThat(of(unpaidWithCode(NOW, true), Wish.NOTHING)).isEqualTo(PageState.CODE_ENDED);
            assertThat(of(unpaidWithCode(BEFORE, false), Wish.NOTHING)).isEqualTo(PageState.CODE_ENDED);
        }

        @Test
        void does_not_show_a_code_that_was_closed_before_its_end() {
            assertThat(of(unpaidWithCode(LATER, false), Wish.NOTHING)).isEqualTo(PageState.CHOOSE);
        }

        @Test
        void lets_the_payer_choose_another_way_although_a_code_is_valid() {
            assertThat(of(unpaidWithCode(LATER, true), Wish.CHOOSE)).isEqualTo(PageState.CHOOSE);
        }

        @Test
        void shows_that_the_wallets_cashier_was_left_while_it_can_be_opened_again() {
            var opens = new Facts(0, Set.of(), false, LATER, Optional.empty(), Optional.of(LATER), true, true);

            assertThat(of(opens, Wish.CANCELLED)).isEqualTo(PageState.CANCELLED);
            assertThat(of(opens, Wish.NOT_OPENED)).isEqualTo(PageState.NOT_OPENED);
            assertThat(of(opens, Wish.BACK)).isEqualTo(PageState.NOT_YET);
            assertThat(of(unpaidWithCode(LATER, true), Wish.CANCELLED)).isEqualTo(PageState.CODE);
            assertThat(of(order(0, false, LATER, null), Wish.NOT_OPENED)).isEqualTo(PageState.CHOOSE);
        }

        @Test
        void has_received_nothing_yet_although_the_payer_claims_to_have_paid() {
            assertThat(of(unpaidWithCode(LATER, true), Wish.ASKED)).isEqualTo(PageState.NOT_YET);
        }
    }

    @ParameterizedTest
    @EnumSource(Wish.class)
    void a_settled_order_shows_its_true_state_whatever_the_address_requests(Wish wish) {
        assertThat(of(order(1, false, BEFORE, null), wish)).isEqualTo(PageState.PAID);
        assertThat(of(order(1, true, LATER, null), wish)).isEqualTo(PageState.PAID);
        assertThat(of(order(2, false, BEFORE, null), wish)).isEqualTo(PageState.PARTLY_REFUNDED);
        assertThat(of(order(3, false, BEFORE, null), wish)).isEqualTo(PageState.REFUNDED);
        assertThat(of(order(0, true, LATER, null), wish)).isEqualTo(PageState.NEEDS_PERSON);
        assertThat(of(order(-1, true, LATER, BEFORE), wish)).isEqualTo(PageState.NEEDS_PERSON);
        assertThat(of(order(0, false, NOW, null), wish)).isEqualTo(PageState.EXPIRED);
        assertThat(of(order(-1, false, BEFORE, NOW), wish)).isEqualTo(PageState.EXPIRED);
        assertThat(of(order(-1, false, LATER, BEFORE), wish)).isEqualTo(PageState.CLOSED);
    }

    private static PageState withMoney(int status, boolean needsPerson, OrderMoney money) {
        return of(
                new Facts(status, money.signs(), needsPerson, BEFORE, Optional.of(NOW), Optional.empty(), false, false),
                Wish.NOTHING);
    }

    private static PageState ended(SomeMoney... payments) {
        return withMoney(-1, false, SomeMoney.of(payments));
    }

    private static PageState paid(SomeMoney... others) {
        var all = Stream.concat(Stream.of(own()), Stream.of(others)).toArray(SomeMoney[]::new);
        return withMoney(1, false, SomeMoney.of(all));
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class An_order_that_ended_unpaid {
        @Test
        void never_says_that_nothing_came_when_a_payment_is_known() {
            for (var kind : Receipt.Kind.values()) {
                if (kind == Receipt.Kind.ORDER) continue;
                var stray = SomeMoney.stray(kind, 990, 5);
                assertThat(ended(stray)).as("held").isEqualTo(PageState.NEEDS_PERSON);
                assertThat(ended(stray.is(Handling.RETURN_FAILED))).isEqualTo(PageState.NEEDS_PERSON);
                assertThat(ended(stray.is(Handling.REVERSED))).isEqualTo(PageState.LATE);
                assertThat(ended(stray.is(Handling.SETTLED))).isEqualTo(PageState.LATE);
                assertThat(ended(stray.returning(RefundState.PROCESSING))).isEqualTo(PageState.LATE);
            }
        }

        @ParameterizedTest
        @EnumSource(RefundState.class)
        void has_a_late_payment_in_every_state_of_its_refund(RefundState state) {
            var expected = switch (state) {
                case REQUESTING, UNKNOWN, WAITING, PROCESSING, SUCCEEDED -> PageState.LATE;
                case ABNORMAL -> PageState.ABNORMAL;
                case CLOSED, FAILED -> PageState.NEEDS_PERSON;
            };

            assertThat(ended(late().returning(state))).isEqualTo(expected);
        }

        @Test
        void names_what_needs_the_payer_first_of_two_late_payments() {
            var first = late().returning(RefundState.SUCCEEDED);

            assertThat(ended(first, late().returning(RefundState.ABNORMAL))).isEqualTo(PageState.ABNORMAL);
            assertThat(ended(first, late())).isEqualTo(PageState.NEEDS_PERSON);
            assertThat(ended(first, late().returning(RefundState.WAITING))).isEqualTo(PageState.LATE);
        }

        @Test
        void says_the_same_before_it_is_closed() {
            assertThat(withMoney(0, false, SomeMoney.of(differing(900).returning(RefundState.SUCCEEDED))))
                    .isEqualTo(PageState.LATE);
        }
    }

    @Test
    void an_unpaid_order_can_be_paid_again_once_a_wrong_amount_was_dealt_with() {
        var money = SomeMoney.of(differing(900).returning(RefundState.SUCCEEDED));
        var facts = new Facts(0, money.signs(), false, LATER, Optional.empty(), Optional.empty(), false, false);

        assertThat(of(facts, Wish.NOTHING)).isEqualTo(PageState.CHOOSE);
        assertThat(of(facts, Wish.ASKED)).isEqualTo(PageState.NOT_YET);
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class A_paid_order {
        @Test
        void was_paid_twice_whatever_becomes_of_the_second_payment() {
            assertThat(paid(duplicate())).isEqualTo(PageState.DOUBLE);
            assertThat(paid(duplicate().returning(RefundState.PROCESSING))).isEqualTo(PageState.DOUBLE);
            assertThat(paid(duplicate().returning(RefundState.SUCCEEDED))).isEqualTo(PageState.DOUBLE);
            assertThat(paid(duplicate().returning(RefundState.CLOSED))).isEqualTo(PageState.DOUBLE);
            assertThat(paid(duplicate().returning(RefundState.ABNORMAL))).isEqualTo(PageState.ABNORMAL);
            assertThat(paid(duplicate().is(Handling.SETTLED))).isEqualTo(PageState.DOUBLE);
        }

        @Test
        void has_a_refund_on_its_way_before_and_after_others_arrived() {
            var money = SomeMoney.of(own().refund(100, RefundState.SUCCEEDED).refund(200, RefundState.UNKNOWN));

            assertThat(withMoney(1, false, money)).isEqualTo(PageState.REFUNDING);
            assertThat(withMoney(2, false, money)).isEqualTo(PageState.REFUNDING);
        }

        @Test
        void is_refunded_in_full_although_a_second_payment_was_returned_before() {
            var money = SomeMoney.of(
                    own().refund(990, RefundState.SUCCEEDED), duplicate().returning(RefundState.SUCCEEDED));

            assertThat(withMoney(3, false, money)).isEqualTo(PageState.REFUNDED);
        }

        @Test
        void whose_second_payment_is_open_is_not_called_paid_once_it_is_refunded_in_full() {
            var own = own().refund(990, RefundState.SUCCEEDED);

            assertThat(withMoney(3, true, SomeMoney.of(own, duplicate()))).isEqualTo(PageState.NEEDS_PERSON);
            assertThat(withMoney(3, false, SomeMoney.of(own, duplicate().returning(RefundState.PROCESSING))))
                    .isEqualTo(PageState.REFUNDING);
        }

        @Test
        void whose_payment_was_reversed_needs_a_person() {
            assertThat(withMoney(1, true, SomeMoney.of(own().is(Handling.REVERSED))))
                    .isEqualTo(PageState.NEEDS_PERSON);
        }

        @Test
        void whose_reversed_payment_was_settled_has_its_money_back() {
            assertThat(withMoney(1, false, SomeMoney.of(own().is(Handling.REVERSED))))
                    .isEqualTo(PageState.REFUNDED);
        }

        @Test
        void stays_paid_when_a_refund_did_not_go_through() {
            assertThat(withMoney(1, false, SomeMoney.of(own().refund(100, RefundState.CLOSED))))
                    .isEqualTo(PageState.PAID);
        }
    }
}
