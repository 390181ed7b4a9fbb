package io.cashdesk.ground.setting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7",
        "10.0.0.0/8, 10.255.0.1",
        "10.9.9.9/8, 10.1.0.1",
        "172.16.0.0/12, 172.31.255.255",
        "0.0.0.0/0, 203.0.113.7",
        "::ffff:10.0.0.7, 10.0.0.7",
        "::ffff:10.0.0.0/104, 10.1.2.3",
        "fd00::/8, fdff::1",
        "2001:db8::1, 2001:DB8:0:0:0:0:0:1"
    })
    void contains(String range, String address) {
        assertThat(AddressRange.of(range).orElseThrow().contains(address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.8",
        "10.0.0.0/8, 11.0.0.1",
        "172.16.0.0/12, 172.32.0.0",
        "0.0.0.0/0, 2001:db8::1",
        "::/0, 203.0.113.7",
        "fd00::/8, fe00::1",
        "10.0.0.0/8, proxy.example.com"
    })
    void does_not_contain(String range, String address) {
        assertThat(AddressRange.of(range).orElseThrow().contains(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy",
                "cafe",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "::/129",
                "::ffff:10.0.0.0/8",
                "10.0.0.1:80",
                "/8"
            })
    void is_nothing_else(String text) {
        assertThat(AddressRange.of(text)).isEmpty();
    }
}
