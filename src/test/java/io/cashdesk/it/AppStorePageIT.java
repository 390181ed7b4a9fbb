package io.cashdesk.it;

import static io.cashdesk.it.SimulatorPagesIT.browser;
import static io.cashdesk.it.SimulatorPagesIT.fitsAndIsAccessible;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AppleMerchant;
import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page on which a tester buys in the App Store, and decides what Apple does afterwards. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AppStorePageIT {
    private static final String PATH = "/simulator/appleiap/store";

    private final Node node = Nodes.shared();
    private final AppleMerchant merchant = new AppleMerchant(node);

    private String address() {
        return node.base() + PATH + "?app=" + merchant.bundleId;
    }

    private static String text(Browser browser, String selector) {
        return browser.driver().findElement(By.cssSelector(selector)).getText();
    }

    /** Every button of this page loads another one. */
    private static void click(Browser browser, WebElement button) {
        button.click();
        new WebDriverWait(browser.driver(), Duration.ofSeconds(15)).until(ExpectedConditions.stalenessOf(button));
        browser.waitFor("main", Duration.ofSeconds(15));
    }

    private static void buy(Browser browser, String product) {
        new Select(browser.driver().findElement(By.id("product"))).selectByValue(product);
        click(browser, browser.driver().findElement(By.id("buy")));
    }

    private static void decide(Browser browser, String transaction, String decision) {
        click(
                browser,
                browser.driver()
                        .findElement(By.cssSelector(
                                "[data-transaction=\"" + transaction + "\"] button[value=\"" + decision + "\"]")));
    }

    @ParameterizedTest
    @CsvSource({
        "320, en-US, false",
        "320, zh-CN, true",
        "390, zh-CN, true",
        "768, en-US, false",
        "1024, en-US, true",
        "1440, zh-CN, true",
        "1440, en-US, false"
    })
    void fits_and_reads_at_every_width(int width, String language, boolean dark) {
        var name = width + "-" + language + (dark ? "-dark" : "");
        try (var browser = browser(width, language, dark)) {
            browser.driver().get(node.base() + PATH);
            fitsAndIsAccessible(browser);
            browser.picture("app-store-apps-" + name);

            browser.driver().get(address());
            fitsAndIsAccessible(browser);
            browser.picture("app-store-" + name);

            buy(browser, "vip");
            decide(browser, text(browser, "#transaction"), "renew");
            decide(browser, text(browser, "#transaction"), "half");
            fitsAndIsAccessible(browser);
            browser.picture("app-store-refunded-" + name);

            browser.driver().get(address() + "&token=none");
            click(browser, browser.driver().findElement(By.id("buy")));
            assertThat(text(browser, "#refused")).contains("appAccountToken", "UUID");
            fitsAndIsAccessible(browser);
            browser.picture("app-store-refused-" + name);
        }
    }

    @Test
    void buys_with_the_token_of_an_order_and_shows_what_the_app_has_then() {
        var token = UUID.randomUUID().toString();
        try (var browser = browser(1024, "en-US", false)) {
            browser.driver().get(address());
            browser.driver()
                    .findElement(By.id("token"))
                    .sendKeys("{\"code\":0,\"orderInfo\":{\"appAccountToken\":\"" + token + "\"}}");
            buy(browser, "coins60");

            var id = text(browser, "#transaction");
            var signed = merchant.verified(json(text(browser, "#call")).getString("transaction_receipt"));
            assertThat(signed.getString("transactionId")).isEqualTo(id);
            assertThat(signed.getString("appAccountToken")).isEqualTo(token);
            assertThat(json(text(browser, "#call")).getString("transaction_identifier"))
                    .isEqualTo(id);
            assertThat(text(browser, "#said")).contains("Bought");
            assertThat(browser.driver().findElement(By.id("wallet")).getAttribute("href"))
                    .contains("/simulator/wallet?code=apple-");
            assertThat(browser.driver().findElements(By.cssSelector("#purchases li")))
                    .as("those with this token")
                    .hasSize(1);
        }
    }

    @Test
    void refunds_reverses_revokes_and_queries_the_use() {
        try (var browser = browser(1024, "en-US", false)) {
            browser.driver().get(address());
            buy(browser, "film");
            var id = text(browser, "#transaction");

            decide(browser, id, "consumption");
            assertThat(text(browser, "#state")).isEqualTo("Paid");
            decide(browser, id, "half");
            assertThat(text(browser, "#state")).isEqualTo("Refunded in part");
            decide(browser, id, "reverse");
            assertThat(text(browser, "#state")).isEqualTo("Paid");
            decide(browser, id, "refund");
            assertThat(text(browser, "#state")).isEqualTo("Refunded");
            decide(browser, id, "reverse");
            decide(browser, id, "revoke");
            assertThat(text(browser, "#state")).isEqualTo("Revoked");

            var transaction = merchant.get("/inApps/v1/transactions/" + id).json();
            assertThat(merchant.verified(transaction.getString("signedTransactionInfo"))
                            .getString("revocationType"))
                    .isEqualTo("FAMILY_REVOKE");
        }
    }

    @Test
    void of_an_unknown_app_says_so() {
        try (var browser = browser(390, "zh-CN", false)) {
            browser.driver().get(node.base() + PATH + "?app=com.unknown");

            assertThat(text(browser, ".said")).contains("com.unknown");
        }
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
