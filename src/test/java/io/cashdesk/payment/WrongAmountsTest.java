package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WrongAmountsTest {
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
