package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.TextLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayTextsTest {
    @ParameterizedTest
    @CsvSource({
        "矿泉水 550ml/瓶, 矿泉水 550ml／瓶",
        "a=b, a＝b",
        "tea & cake, tea ＆ cake",
        "/=&, ／＝＆",
        "／＝＆, ／＝＆",
        "<茶> + \"🍵\", <茶> + \"🍵\""
    })
    void a_title_is_sent_with_full_width_signs(String title, String sent) {
        assertThat(AlipayTexts.subject(title)).isEqualTo(sent);
    }

    @Test
    void a_title_of_256_characters_stays_and_a_longer_one_ends_where_a_character_ends() {
        assertThat(AlipayTexts.subject("茶".repeat(256))).isEqualTo("茶".repeat(256));
        assertThat(AlipayTexts.subject("茶".repeat(255) + "e\u0301x")).isEqualTo("茶".repeat(255));
        assertThat(AlipayTexts.subject("🍵".repeat(300))).isEqualTo("🍵".repeat(256));
    }

    @Test
    void the_documentation_has_each_limit_with_its_unit_and_source() throws IOException {
        var rows = Files.readAllLines(Path.of("docs/providers/alipay.md")).stream()
                .filter(line -> line.matches("\\| `[a-z_.]+` \\| \\d+ characters \\|.*"))
                .toList();

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                AlipayTexts.shortened().stream().map(limit -> row(limit, "shortened")),
                                AlipayTexts.refused().stream().map(limit -> row(limit, "refused")))
                        .toList());
    }

    private static String row(TextLimit limit, String handling) {
        return "| `" + limit.field() + "` | " + limit.most() + " characters | " + handling + " | " + limit.source()
                + " |";
    }
}
