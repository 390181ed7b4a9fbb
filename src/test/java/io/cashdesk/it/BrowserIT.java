package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Machine;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person with a browser: shop, checkout page, wallet, and the shop again. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BrowserIT {
    /** Less than the time after which a page queries again, whatever happened. */
    private static final Duration QUERIES_AGAIN = Duration.ofSeconds(20);

    static Node node;
    static String key;

    @BeforeAll
    static void shop() throws IOException {
        node = Nodes.shared();
        node.manage(
                "PUT",
                "merchants/demo",
                Json.createObjectBuilder()
                        .add("name", "演示商店")
                        .add("return_urls", Json.createArrayBuilder().add(node.base() + "/demo/")));
        key = node.manage(
                        "POST",
                        "merchants/demo/keys",
                        Json.createObjectBuilder().add("mode", "test"))
                .json()
                .getString("key");
        var secret = node.manage(
                        "PUT",
                        "merchants/demo/webhooks/demo-shop",
                        Json.createObjectBuilder()
                                .add("url", node.base() + "/demo/webhook")
                                .add("mode", "test"))
                .json()
                .getString("secret");
        var demo = new Properties();
        demo.putAll(Map.of("base_url", node.base().toString(), "pid", "demo", "key", key, "webhook_secret", secret));
        try (var out = Files.newBufferedWriter(Path.of(node.environment("CASHDESK_DEMO_FILE")))) {
            demo.store(out, null);
        }
    }

    static String checkout(String more) {
        var body = "{\"data\":{\"out_trade_no\":\"" + Shop.number()
                + "\",\"total_fee\":9990,\"subject\":\"西湖龙井\",\"type\":\"goods\"," + "\"return_url\":\"" + node.base()
                + "/demo/\"" + more + "}}";
        return node.pay("createCheckout", key, body).json().getString("checkout_url");
    }

    static void payInAnotherTab(Browser browser) {
        var page = browser.driver().getWindowHandle();
        browser.inNewTab(browser.attribute("#open-wallet", "href"));
        browser.click("#pay");
        browser.find("[data-state=SUCCESS]");
        browser.toTab(page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void the_whole_road_from_the_shop_to_the_wallet_and_back(String provider) {
        try (var browser = new Browser(Screen.desktop())) {
            browser.open(node.base() + "/demo/");
            browser.click("button[data-buy]");
            browser.click("button[data-provider=" + provider + "]");
            browser.find("[data-state=code]");
            assertThat(browser.find("[data-qr]").isDisplayed()).isTrue();
            var page = browser.driver().getWindowHandle();
            browser.inNewTab(browser.attribute("#open-wallet", "href"));
            browser.click("#pay");
            var paidAt = System.nanoTime();
            browser.toTab(page);

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(5));

            assertThat(Duration.ofNanos(System.nanoTime() - paidAt))
                    .isLessThan(Machine.limit(Duration.ofSeconds(5), QUERIES_AGAIN));
            assertThat(browser.driver().getTitle()).contains("支付");
            browser.picture("paid-" + provider);
            browser.waitFor("[data-order-state=paid]", Duration.ofSeconds(15)); // by itself, after three seconds
            Eventually.within(Duration.ofSeconds(15), "the shop has a webhook with a right signature", () -> {
                browser.driver().navigate().refresh();
                return browser.shows("[data-webhook-verdict=valid]");
            });
            browser.picture("shop-" + provider);
        }
    }

    @Test
    void an_order_past_its_deadline_becomes_the_expired_page_by_itself() {
        try (var browser = new Browser(Screen.desktop())) {
            browser.open(
                    checkout(",\"time_expire\":" + Instant.now().plusSeconds(6).toEpochMilli()));
            browser.find("[data-state=choose]");

            browser.waitFor("[data-state=expired], [data-state=closed]", Duration.ofSeconds(20));

            browser.driver().navigate().refresh();
            assertThat(browser.attribute("main", "data-state")).isIn("expired", "closed");
            assertThat(browser.shows("button[data-provider]")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void without_scripts_the_page_refreshes_itself_and_turns_to_paid(String provider) {
        try (var browser = new Browser(Screen.desktop().withoutScripts())) {
            browser.open(checkout(""));
            browser.click("button[data-provider=" + provider + "]");
            browser.find("[data-state=code]");
            payInAnotherTab(browser);

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(20));

            browser.click("#back-to-shop");
            assertThat(browser.driver().getCurrentUrl()).contains("/demo/").contains("out_trade_no=");
        }
    }

    @Test
    void i_have_paid_shows_that_nothing_was_paid() {
        try (var browser = new Browser(Screen.desktop())) {
            browser.open(checkout(""));
            browser.click("button[data-provider=wxpay]");

            browser.click("#i-have-paid");

            browser.find("[data-state=not-yet]");
        }
    }

    @Test
    void another_way_leads_to_the_other_wallet_and_the_order_stays_alive() {
        try (var browser = new Browser(Screen.desktop())) {
            browser.open(checkout(""));
            browser.click("button[data-provider=wxpay]");
            browser.find("[data-state=code]");

            browser.click("#another-way");
            browser.find("[data-state=choose]");
            browser.click("button[data-provider=alipay]");

            assertThat(browser.attribute("[data-qr]", "data-content")).startsWith("https://qr.alipay.com/");
            payInAnotherTab(browser);
            browser.waitFor("[data-state=paid]", Duration.ofSeconds(5));
        }
    }

    @Test
    void a_code_whose_time_is_over_gives_way_to_a_new_one() {
        var quick = Nodes.start("quick", node.dbUrl(), null, Map.of("CASHDESK_CODE_SECONDS", "5"));
        try (var browser = new Browser(Screen.desktop())) {
            var url = checkout("").replace(node.base().toString(), quick.base().toString());
            browser.open(url);
            browser.click("button[data-provider=alipay]");
            var first = browser.attribute("[data-qr]", "data-content");

            browser.waitFor("[data-state=code-ended]", Duration.ofSeconds(15));
            browser.click("#new-code");
            browser.waitFor("[data-state=code]", Duration.ofSeconds(15));

            assertThat(browser.attribute("[data-qr]", "data-content")).isNotEqualTo(first);
        } finally {
            quick.stop();
        }
    }

    @Test
    void an_unknown_link_shows_that_it_is_unknown() {
        try (var browser = new Browser(Screen.desktop())) {
            browser.open(node.base() + "/checkout/AAAAAAAAAAAAAAAAAAAAAA");

            browser.find("[data-state=unknown]");
            assertThat(node.call("GET", "/checkout/AAAAAAAAAAAAAAAAAAAAAA", null, null)
                            .status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({"320, en, false", "390, zh-CN, true", "768, zh-CN, false", "1440, en, true"})
    void nothing_on_any_state_shuts_anybody_out(int width, String language, boolean dark) {
        try (var browser = new Browser(new Screen(width, 844, language, dark, true))) {
            var name = width + "-" + language + (dark ? "-dark" : "-light");
            browser.open(checkout(""));
            look(browser, "choose-" + name);
            browser.click("button[data-provider=wxpay]");
            browser.find("[data-state=code]");
            look(browser, "code-" + name);
            browser.click("#i-have-paid");
            browser.find("[data-state=not-yet]");
            look(browser, "not-yet-" + name);
            browser.driver().navigate().back();
            browser.open(browser.driver().getCurrentUrl().replaceAll("\\?.*", ""));
            var wallet = browser.attribute("#open-wallet", "href");
            var page = browser.driver().getWindowHandle();
            browser.inNewTab(wallet);
            look(browser, "wallet-" + name);
            browser.click("#pay");
            browser.find("[data-state=SUCCESS]");
            browser.toTab(page);
            browser.waitFor("[data-state=paid]", Duration.ofSeconds(5));
            browser.click("#stay");
            look(browser, "paid-" + name);
            browser.open(node.base() + "/checkout/AAAAAAAAAAAAAAAAAAAAAA");
            look(browser, "unknown-" + name);
            browser.open(node.base() + "/demo/");
            look(browser, "shop-" + name);
        }
    }

    private static void look(Browser browser, String name) {
        browser.picture(name);
        var violations = new AxeBuilder().analyze(browser.driver()).getViolations();
        assertThat(violations.stream().map(BrowserIT::described)).as(name).isEmpty();
        var overflow = (Boolean) browser.driver()
                .executeScript("return document.documentElement.scrollWidth > document.documentElement.clientWidth");
        assertThat(overflow).as(name + " can be scrolled sideways").isFalse();
    }

    private static String described(Rule rule) {
        return rule.getId() + ": "
                + rule.getNodes().stream()
                        .map(n -> String.valueOf(n.getTarget()))
                        .toList();
    }

    @Test
    void the_first_view_is_under_60_kilobytes() {
        var total = 0L;
        var page = node.call("GET", checkout("").replaceAll("^https?://[^/]+", ""), null, null)
                .body();
        total += page.length();
        for (var asset : List.of(
                "/assets/tokens.css",
                "/assets/checkout.css",
                "/assets/checkout.js",
                "/assets/wxpay.svg",
                "/assets/alipay.svg")) {
            total += node.call("GET", asset, null, null).body().length();
        }

        assertThat(total).isLessThan(60_000);
    }
}
