package io.cashdesk.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MiniProgramPageTest {
    @Test
    void every_code_that_it_explains_has_a_text_in_both_languages() throws IOException {
        for (var file : new String[] {"simulator.properties", "simulator_zh.properties"}) {
            var messages = new Properties();
            try (var in = Files.newBufferedReader(Path.of("src/main/resources/messages", file))) {
                messages.load(in);
            }
            for (var code : MiniProgramPage.EXPLAINED) {
                assertThat(messages.getProperty("simulator.virtual.code." + code))
                        .as("%s in %s", code, file)
                        .isNotBlank();
            }
        }
    }
}
