package io.cashdesk.provider.douyin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.TextLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinTextsTest {
    @Test
    void the_documentation_has_each_limit_with_its_unit_and_source() throws IOException {
        var rows = Files.readAllLines(Path.of("docs/providers/douyin.md")).stream()
                .filter(line -> line.matches("\\| `[A-Za-z_.]+` \\| \\d+ (?:characters|bytes) \\|.*"))
                .toList();

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                DouyinTexts.shortened().stream().map(limit -> row(limit, "shortened")),
                                DouyinTexts.refused().stream().map(limit -> row(limit, "refused")))
                        .toList());
    }

    private static String row(TextLimit limit, String handling) {
        var unit = limit.unit() == TextLimit.Unit.UTF8_BYTES ? " bytes | " : " characters | ";
        return "| `" + limit.field() + "` | " + limit.most() + unit + handling + " | " + limit.source() + " |";
    }

    @Test
    void a_title_of_42_Chinese_characters_has_128_bytes_at_most() {
        assertThat(DouyinTexts.SUBJECT.holds("茶".repeat(42))).isTrue();
        assertThat(DouyinTexts.SUBJECT.holds("茶".repeat(43))).isFalse();
    }
}
