package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.TextLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayTextsTest {
    private static String row(TextLimit limit) {
        var longer = WxpayTexts.isShortened(limit) ? "shortened" : "refused";
        var unit = limit.unit() == TextLimit.Unit.UTF8_BYTES ? " bytes" : " characters";
        return "| `" + limit.field() + "` | " + limit.most() + unit + " | " + longer + " | " + limit.source() + " |";
    }

    @Test
    void the_documentation_has_exactly_these_limits() throws IOException {
        var page = Files.readAllLines(Path.of("docs/providers/wxpay.md"));
        var section = page.subList(page.indexOf("## How long texts may be"), page.indexOf("## Examples"));

        assertThat(section.stream().filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(Stream.of(WxpayTexts.OF_V3, WxpayTexts.OF_V2)
                        .flatMap(List::stream)
                        .map(WxpayTextsTest::row)
                        .toList());
    }

    @Test
    void only_what_the_gateways_refusals_count_in_bytes_is_counted_in_bytes() {
        assertThat(inBytes(WxpayTexts.OF_V3)).containsExactly("description", "attach", "reason");
        assertThat(inBytes(WxpayTexts.OF_V2)).containsExactly("body", "attach", "refund_desc");
    }

    private static Stream<String> inBytes(List<TextLimit> limits) {
        return limits.stream()
                .filter(limit -> limit.unit() == TextLimit.Unit.UTF8_BYTES)
                .map(TextLimit::field);
    }
}
