package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Shop;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The checkout page on phones and inside wallets, through to paid. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PhoneIT {
    private static final String WECHAT = Shop.IPHONE + " MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN";
    private static final String ALIPAY = Shop.IPHONE + " AliApp(AP/10.5.0) AlipayClient/10.5.0 Language/zh-Hans";
    private static final String DESKTOP_WECHAT =
            "Mozilla/5.0 (Windows NT 6.1; WOW64) Chrome/39.0 Safari/537.36 MicroMessenger/6.5.2.501 WindowsWechat";

    /** The bridge that WeChat's browser provides: its cashier pays and reports it. */
    private static final String BRIDGE = """
            window.WeixinJSBridge = {
              invoke: (name, parameters, heard) =>
                fetch("/simulator/wxpay/jsapi", { method: "POST", body: JSON.stringify(parameters) })
                  .then((answer) => answer.json())
                  .then(heard),
            };
            """;

    static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("phone-it");
    }

    private static String checkout(String number) {
        return shop.call("createCheckout", "{\"data\":" + Shop.order(number).build() + "}")
                .json()
                .getString("checkout_url");
    }

    private static void pleases(Browser browser) {
        var found = new AxeBuilder().analyze(browser.driver()).getViolations();
        assertThat(found).extracting(Rule::getId).isEmpty();
    }

    @Test
    void an_ordinary_browser_opens_wechat_and_returns_to_a_paid_page() {
        try (var browser = new Browser(Screen.phone(Shop.IPHONE))) {
            browser.open(checkout(Shop.number()));
            pleases(browser);
            browser.picture("phone-choose");
            browser.click("button[data-provider=wxpay]");
            browser.click("#pay"); // opened by the page itself, in the wallet

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(15));

            browser.picture("phone-paid");
        }
    }

    @Test
    void a_payer_who_returns_unpaid_can_open_the_wallet_again_or_choose_another_way() {
        try (var browser = new Browser(Screen.phone(Shop.IPHONE))) {
            var page = checkout(Shop.number());
            browser.open(page);
            browser.click("button[data-provider=wxpay]");
            browser.find("#pay");

            browser.open(page);
            browser.find("[data-state=opening]");
            pleases(browser);
            browser.picture("phone-opening");
            assertThat(browser.attribute("#open-wallet", "href"))
                    .contains("/simulator/wxpay/h5")
                    .endsWith("&redirect_url=" + URLEncoder.encode(page + "/back", StandardCharsets.UTF_8));
            browser.click("#i-have-paid");
            browser.find("[data-state=not-yet]");
            browser.click("#another-way");
            browser.click("button[data-provider=alipay]");
            browser.find("#pay");
        }
    }

    @Test
    void inside_wechat_the_payer_is_known_silently_and_pays_in_the_cashier() {
        try (var browser = new Browser(Screen.phone(WECHAT))) {
            browser.runFirst(BRIDGE);
            var page = checkout(Shop.number());
            browser.open(page);

            browser.find("[data-state=choose]");
            assertThat(browser.driver().getCurrentUrl().replaceAll("#.*", ""))
                    .as("the code is removed from the address")
                    .isEqualTo(page);
            assertThat(browser.shows("button[data-provider=alipay]"))
                    .as("Alipay does not open inside WeChat")
                    .isFalse();
            pleases(browser);
            browser.picture("wechat-choose");
            browser.click("button[data-provider=wxpay]");

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(15));
        }
    }

    @Test
    void inside_wechat_a_login_of_another_session_is_refused() {
        try (var browser = new Browser(Screen.phone(WECHAT))) {
            var page = checkout(Shop.number());

            browser.open(page + "/payer?code=stolen&state=guessed");

            browser.find("[data-state=choose]");
            assertThat(browser.shows("button[data-provider=wxpay]")).isFalse();
            assertThat(browser.shows("[role=alert]")).isTrue();
        }
    }

    @Test
    void inside_alipay_only_alipay_is_offered() {
        try (var browser = new Browser(Screen.phone(ALIPAY))) {
            browser.open(checkout(Shop.number()));

            browser.find("button[data-provider=alipay]");
            assertThat(browser.shows("button[data-provider=wxpay]")).isFalse();
            browser.click("button[data-provider=alipay]");
            browser.click("#pay");

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(15));
        }
    }

    @Test
    void wechat_on_a_desktop_shows_a_code() {
        try (var browser = new Browser(new Screen(1024, 768, "zh-CN", false, true, DESKTOP_WECHAT))) {
            var number = Shop.number();
            browser.open(checkout(number));
            browser.click("button[data-provider=wxpay]");

            assertThat(browser.find("[data-qr]").isDisplayed()).isTrue();
            shop.pay(number);

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(15));
        }
    }

    @Test
    void a_desktop_shows_one_code_for_every_phone_which_leads_to_the_same_page() {
        try (var desktop = new Browser(Screen.desktop());
                var phone = new Browser(Screen.phone(Shop.IPHONE))) {
            var page = checkout(Shop.number());
            desktop.open(page);
            desktop.click("#any-wallet");
            desktop.find("[data-state=any-code]");
            pleases(desktop);
            desktop.picture("any-code");
            var address = desktop.attribute("[data-qr]", "data-content");

            phone.open(address);
            phone.click("button[data-provider=alipay]");
            phone.click("#pay");

            desktop.waitFor("[data-state=paid]", Duration.ofSeconds(15));
        }
    }
}
