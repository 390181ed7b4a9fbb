package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UnpaidStateTest {
    private static final Instant NOON = AnOrder.NOON;

    private static boolean onPhone(Instant opened, Instant chosen, Instant now) {
        return UnpaidState.onPhone(Optional.ofNullable(opened), chosen, now);
    }

    @Test
    void a_code_is_open_on_a_phone_for_five_minutes_after_the_phone_has_opened_it() {
        assertThat(onPhone(NOON, Instant.EPOCH, NOON.plusSeconds(299))).isTrue();
        assertThat(onPhone(NOON, Instant.EPOCH, NOON.plusSeconds(300))).isFalse();
        assertThat(onPhone(null, Instant.EPOCH, NOON)).isFalse();
    }

    @Test
    void a_code_that_is_chosen_anew_is_open_on_no_phone_until_it_is_opened_again() {
        assertThat(onPhone(NOON, NOON.plusSeconds(1), NOON.plusSeconds(2))).isFalse();
        assertThat(onPhone(NOON.plusSeconds(3), NOON.plusSeconds(1), NOON.plusSeconds(4)))
                .isTrue();
    }

    @Test
    void a_page_that_opens_a_wallet_ends_a_little_before_the_wallets_address() {
        var order = AnOrder.of(Money.fen(990)).unpaid();
        var attempt = AnAttempt.of(order).calling();
        attempt.shown("{}", NOON.plusSeconds(120), NOON);

        assertThat(ends(PageState.OPENING, attempt, NOON)).contains(NOON.plusSeconds(110));
        assertThat(ends(PageState.CANCELLED, attempt, NOON.plusSeconds(110))).contains(attempt.expiresAt());
        assertThat(ends(PageState.CHOOSE, attempt, NOON)).isEmpty();
    }

    private static Optional<Instant> ends(PageState state, Attempt attempt, Instant now) {
        var order = AnOrder.of(Money.fen(990)).unpaid();
        var shown = Optional.of(attempt);
        return UnpaidState.ends(state, order, shown, shown, true, PageQuery.NONE, now);
    }
}
