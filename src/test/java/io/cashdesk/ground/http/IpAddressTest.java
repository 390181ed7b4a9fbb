package io.cashdesk.ground.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "' 203.0.113.7 ', 203.0.113.7",
        "203.0.113.7:52011, 203.0.113.7",
        "::ffff:203.0.113.7, 203.0.113.7",
        "::FFFF:cb00:7107, 203.0.113.7",
        "[::ffff:203.0.113.7]:443, 203.0.113.7",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "[2001:db8::1], 2001:db8::1",
        "[2001:db8::1]:443, 2001:db8::1",
        "fe80::1%eth0, fe80::1",
        "::1, ::1",
        "::, ::",
        "2001:db8::, 2001:db8::",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:2:0:3:0:4:0, 1:0:2:0:3:0:4:0",
        "0:0:1::, 0:0:1::",
    })
    void is_read_in_every_usual_form(String written, String address) {
        assertThat(IpAddress.normalised(written)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "203.0.113.7, 10.0.0.1",
                "203.0.113",
                "203.0.113.256",
                "203.0.113.07",
                "3405803783",
                "localhost",
                "localhost:80",
                "2001:db8",
                "2001:db8::1::2",
                "2001:db8::1:443:::",
                "[203.0.113.7]",
                "203.0.113.7/24",
                "_hidden",
            })
    void is_refused_if_it_is_not_one_address(String written) {
        assertThat(IpAddress.normalised(written)).isEmpty();
    }
}
