package io.cashdesk.simulator.appleiap;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.ApplePurchase.Revocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleStorePageTest {
    @Test
    void every_word_that_it_chooses_has_a_text_in_both_languages() throws IOException {
        var keys = new ArrayList<String>();
        for (var decision : AppleStorePage.DECISIONS) keys.add("do." + decision);
        for (var said : AppleStorePage.SAYS) keys.add("said." + said);
        for (var product : AppleProduct.ids()) keys.add("type." + product);
        for (var environment : Environment.texts()) keys.add("environment." + environment);
        for (var state : List.of("PAID", "REFUNDED", "PARTLY_REFUNDED", "REVOKED")) keys.add("state." + state);
        for (var file : new String[] {"simulator.properties", "simulator_zh.properties"}) {
            var messages = new Properties();
            try (var in = Files.newBufferedReader(Path.of("src/main/resources/messages", file))) {
                messages.load(in);
            }
            for (var key : keys) {
                assertThat(messages.getProperty("simulator.apple." + key))
                        .as("%s in %s", key, file)
                        .isNotBlank();
            }
        }
    }

    @Test
    void only_what_apple_could_do_now_can_be_chosen() {
        var coins = APurchase.of("coins60");

        assertThat(AppleStorePage.possible(coins.build().detail()))
                .containsExactly("refund", "half", "revoke", "consumption");
        assertThat(AppleStorePage.possible(APurchase.of("vip").build().detail()))
                .contains("renew");
        assertThat(AppleStorePage.possible(
                        coins.takenBack(Revocation.FULL, Revocation.ALL).build().detail()))
                .containsExactly("reverse", "consumption");
        assertThat(AppleStorePage.possible(coins.in(Environment.XCODE).build().detail()))
                .doesNotContain("consumption");
    }

    @Test
    void the_token_is_found_in_what_was_pasted() {
        var token = APurchase.TOKEN;
        var orderInfo = "{\"appAccountToken\":\"" + token + "\"}";

        for (var pasted :
                List.of(token, " " + token + "\n", orderInfo, "{\"code\":0,\"orderInfo\":" + orderInfo + "}")) {
            assertThat(AppleDeviceResource.token(pasted)).isEqualTo(token);
        }
        assertThat(AppleDeviceResource.token("")).isEmpty();
        assertThat(AppleDeviceResource.token("{broken")).isEqualTo("{broken");
    }
}
