package io.cashdesk.it;

import static io.cashdesk.it.SimulatorPagesIT.browser;
import static io.cashdesk.it.SimulatorPagesIT.fitsAndIsAccessible;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Browser;
import io.cashdesk.testing.DouyinMerchant;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.VirtualMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page on which a tester plays a mini-program inside Douyin. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinPageIT {
    private static final String PATH = "/simulator/douyin/mini-program";

    private final Node node = Nodes.shared();
    private final DouyinMerchant merchant = new DouyinMerchant(node);
    private MerchantServer receiver;

    @BeforeEach
    void open() {
        receiver = new MerchantServer();
        receiver.answers(200, "{\"err_no\":0}");
    }

    @AfterEach
    void close() {
        receiver.close();
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

    private void paste(Browser browser, JsonObject parameters) {
        browser.driver().get(node.base() + PATH + "?parameters=" + VirtualMerchant.encoded(parameters.toString()));
    }

    private JsonObject ofEcpay() {
        return merchant.created(Shop.number(), receiver.url());
    }

    private JsonObject ofTrade(String number) {
        var data = merchant.data(number, receiver.url()).build().toString();
        return Json.createObjectBuilder()
                .add("data", data)
                .add("byteAuthorization", merchant.authorization(data))
                .build();
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
            paste(browser, ofEcpay());
            fitsAndIsAccessible(browser);
            browser.picture("douyin-" + width + "-" + language);
            click(browser, "pay");
            fitsAndIsAccessible(browser);
            browser.picture("douyin-paid-" + width + "-" + language);

            paste(browser, ofTrade(Shop.number()));
            click(browser, "pay");
            assertThat(text(browser, "#code")).isEqualTo("0");
            fitsAndIsAccessible(browser);
            click(browser, "refund");
            fitsAndIsAccessible(browser);
            browser.picture("douyin-refund-" + width + "-" + language);

            paste(browser, Json.createObjectBuilder().add("order_id", "1").build());
            click(browser, "pay");
            fitsAndIsAccessible(browser);
            browser.picture("douyin-refused-" + width + "-" + language);
        }
    }

    @Test
    void plays_ecpay_with_the_wallet_that_is_chosen_and_says_what_a_code_means() {
        try (var browser = browser(1024, "en-US", false)) {
            var info = ofEcpay();
            paste(
                    browser,
                    Json.createObjectBuilder()
                            .add("code", 0)
                            .add("orderInfo", info)
                            .build());
            new Select(browser.driver().findElement(By.id("way"))).selectByValue("2");
            click(browser, "pay");

            assertThat(text(browser, "#code")).isEqualTo("0");
            assertThat(text(browser, "#order-id")).isEqualTo(info.getString("order_id"));
            assertThat(text(browser, "main")).contains("Alipay", "9.90");
            assertThat(browser.driver().findElements(By.id("refund"))).isEmpty();
            for (var outcome :
                    Map.of("cancel", "4", "fail", "2", "timeout", "1").entrySet()) {
                paste(browser, ofEcpay());
                click(browser, outcome.getKey());
                assertThat(text(browser, "#code")).isEqualTo(outcome.getValue());
                assertThat(text(browser, "#meaning")).as(outcome.getKey()).isNotBlank();
            }
        }
    }

    @Test
    void plays_the_general_trade_system_and_a_payers_request_for_a_refund() {
        try (var browser = browser(390, "zh-CN", false)) {
            var number = Shop.number();
            paste(browser, ofTrade(number));
            click(browser, "pay");
            var orderId = text(browser, "#order-id");
            assertThat(orderId).startsWith("ot");

            browser.driver().findElement(By.id("amount")).sendKeys("3.00");
            browser.driver().findElement(By.id("reason")).sendKeys("茶凉了");
            click(browser, "refund");
            assertThat(text(browser, "#refund-said")).contains("三天");
            assertThat(text(browser, "#refunds")).contains("3.00", "待商户审核");
            browser.driver().findElement(By.id("amount")).sendKeys("7.00");
            click(browser, "refund");
            assertThat(text(browser, "#refund-said")).contains("超过");

            browser.driver().get(node.base() + PATH + "?order=" + orderId);
            assertThat(text(browser, "#refunds")).contains("3.00");
            browser.driver().get(browser.driver().findElement(By.id("wallet")).getAttribute("href"));
            assertThat(text(browser, "main")).contains(number);
        }
    }

    @Test
    void says_what_is_wrong_with_pasted_parameters() {
        try (var browser = browser(390, "en-US", false)) {
            var info = ofTrade(Shop.number());
            paste(
                    browser,
                    Json.createObjectBuilder(info)
                            .add("data", info.getString("data") + " ")
                            .build());
            click(browser, "pay");
            assertThat(text(browser, "#code")).isEqualTo("11004");
            assertThat(text(browser, "#meaning")).contains("byteAuthorization");

            browser.driver().get(node.base() + PATH + "?order=ot0");
            assertThat(text(browser, ".said")).contains("ot0");
        }
    }
}
