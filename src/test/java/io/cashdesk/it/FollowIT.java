package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** One order on several screens, and what the page does by itself there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FollowIT {
    private static final String IPHONE_WECHAT = Shop.IPHONE + " MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN";
    private static final String ANDROID =
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";

    static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("follow-it");
        shop.node.manage(
                "PUT",
                "merchants/follow-it",
                Json.createObjectBuilder()
                        .add("name", "山房茶铺")
                        .add("return_urls", Json.createArrayBuilder().add(shop.node.base() + "/demo/")));
    }

    private static String checkout(String number) {
        var data = Shop.order(number).add("return_url", shop.node.base() + "/demo/");
        return shop.call("createCheckout", "{\"data\":" + data.build() + "}")
                .json()
                .getString("checkout_url");
    }

    private static String state(Browser browser) {
        return browser.attribute("main", "data-state");
    }

    private static void pause(int seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void i_have_paid_finds_a_payment_whose_notification_was_lost() {
        try (var browser = new Browser(Screen.desktop())) {
            var number = Shop.number();
            browser.open(checkout(number));
            browser.click("button[data-provider=wxpay]");
            browser.find("[data-state=code]");
            shop.setFault(number, "NOTIFY_LOST");
            shop.pay(number);

            browser.click("#i-have-paid");

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(3));
            browser.waitFor("#stay", Duration.ofSeconds(2)).click(); // it was seen here, so the shop follows
        }
    }

    @Test
    void a_code_in_another_window_follows_the_wallet_that_was_chosen_here() {
        try (var browser = new Browser(Screen.desktop());
                var other = new Browser(Screen.desktop())) {
            var page = checkout(Shop.number());
            browser.open(page);
            browser.click("button[data-provider=wxpay]");
            var first = browser.attribute("[data-qr]", "data-content");

            other.open(page + "?choose");
            other.click("button[data-provider=alipay]");
            other.find("[data-state=code]");

            browser.waitFor("[data-qr][data-content^='https://qr.alipay.com/']", Duration.ofSeconds(5));
            assertThat(browser.attribute("[data-qr]", "data-content")).isNotEqualTo(first);
            assertThat(state(browser)).isEqualTo("code");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_desktop_shows_that_the_phone_has_opened_its_code(boolean scripts) {
        var screen = scripts ? Screen.desktop() : Screen.desktop().withoutScripts();
        try (var desktop = new Browser(screen);
                var phone = new Browser(Screen.phone(Shop.IPHONE))) {
            var page = checkout(Shop.number());
            desktop.open(page + "?any");
            var address = desktop.attribute("[data-qr]", "data-content");

            phone.open(address);

            desktop.waitFor("[data-state=on-phone]", Duration.ofSeconds(scripts ? 5 : 15));
            desktop.picture("on-phone-" + (scripts ? "script" : "plain"));
            desktop.click("#show-code");
            desktop.find("[data-state=any-code]");
            phone.click("button[data-provider=wxpay]");
            phone.click("#pay");
            phone.waitFor("[data-state=paid]", Duration.ofSeconds(15));
            desktop.waitFor("[data-state=paid]", Duration.ofSeconds(15));
        }
    }

    @ParameterizedTest
    @CsvSource({"wxpay, true", "alipay, true", "alipay, false"})
    void a_code_on_a_desktop_gives_way_when_the_phone_opens_its_wallet_and_the_other_way_round(
            String provider, boolean scripts) {
        var screen = scripts ? Screen.desktop() : Screen.desktop().withoutScripts();
        try (var desktop = new Browser(screen);
                var phone = new Browser(Screen.phone(Shop.IPHONE))) {
            var page = checkout(Shop.number());
            desktop.open(page);
            desktop.click("button[data-provider=wxpay]");
            desktop.find("[data-state=code]");

            phone.open(page + "?choose");
            phone.click("button[data-provider=" + provider + "]");
            phone.find("#pay");

            desktop.waitFor("[data-state=on-phone]", Duration.ofSeconds(scripts ? 5 : 15));
            phone.open(page);
            phone.find("[data-state=opening]");
            desktop.click("#another-way");
            desktop.click("button[data-provider=alipay]");
            desktop.find("[data-state=code]");
            phone.waitFor("[data-state=code], [data-state=choose]", Duration.ofSeconds(5));
        }
    }

    @Test
    void back_from_the_wallet_without_a_payment_the_page_asks_nothing_and_opens_it_again() {
        try (var browser = new Browser(Screen.phone(ANDROID))) {
            var page = checkout(Shop.number());
            browser.open(page);
            browser.click("button[data-provider=alipay]");
            browser.find("#pay");

            browser.open(page + "/back?out_trade_no=1&sign=2");

            browser.find("[data-state=not-yet]");
            browser.picture("back-unpaid");
            assertThat(browser.driver().getCurrentUrl()).isEqualTo(page + "?back");
            assertThat(browser.text("[data-asked-at]")).contains("查询时间");
            assertThat(browser.shows("#open-wallet.primary")).isTrue();
            browser.click("#open-wallet");
            browser.click("#pay");
            browser.waitFor("[data-state=paid]", Duration.ofSeconds(15));
            assertThat(browser.shows("#stay"))
                    .as("back from the wallet in this window")
                    .isTrue();
        }
    }

    @Test
    void a_paid_page_goes_to_the_shop_by_itself_only_where_the_payment_was_seen() {
        try (var browser = new Browser(Screen.desktop())) {
            var number = Shop.number();
            var page = checkout(number);
            browser.open(page);
            browser.click("button[data-provider=wxpay]");
            browser.find("[data-state=code]");
            shop.pay(number);
            browser.waitFor("#stay", Duration.ofSeconds(5));

            browser.driver().navigate().refresh();
            browser.find("[data-state=paid]");
            pause(5);
            assertThat(browser.driver().getCurrentUrl()).startsWith(page);
            browser.inNewTab(page + "?back");
            browser.find("[data-state=paid]");
            pause(5);
            assertThat(browser.driver().getCurrentUrl()).startsWith(page);
            assertThat(browser.shows("#stay")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"cancel, cancelled", "fail, not-opened"})
    void a_payer_who_left_wechats_cashier_is_offered_to_pay_again(String result, String state) {
        try (var browser = new Browser(Screen.phone(IPHONE_WECHAT))) {
            browser.runFirst("window.WeixinJSBridge = { invoke: (name, parameters, done) =>"
                    + " setTimeout(() => done({ err_msg: 'get_brand_wcpay_request:" + result + "' }), 50) };");
            browser.open(checkout(Shop.number()));
            browser.click("button[data-provider=wxpay]");

            browser.find("[data-state=" + state + "]");

            browser.picture(state);
            assertThat(browser.text("main"))
                    .contains("尚未收到付款", "查询时间", "我已完成支付")
                    .doesNotContain("未扣款");
            assertThat(browser.driver().findElements(org.openqa.selenium.By.cssSelector(".primary")))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                IPHONE_WECHAT,
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 XWEB/1160117"
                        + " MMWEBSDK/20240301 MicroMessenger/8.0.48 WeChat/arm64",
                Shop.IPHONE + " AliApp(AP/10.5.0) AlipayClient/10.5.0 Language/zh-Hans",
                ANDROID,
                Shop.IPHONE + " Version/16.0 Safari/604.1"
            })
    void on_every_phone_the_wallet_opens_and_ends_in_paid(String agent) {
        try (var browser = new Browser(Screen.phone(agent))) {
            browser.open(checkout(Shop.number()));
            browser.click("button[data-provider]");

            browser.waitFor("#pay", Duration.ofSeconds(10)).click();

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(10));
        }
    }

    @Test
    void every_unpaid_state_in_wechat_has_a_button_to_the_simulated_wallet() {
        try (var browser = new Browser(Screen.phone(IPHONE_WECHAT))) {
            var page = checkout(Shop.number());
            browser.open(page);
            browser.click("button[data-provider=wxpay]");
            browser.find("#pay");

            browser.open(page);
            browser.find("[data-state=opening]");
            assertThat(browser.attribute("#open-wallet", "href")).contains("/simulator/wxpay/launch");
            browser.picture("wechat-opening");
            browser.click("#i-have-paid");
            browser.find("[data-state=not-yet]");
            browser.picture("wechat-not-yet");
            browser.click("#simulated-wallet");
            browser.click("#pay");
            browser.waitFor("[data-state=paid]", Duration.ofSeconds(10));
        }
    }

    @Test
    void after_escape_focus_is_on_the_way_that_had_opened_the_code() {
        try (var browser = new Browser(Screen.desktop())) {
            browser.open(checkout(Shop.number()));
            browser.click("button[data-provider=alipay]");
            browser.find("[data-state=code]");

            browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);

            browser.find("[data-state=choose]");
            assertThat(browser.driver().switchTo().activeElement().getAttribute("data-provider"))
                    .isEqualTo("alipay");
            browser.click("#any-wallet");
            browser.find("[data-state=any-code]");
            browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
            browser.find("[data-state=choose]");
            assertThat(browser.driver().switchTo().activeElement().getAttribute("id"))
                    .isEqualTo("any-wallet");
        }
    }

    @Test
    void a_page_of_choices_does_not_move_when_another_window_chooses() {
        try (var browser = new Browser(Screen.desktop());
                var other = new Browser(Screen.desktop())) {
            var page = checkout(Shop.number());
            browser.open(page + "?choose");
            browser.driver().executeScript("window.seen = document.querySelector('button[data-provider=wxpay]')");
            var version = browser.attribute("main", "data-version");

            other.open(page);
            other.click("button[data-provider=wxpay]");
            other.find("[data-state=code]");

            browser.waitFor("main[data-version]:not([data-version='" + version + "'])", Duration.ofSeconds(10));
            assertThat(browser.driver()
                            .executeScript(
                                    "return document.querySelector('button[data-provider=wxpay]') === window.seen"))
                    .isEqualTo(true);
        }
    }
}
