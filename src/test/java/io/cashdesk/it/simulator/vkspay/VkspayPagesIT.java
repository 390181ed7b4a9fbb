package io.cashdesk.it.simulator.vkspay;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Shop;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cashier and the page of a refusal, in a browser. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VkspayPagesIT extends SimulatedVkspay {
    private static void fitsAndIsAccessible(Browser browser) {
        var width = (Boolean)
                browser.driver().executeScript("return document.documentElement.scrollWidth <= window.innerWidth + 1");
        assertThat(width).as("fits the width").isTrue();
        assertThat(new AxeBuilder().analyze(browser.driver()).getViolations())
                .extracting(Rule::getId)
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"320, zh-CN, false", "390, en-US, true", "768, en-US, false", "1440, zh-CN, false"})
    void the_payer_picks_a_wallet_and_goes_back(int width, String language, boolean dark) {
        var number = Shop.number();
        var submit = "/simulator/vkspay/epay/submit.php?" + merchant.v1Form(order(number, "type", ""));
        try (var browser = new Browser(new Screen(width, 900, language, dark, true))) {
            browser.open(node.base() + submit);
            var buttons = List.of(browser.find("#pay-wxpay"), browser.find("#pay-alipay"));
            assertThat(buttons.get(0).getLocation().getY()
                            + buttons.get(0).getSize().getHeight())
                    .isLessThan(buttons.get(1).getLocation().getY());
            fitsAndIsAccessible(browser);
            browser.picture("vkspay-cashier-" + width);

            browser.click("#pay-alipay");

            assertThat(notifications(number, 1).get(0)).containsEntry("type", "alipay");
        }
    }

    @ParameterizedTest
    @CsvSource({"320, en-US, true", "1440, zh-CN, false"})
    void a_refusal_is_a_page(int width, String language, boolean dark) {
        var submit = "/simulator/vkspay/epay/submit.php?" + merchant.v1Form(order(Shop.number(), "sign", "0"));
        try (var browser = new Browser(new Screen(width, 700, language, dark, true))) {
            browser.open(node.base() + submit);

            assertThat(browser.text("main")).contains("签名校验失败");
            fitsAndIsAccessible(browser);
            browser.picture("vkspay-refused-" + width);
        }
    }
}
