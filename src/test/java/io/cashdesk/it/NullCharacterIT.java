package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses with U+0000, which PostgreSQL does not store. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class NullCharacterIT {
    static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("null-character-it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/checkout/a%00b",
                "/q/%00",
                "/demo/orders/a%00b",
                "/simulator/wallet?code=%00",
                "/simulator/style/%00.css",
                "/%00"
            })
    void belong_to_nothing(String path) {
        var answer = Node.send(HttpRequest.newBuilder(shop.node.base().resolve(path))
                .header("Accept", "text/html,*/*;q=0.8")
                .GET()
                .build());

        assertThat(answer.status()).isEqualTo(404);
    }
}
