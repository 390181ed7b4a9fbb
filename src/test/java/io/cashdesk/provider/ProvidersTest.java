package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProvidersTest {
    private final TinyProvider maple = new TinyProvider("maple", 20, client -> client.says("maple"));
    private final TinyProvider acorn = new TinyProvider("acorn", 30, Presentation.NO_BROWSER);
    private final TinyProvider willow = new TinyProvider("willow", 10, client -> client.says("willow"));
    private final Providers providers = new Providers(List.of(maple, acorn, willow));

    private boolean worksIn(String userAgent, TinyProvider provider) {
        var client = Client.browser(userAgent);
        return providers.worksIn(client, provider, provider.payType(client));
    }

    @Test
    void stand_in_the_order_of_their_positions() {
        assertThat(providers.all()).containsExactly(willow, maple, acorn);
    }

    @Test
    void work_in_every_browser_but_that_of_another_wallet() {
        assertThat(worksIn("Mozilla/5.0", acorn)).isTrue();
        assertThat(worksIn("Mozilla/5.0 Maple/1.0", maple)).isTrue();
        assertThat(worksIn("Mozilla/5.0 Maple/1.0", acorn)).isFalse();
        assertThat(worksIn("Mozilla/5.0 Willow/1.0", maple)).isFalse();
    }
}
