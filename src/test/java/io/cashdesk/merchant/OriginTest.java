package io.cashdesk.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OriginTest {
    @ParameterizedTest
    @CsvSource({
        "https://shop.example, https://shop.example",
        "https://shop.example/, https://shop.example",
        "https://shop.example:8443/, https://shop.example:8443",
        "HTTPS://Shop.Example:443, https://shop.example",
        "https://shop.example:8443, https://shop.example:8443",
        "https://shop.example:08443, https://shop.example:8443",
        "http://localhost:80, http://localhost",
        "http://localhost:443, http://localhost:443",
        "http://127.0.0.1:5173, http://127.0.0.1:5173",
        "http://[::1]:5173, http://[::1]:5173",
        "https://茶.example, https://xn--cl1a.example"
    })
    void is_written_as_browsers_write_it(String text, String origin) {
        assertThat(Origin.of(text).orElseThrow().value()).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "*",
                "shop.example",
                "//shop.example",
                "https://",
                "https://*",
                "https://*.shop.example",
                "https://shop.example//",
                "https://shop.example/ ",
                "https://shop.example/pay",
                "https://shop.example?x",
                "https://shop.example#x",
                "https://user@shop.example",
                "https://shop.example:",
                "https://shop.example:0",
                "https://shop.example:65536",
                "https://shop..example",
                "https://shop.example evil",
                " https://shop.example",
                "https://%73hop.example",
                "ftp://shop.example",
                "file://",
                "javascript:alert(1)"
            })
    void is_not_a_path_a_wildcard_or_anything_else(String text) {
        assertThat(Origin.of(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example, false",
        "http://localhost:8080, false",
        "http://127.0.0.1, false",
        "http://[::1]:3000, false",
        "http://shop.localhost, false",
        "http://shop.example, true",
        "http://localhost.evil.example, true",
        "http://127.0.0.1.evil.example, true"
    })
    void of_plain_http_is_readable_on_the_way_unless_it_is_the_same_machine(String text, boolean readable) {
        assertThat(Origin.of(text).orElseThrow().readableOnTheWay()).isEqualTo(readable);
    }
}
