package io.cashdesk.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinPageTest {
    @Test
    void every_code_outcome_and_way_has_a_text_in_both_languages() throws IOException {
        for (var file : new String[] {"simulator.properties", "simulator_zh.properties"}) {
            var messages = new Properties();
            try (var in = Files.newBufferedReader(Path.of("src/main/resources/messages", file))) {
                messages.load(in);
            }
            for (var code : DouyinPage.EXPLAINED) {
                assertThat(messages.getProperty("simulator.douyin.code." + code))
                        .as("%s in %s", code, file)
                        .isNotBlank();
            }
            for (var outcome : DouyinOutcome.values()) {
                if (outcome == DouyinOutcome.PAY || outcome == DouyinOutcome.OPEN) continue;
                assertThat(messages.getProperty("simulator.douyin.outcome." + outcome))
                        .as("%s in %s", outcome, file)
                        .isNotBlank();
            }
            for (var wallet : DouyinOrder.WALLETS.values()) {
                assertThat(messages.getProperty("simulator.douyin.way." + wallet))
                        .as("%s in %s", wallet, file)
                        .isNotBlank();
                assertThat(messages.getProperty("simulator.pay.with." + wallet))
                        .as("%s in %s", wallet, file)
                        .isNotBlank();
            }
        }
    }
}
