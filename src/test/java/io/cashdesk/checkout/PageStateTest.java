package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.checkout.PageState.Facts;
import io.cashdesk.checkout.PageState.Wish;
import java.time.Instant;
import java.util.Optional;
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
        return new Facts(status, needsPerson, expiresAt, Optional.ofNullable(closedAt), Optional.empty(), false, false);
    }

    private static Facts unpaidWithCode(Instant codeEnds, boolean stands) {
        return new Facts(0, false, LATER, Optional.empty(), Optional.of(codeEnds), stands, false);
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
            var opens = new Facts(0, false, LATER, Optional.empty(), Optional.of(LATER), true, true);

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
}
