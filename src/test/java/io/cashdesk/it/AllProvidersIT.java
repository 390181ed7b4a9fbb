package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.VirtualMerchant;
import io.cashdesk.testing.VkspayMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checkout page of a merchant with live accounts at all six providers, in the browsers of payers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AllProvidersIT {
    private static final List<String> NEVER_ON_PAGES = List.of("wxpay-virtual", "douyin", "appleiap");

    private static final String ANDROID =
            "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";

    /** What they call themselves. */
    enum Payer {
        PC("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"),
        PHONE(Shop.IPHONE),
        WECHAT(Shop.IPHONE + " MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN"),
        ALIPAY(Shop.IPHONE + " AliApp(AP/10.5.0) AlipayClient/10.5.0 Language/zh-Hans"),
        DOUYIN(ANDROID + " aweme_280000 BytedanceWebview ToutiaoMicroApp/3.10.0");

        private final String userAgent;

        Payer(String userAgent) {
            this.userAgent = userAgent;
        }
    }

    static Node node;
    static OtherProviderProcess provider;
    static String key;

    @BeforeAll
    static void configure() {
        node = Nodes.shared();
        provider = OtherProviderProcess.start();
        key = provider.liveMerchant(node, "all-providers-it", false);
        put(
                "all-providers-it",
                Json.createObjectBuilder()
                        .add("vkspay", VkspayMerchant.newNode(node, "epay-v1"))
                        .add(
                                "wxpay-virtual",
                                Json.createObjectBuilder()
                                        .add(
                                                "mp-weixin",
                                                new VirtualMerchant(node, Json.createObjectBuilder()).account))
                        .add("douyin", Json.createObjectBuilder().add("mp-toutiao", account("douyin")))
                        .add("appleiap", Json.createObjectBuilder().add("app-plus", account("appleiap")))
                        .build());
    }

    @AfterAll
    static void close() {
        provider.close();
    }

    private static JsonObject account(String name) {
        return node.simulator("accounts/" + name, "{}").json().getJsonObject("node");
    }

    private static void put(String pid, JsonObject nodes) {
        var answer = node.manage("PUT", "merchants/" + pid + "/providers", Json.createObjectBuilder(nodes));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static Node.Answer page(String url, Payer payer) {
        return Node.send(HttpRequest.newBuilder(URI.create(url))
                .header("User-Agent", payer.userAgent)
                .header("Accept-Language", "en")
                .GET()
                .build());
    }

    @ParameterizedTest
    @EnumSource(Payer.class)
    void the_page_offers_only_what_works_in_this_browser(Payer payer) {
        var html = page(node.createCheckout(key, Shop.number()), payer).body();

        for (var name : NEVER_ON_PAGES) assertThat(html).doesNotContain("value=\"" + name + "\"");
        assertThat(html).doesNotContain("Douyin").doesNotContain("App Store").doesNotContain("virtual payment");
        if (payer == Payer.PC) assertThat(html).contains("value=\"wxpay\"", "value=\"alipay\"", "value=\"vkspay\"");
        if (payer == Payer.PHONE) assertThat(html).contains("value=\"wxpay\"", "value=\"alipay\"");
        if (payer == Payer.DOUYIN) assertThat(html).contains("value=\"alipay\"");
        if (payer == Payer.ALIPAY) assertThat(html).contains("value=\"alipay\"").doesNotContain("value=\"wxpay\"");
        if (payer == Payer.WECHAT) {
            assertThat(html)
                    .containsAnyOf("value=\"wxpay\"", "value=\"vkspay\"")
                    .doesNotContain("value=\"alipay\"");
        }
    }

    @Test
    void douyins_browser_offers_what_any_phone_has() {
        var url = node.createCheckout(key, Shop.number());
        try (var browser = new Browser(Screen.phone(Payer.DOUYIN.userAgent))) {
            browser.open(url);
            browser.find("button[data-provider=alipay]");
            browser.picture("all-providers-douyin");
        }
        try (var browser = new Browser(Screen.desktop())) {
            browser.open(url);
            browser.find("button[data-provider=wxpay]");
            browser.picture("all-providers-desktop");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay-virtual", "douyin", "appleiap"})
    void one_without_a_web_way_is_refused_where_no_other_is_named(String name) {
        var refused = checkout("\"" + name + "\"");
        assertThat(refused.json().getInt("code")).as(refused.body()).isEqualTo(1108);
        assertThat(refused.body()).contains(name, "createPayment");

        var mixed = checkout("\"" + name + "\",\"alipay\"");
        assertThat(mixed.json().getInt("code")).as(mixed.body()).isZero();
        assertThat(page(mixed.json().getString("checkout_url"), Payer.PC).body())
                .contains("value=\"alipay\"")
                .doesNotContain("value=\"" + name + "\"")
                .doesNotContain("value=\"wxpay\"");
    }

    private static Node.Answer checkout(String providers) {
        return node.pay(
                "createCheckout",
                key,
                "{\"data\":{\"out_trade_no\":\"" + Shop.number()
                        + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\",\"providers\":[" + providers
                        + "]}}");
    }

    @ParameterizedTest
    @EnumSource(Payer.class)
    void a_merchant_with_douyin_alone_has_a_page_that_says_where_to_pay(Payer payer) {
        var pid = "douyin-alone-" + payer.name().toLowerCase(Locale.ROOT);
        var alone = node.merchant(pid, "live");
        put(
                pid,
                Json.createObjectBuilder()
                        .add("douyin", Json.createObjectBuilder().add("mp-toutiao", account("douyin")))
                        .build());
        var html = page(node.createCheckout(alone, Shop.number()), payer).body();

        assertThat(html).contains("class=\"elsewhere").contains("Douyin").doesNotContain("name=\"provider\"");
    }
}
