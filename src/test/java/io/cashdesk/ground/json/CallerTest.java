package io.cashdesk.ground.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.testing.ARequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CallerTest {
    private static final String PROXY = "10.0.0.1";

    private static String address(String peer, String... lines) {
        var caller = new Caller();
        caller.settings =
                new Settings(n -> n.equals("CASHDESK_TRUSTED_PROXIES") ? "10.0.0.1, 192.168.0.0/16 fd00::/8" : null);
        return caller.address(
                new ARequest().from(peer).header("X-Forwarded-For", lines).request());
    }

    @Test
    void of_a_connection_that_is_no_trusted_proxys_is_its_address_whatever_it_sends() {
        assertThat(address("203.0.113.7", "198.51.100.1")).isEqualTo("203.0.113.7");
        assertThat(address("::ffff:203.0.113.7", "198.51.100.1")).isEqualTo("203.0.113.7");
        assertThat(address("2001:DB8:0:0:0:0:0:1", "198.51.100.1")).isEqualTo("2001:db8::1");
    }

    @Test
    void of_a_trusted_proxy_that_names_none_is_the_proxy() {
        assertThat(address(PROXY)).isEqualTo(PROXY);
        assertThat(address(PROXY, "")).isEqualTo(PROXY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.7                               | 203.0.113.7
            198.51.100.1, 203.0.113.7                 | 203.0.113.7
            198.51.100.1,203.0.113.7, 192.168.4.4     | 203.0.113.7
            203.0.113.7 , fd12::3,::ffff:192.168.4.4  | 203.0.113.7
            203.0.113.7:51234                         | 203.0.113.7
            ::ffff:203.0.113.7                        | 203.0.113.7
            [2001:DB8::7]:51234                       | 2001:db8::7
            192.168.4.4, fd12::3                      | 192.168.4.4
            unknown                                   | 10.0.0.1
            203.0.113.7, unknown                      | 10.0.0.1
            203.0.113.7, unknown, 192.168.4.4         | 192.168.4.4
            203.0.113.7, , 192.168.4.4                | 203.0.113.7
            203.0.113.7,                              | 203.0.113.7
            ,,                                        | 10.0.0.1
            unknown, ,192.168.4.4,                    | 192.168.4.4
            example.com                               | 10.0.0.1
            203.0.113.7 198.51.100.1                  | 10.0.0.1
            """)
    void behind_a_trusted_proxy_is_the_last_address_that_is_not_trusted(String forwarded, String expected) {
        assertThat(address(PROXY, forwarded)).isEqualTo(expected);
        assertThat(address("::ffff:" + PROXY, forwarded)).isEqualTo(expected);
    }

    @Test
    void is_searched_over_all_lines_of_the_header() {
        assertThat(address(PROXY, "198.51.100.1", "203.0.113.7")).isEqualTo("203.0.113.7");
        assertThat(address(PROXY, "198.51.100.1, 203.0.113.7", "192.168.4.4")).isEqualTo("203.0.113.7");
        assertThat(address(PROXY, "203.0.113.7", "", " ")).isEqualTo("203.0.113.7");
        assertThat(address(PROXY, "203.0.113.7", "unknown", "192.168.4.4")).isEqualTo("192.168.4.4");
    }
}
