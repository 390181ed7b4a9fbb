package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FinishCallTest {
    @Test
    void a_page_may_show_a_first_attempt_whose_call_was_long_and_every_later_one() {
        var order = AnOrder.of(Money.fen(990)).unpaid();
        var first = AnAttempt.of(order).calling();
        var second = AnAttempt.of(order).calling();

        assertThat(FinishCall.mayBeOnPage(first, AnOrder.NOON.plusMillis(300))).isFalse();
        assertThat(FinishCall.mayBeOnPage(first, AnOrder.NOON.plusMillis(1_001)))
                .isTrue();
        assertThat(FinishCall.mayBeOnPage(second, AnOrder.NOON.plusMillis(300))).isTrue();
    }
}
