package io.cashdesk.it;

import static io.cashdesk.it.SimulatorPagesIT.browser;
import static io.cashdesk.it.SimulatorPagesIT.fitsAndIsAccessible;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.VirtualMerchant;
import jakarta.json.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page on which a tester plays a mini-program. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MiniProgramPageIT {
    private static final String PATH = "/simulator/wxpay-virtual/mini-program";

    private final Node node = Nodes.shared();
    private final VirtualMerchant merchant = new VirtualMerchant(node, Json.createObjectBuilder());
    private VirtualMerchant.User user = merchant.login("FIRST");

    private String address() {
        return node.base() + PATH + "?app=" + merchant.appId;
    }

    private static String text(Browser browser, String selector) {
        return browser.driver().findElement(By.cssSelector(selector)).getText();
    }

    /** Every button of this page loads another one. */
    private static void click(Browser browser, String id) {
        var button = browser.driver().findElement(By.id(id));
        button.click();
        new WebDriverWait(browser.driver(), Duration.ofSeconds(15)).until(ExpectedConditions.stalenessOf(button));
        browser.waitFor("main", Duration.ofSeconds(15));
    }

    private void paste(Browser browser, String parameters) {
        browser.driver().get(address() + "&parameters=" + VirtualMerchant.encoded(parameters));
    }

    private String arguments(String number, long price) {
        return merchant.arguments("short_series_goods", merchant.goods(number, "gems", price, 1), user)
                .build()
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "320, en-US, false",
        "390, zh-CN, true",
        "390, en-US, false",
        "768, zh-CN, false",
        "1024, en-US, false",
        "1440, zh-CN, true"
    })
    void fits_and_reads_at_every_width(int width, String language, boolean dark) {
        try (var browser = browser(width, language, dark)) {
            browser.driver().get(node.base() + PATH);
            fitsAndIsAccessible(browser);
            browser.picture("mini-program-apps-" + width + "-" + language);

            paste(browser, arguments(Shop.number(), 600));
            fitsAndIsAccessible(browser);
            browser.picture("mini-program-" + width + "-" + language);

            click(browser, "pay");
            assertThat(browser.driver().findElements(By.id("wallet"))).hasSize(1);
            fitsAndIsAccessible(browser);
            browser.picture("mini-program-paid-" + width + "-" + language);

            paste(browser, arguments(Shop.number(), 601));
            click(browser, "pay");
            fitsAndIsAccessible(browser);
            browser.picture("mini-program-refused-" + width + "-" + language);
        }
    }

    @Test
    void logs_in_pays_and_says_what_an_error_code_means() {
        try (var browser = browser(1024, "en-US", false)) {
            browser.driver().get(address());
            click(browser, "login");
            var code = text(browser, "#code");
            assertThat(merchant.get("/sns/jscode2session?appid=" + merchant.appId + "&secret="
                                    + merchant.account.getString("secret") + "&js_code=" + code
                                    + "&grant_type=authorization_code")
                            .getString("openid"))
                    .isEqualTo(text(browser, "#openid"));
            user = merchant.login("FIRST");

            var number = Shop.number();
            paste(browser, "{\"code\":0,\"orderInfo\":" + arguments(number, 600) + "}");
            click(browser, "pay");
            assertThat(merchant.order(number, user).getInt("paid_fee")).isEqualTo(600);

            paste(browser, arguments(number, 600));
            click(browser, "pay");
            assertThat(text(browser, "#meaning")).contains("outTradeNo", "used before");
            for (var outcome : List.of("cancel", "fail", "close")) {
                paste(browser, arguments(Shop.number(), 600));
                click(browser, outcome);
                assertThat(text(browser, "#meaning")).as(outcome).isNotBlank();
            }
        }
    }

    @Test
    void shows_the_users_coins() {
        merchant.buyCoins(Shop.number(), 100, merchant.login("SECOND"));
        try (var browser = browser(390, "zh-CN", false)) {
            browser.driver().get(address() + "&payer=SECOND");

            assertThat(text(browser, "#coins-0")).contains("100");
        }
    }

    @Test
    void of_an_unknown_application_says_so() {
        try (var browser = browser(390, "en-US", false)) {
            browser.driver().get(node.base() + PATH + "?app=wx0000000000000000");

            assertThat(text(browser, ".said")).contains("wx0000000000000000");
        }
    }
}
