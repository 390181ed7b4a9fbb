package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.MultivaluedHashMap;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PageQueryTest {
    private static PageQuery of(String address) {
        var given = new MultivaluedHashMap<String, String>();
        for (var part : address.replace("?", "").split("&")) {
            var pair = part.split("=", 2);
            given.add(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return PageQuery.of(given);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?choose",
                "?any",
                "?any=1795665303000",
                "?back",
                "?asked&wait",
                "?asked&wait=1795665303000",
                "?cancelled&lang=en",
                "?not-opened&wait=1795665303000&lang=zh",
                "?choose&problem=provider-busy&lang=en"
            })
    void what_an_address_says_leads_to_the_same_address(String address) {
        assertThat(of(address).text()).isEqualTo(address);
    }

    @Test
    void what_is_not_a_moment_a_slug_or_a_language_is_left_out() {
        assertThat(of("?asked&wait=soon&problem=<b>&lang=fr").text()).isEqualTo("?asked&wait");
        assertThat(of("?any=1234567890123456").chosen()).isEqualTo(Instant.EPOCH);
    }
}
