package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WrongAmountsTest {
    @Test
    void counters_are_in_a_fixed_number_of_rows_that_only_the_master_key_tells() {
        for (int i = 0; i < 1_000; i++) {
            var counter = WrongAmounts.counter("key", 5, "T" + i, "203.0.113.7");

            assertThat(counter.slot()).isBetween(0, 65_535);
            assertThat(counter).isEqualTo(WrongAmounts.counter("key", 5, "T" + i, "203.0.113.7"));
            assertThat(counter.subject())
                    .isNotEqualTo(WrongAmounts.counter("key", 5, "T" + i, "203.0.113.8")
                            .subject())
                    .isNotEqualTo(WrongAmounts.counter("other", 5, "T" + i, "203.0.113.7")
                            .subject());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "2001:db8:1:2:3:4:5:6, 20010db800010002",
        "2001:db8:1:2::9, 20010db800010002",
        "2001:db8:1:3::9, 20010db800010003",
        "::ffff:203.0.113.7, ::ffff:203.0.113.7",
        "unknown, unknown",
        "not:an:address, not:an:address"
    })
    void a_caller_is_an_address_of_ipv4_or_a_network_of_ipv6(String address, String network) {
        assertThat(WrongAmounts.network(address)).isEqualTo(network);
    }
}
