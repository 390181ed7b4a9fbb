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
        return "| `" + limit.field() + "` | " + limit.most() + " | " + longer + " | " + limit.source() + " |";
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
    void wechat_pay_counts_bytes_in_every_field() {
        assertThat(WxpayTexts.OF_V3)
                .allSatisfy(limit -> assertThat(limit.unit()).isEqualTo(TextLimit.Unit.UTF8_BYTES));
        assertThat(WxpayTexts.OF_V2)
                .allSatisfy(limit -> assertThat(limit.unit()).isEqualTo(TextLimit.Unit.UTF8_BYTES));
    }
}
