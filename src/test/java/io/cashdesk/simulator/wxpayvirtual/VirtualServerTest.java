package io.cashdesk.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VirtualServerTest {
    @Test
    void an_event_is_repeated_fifteen_times_after_2_4_8_seconds_and_so_on() {
        var pauses = new VirtualServer().notificationSchedule();

        assertThat(pauses).hasSize(15).startsWith(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
        assertThat(pauses.get(14)).isEqualTo(Duration.ofSeconds(32_768));
    }

    @Test
    void the_offer_id_differs_wherever_the_merchants_number_does() {
        assertThat(VirtualProfiles.offerId("1689802336")).isEqualTo("1489802336"); // docs/simulator.md
    }
}
