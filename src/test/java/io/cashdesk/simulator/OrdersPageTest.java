package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.page.Messages;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OrdersPageTest {
    @Test
    void a_state_is_looked_for_among_the_stored_states_that_can_show_it() {
        assertThat(OrdersPage.stored("CLOSED")).containsExactlyInAnyOrder("CLOSED", "NOTPAY", "UNSCANNED");
        assertThat(OrdersPage.stored("REFUNDED")).containsExactly("SUCCESS");
        assertThat(OrdersPage.stored("PARTLY_REFUNDED")).containsExactly("SUCCESS");
        assertThat(OrdersPage.stored("NOTPAY")).containsExactly("NOTPAY");
        assertThat(OrdersPage.stored("")).isEmpty();
    }

    @Test
    void every_state_that_can_be_chosen_has_a_name_in_both_languages() {
        for (var state : OrdersPage.STATES) {
            for (var language : List.of(Locale.CHINESE, Locale.ENGLISH)) {
                assertThat(Messages.text(language, "simulator.state." + state)).isNotBlank();
            }
        }
    }
}
