package io.cashdesk.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;

/** What a tester sees: the list of orders, the wallet with its log and faults, and the demo shop's page of an order. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulatorPagesIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String LONG_NUMBER = "N" + "0123456789".repeat(3) + "x";

    static Node node;
    static Shop shop;

    @BeforeAll
    static void start() {
        shop = new Shop("simulator-pages");
        node = shop.node;
    }

    /** The wallet page of an order that is made now. */
    static String wallet(Shop merchant, String provider, String number, long fen, String subject) {
        var order = Shop.order(number).add("total_fee", fen).add("subject", subject);
        var body = Json.createObjectBuilder()
                .add("provider", provider)
                .add("needQRcode", true)
                .add("data", order);
        var made = merchant.call("createPayment", body.build().toString());
        assertThat(made.json().getInt("code")).as(made.body()).isZero();
        return walletOf(provider, number);
    }

    static String walletOf(String provider, String number) {
        var records = node.simulator("books?provider=" + provider + "&out_trade_no=" + number, null);
        var code = records.json().getString("code");
        return node.base() + "/simulator/wallet?code=" + URLEncoder.encode(code, UTF_8);
    }

    static Browser browser(int width, String language, boolean dark) {
        return new Browser(new Screen(width, 900, language, dark, true));
    }

    static void fitsAndIsAccessible(Browser browser) {
        var width = (Boolean)
                browser.driver().executeScript("return document.documentElement.scrollWidth <= window.innerWidth + 1");
        assertThat(width).as("fits the width").isTrue();
        assertThat(new AxeBuilder().analyze(browser.driver()).getViolations())
                .extracting(Rule::getId)
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "320, en-US, false",
        "390, zh-CN, true",
        "390, en-US, false",
        "768, zh-CN, false",
        "1024, en-US, false",
        "1440, en-US, true",
        "1440, zh-CN, false"
    })
    void the_list_of_orders_fits_and_reads_at_every_width(int width, String language, boolean dark) {
        var merchant = new Shop("simulator-list");
        wallet(merchant, "wxpay", Shop.number(), 100_000_000, "很长的商品名称，".repeat(5) + " with a long subject");
        wallet(merchant, "wxpay", LONG_NUMBER, 1, "Tea");
        wallet(merchant, "alipay", Shop.number(), 990, "西湖龙井");
        try (var browser = browser(width, language, dark)) {
            browser.open(node.base() + "/simulator/");

            fitsAndIsAccessible(browser);
            for (var cell : browser.driver().findElements(By.cssSelector(".subject-cell, .order-cell"))) {
                assertThat(cell.getSize().getWidth()).as(cell.getText()).isGreaterThan(150);
            }
            var amounts = browser.driver().findElements(By.cssSelector("td.amount-cell span"));
            assertThat(amounts).anySatisfy(a -> assertThat(a.getText()).contains("1,000,000.00"));
            assertThat(amounts)
                    .allSatisfy(a -> assertThat(a.getSize().getHeight())
                            .as("one line: " + a.getText())
                            .isLessThan(32));
            assertThat(browser.driver().getPageSource()).doesNotContain(">NOTPAY<");
            assertThat(browser.attribute("html", "lang")).isEqualTo(language.startsWith("zh") ? "zh-CN" : "en");
            browser.picture("simulator-orders-" + width + "-" + language + (dark ? "-dark" : ""));
        }
    }

    @Test
    void the_list_is_filtered_by_its_address_and_pages_go_to_older_orders() {
        for (int i = 0; i < 31; i++) wallet(shop, "wxpay", Shop.number(), 990, "Page " + i);
        try (var browser = browser(1440, "en-US", false)) {
            browser.open(node.base() + "/simulator/?wallet=wxpay&state=NOTPAY");
            assertThat(browser.driver().findElements(By.cssSelector("tbody tr")))
                    .hasSize(30);
            assertThat(browser.driver().findElements(By.cssSelector(".state")))
                    .allSatisfy(s -> assertThat(s.getText()).isEqualTo("Waiting for payment"));
            var first = browser.text(".order-cell a");

            browser.click("#older");

            assertThat(browser.text(".order-cell a")).isNotEqualTo(first);
            assertThat(browser.driver().getCurrentUrl())
                    .contains("wallet=wxpay")
                    .contains("before=");
            browser.click("#language");
            assertThat(browser.text("h1")).isEqualTo("模拟渠道中的订单");
            browser.click("#newest");
            assertThat(browser.text(".order-cell a")).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "wxpay, 390, zh-CN, false",
        "alipay, 1440, en-US, false",
        "wxpay, 1440, zh-CN, true",
        "alipay, 320, en-US, true"
    })
    void the_balance_moves_and_the_log_follows(String provider, int width, String language, boolean dark) {
        var merchant = new Shop("simulator-balance-" + provider + width);
        var number = Shop.number();
        var wallet = wallet(merchant, provider, number, 990, "西湖龙井");
        try (var browser = browser(width, language, dark)) {
            browser.open(wallet);
            assertThat(browser.text("#balance")).isEqualTo("¥8,888.00");
            fitsAndIsAccessible(browser);
            browser.picture("simulator-wallet-" + provider + "-" + width);
            browser.click("#pay");
            browser.find("[data-state=SUCCESS]");
            assertThat(browser.text("#balance")).isEqualTo("¥8,878.10");
            browser.waitFor("li[data-way=ACKNOWLEDGEMENT]", SOON); // without a reload
            merchant.untilPaid(number);

            merchant.call("refund", "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":300}");

            browser.waitFor("[data-refund=SUCCESS]", SOON);
            Eventually.within(
                    SOON,
                    "the balance is raised",
                    () -> browser.text("#balance").equals("¥8,881.10"));
            assertThat(browser.attribute("main", "data-shown")).isEqualTo("PARTLY_REFUNDED");
            browser.open(wallet + "&open=1");
            fitsAndIsAccessible(browser);
            browser.picture("simulator-paid-" + provider + "-" + width);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void an_amount_above_the_balance_is_paid_after_a_top_up(String provider) {
        var wallet = wallet(new Shop("simulator-rich-" + provider), provider, Shop.number(), 100_000_000, "Gold");
        try (var browser = browser(390, "en-US", false)) {
            browser.open(wallet);
            assertThat(browser.text("#top-up")).contains("¥1,000,000.00"); // 8,888.00 are there, and stay
            browser.click("#pay");
            browser.find("[data-state=SUCCESS]");
            assertThat(browser.text("#balance")).isEqualTo("¥8,888.00");
            assertThat(browser.text("#lines")).contains("topped itself up by ¥1,000,000.00");
        }
    }

    @Test
    void the_log_is_of_this_account_alone() {
        var number = Shop.number();
        var mine = wallet(shop, "wxpay", number, 990, "Mine");
        var other = wallet(new Shop("simulator-other"), "wxpay", number, 990, "Other merchant");
        assertThat(other).isNotEqualTo(mine);
        try (var browser = browser(1440, "en-US", false)) {
            browser.open(mine + "&open=1");
            assertThat(browser.text("#lines")).contains("Mine").doesNotContain("Other merchant");
            // queries are GET and may be many, on a slow machine
            assertThat(browser.driver().findElements(By.cssSelector("li[data-way=CALL]")))
                    .filteredOn(line -> line.getText().contains("POST /"))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void the_log_says_who_sent_what_with_headers_and_the_decrypted_body(String provider) {
        var merchant = new Shop("simulator-log-" + provider);
        var number = Shop.number();
        var wallet = wallet(merchant, provider, number, 990, "Tea");
        try (var browser = browser(1440, "en-US", false)) {
            browser.open(wallet);
            browser.click("#pay");
            browser.waitFor("li[data-way=ACKNOWLEDGEMENT]", SOON);
            browser.open(wallet + "&open=1");

            var call = browser.text("li[data-way=CALL]");
            var notification = browser.text("li[data-way=NOTIFICATION]");

            assertThat(call).contains("✓", "signature valid", "POST /");
            assertThat(browser.text("li[data-way=ANSWER]")).contains("HTTP 200", "signed");
            assertThat(notification).contains("→ notify_url", "POST " + node.base() + "/notify/");
            if (provider.equals("wxpay")) {
                assertThat(call)
                        .contains(
                                "Merchant's server → WeChat Pay", "Authorization: WECHATPAY2-SHA256-RSA2048", "mchid");
                assertThat(notification).contains("Wechatpay-Signature: ", "ciphertext", "\"trade_state\"");
            } else {
                assertThat(call).contains("Merchant's server → Alipay", "sign: ", "alipay.trade.precreate");
                assertThat(notification).contains("trade_status=TRADE_SUCCESS", "sign=");
            }
            assertThat(browser.driver().getPageSource()).doesNotContain("PRIVATE KEY", "v3Key", "privateKey");
        }
    }

    @Test
    void active_faults_are_seen_outside_the_closed_drawer_and_cleared() {
        var number = Shop.number();
        var wallet = wallet(shop, "wxpay", number, 990, "Tea");
        shop.simulator.setFaults(number, "NOTIFY_LATE", "NOTIFY_FORGED");
        try (var browser = browser(390, "en-US", false)) {
            browser.open(wallet);
            assertThat(browser.text("#active"))
                    .contains("2 faults are active", "Notification late", "Notification forged");
            assertThat(browser.shows("fieldset[data-group=NETWORK]")).isFalse();
            browser.click("#faults summary");
            for (var group : new String[] {"NETWORK", "CONTENT", "REFUND"}) {
                assertThat(browser.text("fieldset[data-group=" + group + "]")).isNotBlank();
            }
            fitsAndIsAccessible(browser);
            browser.picture("simulator-faults-390");

            browser.click("#clear");

            assertThat(browser.text("main")).doesNotContain("faults are active");
            browser.click("#pay");
            browser.waitFor("li[data-way=NOTIFICATION][data-verdict=SIGNED]", SOON);
        }
    }

    @Test
    void without_scripts_the_wallet_loads_itself_again_and_says_so() {
        var wallet = wallet(shop, "wxpay", Shop.number(), 990, "Tea");
        try (var browser = new Browser(new Screen(390, 844, "en-US", false, false))) {
            browser.open(wallet);
            assertThat(browser.text(".following")).contains("loads itself again every 8 seconds");
            Eventually.within(
                    Duration.ofSeconds(20),
                    "a second turn",
                    () -> browser.driver().getCurrentUrl().contains("turn=1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/simulator/wallet", "/simulator/wallet?code=none"})
    void a_code_that_does_not_exist_is_a_page(String path) {
        try (var browser = browser(390, "zh-CN", false)) {
            browser.open(node.base() + path);
            fitsAndIsAccessible(browser);
            browser.picture("simulator-unknown");
        }
    }

    @Test
    void a_payer_who_presses_again_and_again_fills_no_log() {
        var wallet = wallet(shop, "wxpay", Shop.number(), 990, "Tea");
        var code = wallet.substring(wallet.indexOf("code="));
        for (int i = 0; i < 40; i++) {
            Node.send(HttpRequest.newBuilder(URI.create(node.base() + "/simulator/wallet/decline"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(code))
                    .build());
        }
        var page = node.call("GET", wallet.substring(node.base().toString().length()), null, null)
                .body();
        assertThat(page.split("data-way=\"PAYER\"", -1)).hasSize(31);
        assertThat(page).contains("data-way=\"CALL\"");
    }

    private static void demoShop() throws IOException {
        var key = node.merchant("simulator-demo", "test");
        node.manage(
                "PUT",
                "merchants/simulator-demo",
                Json.createObjectBuilder()
                        .add("name", "演示商店")
                        .add("return_urls", Json.createArrayBuilder().add(node.base() + "/demo/")));
        var secret = node.manage(
                        "PUT",
                        "merchants/simulator-demo/webhooks/demo-shop",
                        Json.createObjectBuilder()
                                .add("url", node.base() + "/demo/webhook")
                                .add("mode", "test"))
                .json()
                .getString("secret");
        var demo = new Properties();
        demo.putAll(Map.of(
                "base_url", node.base().toString(), "pid", "simulator-demo", "key", key, "webhook_secret", secret));
        try (var out = Files.newBufferedWriter(Path.of(node.environment("CASHDESK_DEMO_FILE")))) {
            demo.store(out, null);
        }
    }

    @ParameterizedTest
    @CsvSource({"wxpay, 1440, zh-CN", "alipay, 390, en-US"})
    void the_demo_shop_follows_and_tells_a_refund(String provider, int width, String language) throws IOException {
        demoShop();
        try (var browser = browser(width, language, false)) {
            browser.open(node.base() + "/demo/");
            browser.click("button[data-buy=tea]");
            browser.click("button[data-provider=" + provider + "]");
            browser.find("[data-state=code], [data-state=opening]");
            var number = newestDemoOrder(browser);
            browser.open(node.base() + "/demo/orders/" + number);
            browser.find("[data-order-state=unpaid]");
            fitsAndIsAccessible(browser);
            browser.picture("demo-unpaid-" + width);
            shop.pay(number);
            browser.waitFor("[data-order-state=paid]", SOON); // by itself

            browser.find("#refund-yuan").clear();
            browser.find("#refund-yuan").sendKeys("3.50");
            browser.click("#refund");

            browser.waitFor("[data-order-state=partly-refunded]", Duration.ofSeconds(20));
            assertThat(browser.text("#order")).contains("¥3.50");
            assertThat(browser.driver().findElements(By.cssSelector("[data-type='refund.succeeded']")))
                    .hasSize(1);
            assertThat(browser.text("#calls")).contains("/api/pay/refund");
            browser.find("#refund-yuan").clear();
            browser.find("#refund-yuan").sendKeys("6.41");
            browser.click("#refund");
            assertThat(browser.find("[role=alert]").isDisplayed()).isTrue();
            fitsAndIsAccessible(browser);
            browser.picture("demo-partly-" + width);
            browser.find("#refund-yuan").clear();
            browser.find("#refund-yuan").sendKeys("6.40");
            browser.click("#refund");
            browser.waitFor("[data-order-state=refunded]", Duration.ofSeconds(20));
            assertThat(browser.shows("#refund")).isFalse();
            browser.picture("demo-refunded-" + width);
        }
    }

    /** The shop's number of the order whose checkout page is open. */
    private static String newestDemoOrder(Browser browser) {
        var checkout = browser.driver().getWindowHandle();
        browser.inNewTab(node.base() + "/simulator/");
        var number = browser.driver().findElements(By.cssSelector(".order-cell a")).stream()
                .map(a -> a.getText())
                .filter(text -> text.startsWith("D"))
                .findFirst()
                .orElseThrow();
        browser.driver().close();
        browser.toTab(checkout);
        return number;
    }
}
