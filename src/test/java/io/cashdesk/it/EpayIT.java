package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cashdesk.testing.Browser;
import io.cashdesk.testing.EpayShop;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestRun;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shops that speak epay, version 1 and 2, move to us by changing an address and a key. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EpayIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    static Shop merchant;
    static EpayShop shop;

    @BeforeAll
    static void open() {
        merchant = new Shop("epay-it");
        shop = shop(merchant);
    }

    /** A shop of this merchant, in test mode, with keys for both versions. */
    private static EpayShop shop(Shop merchant) {
        var shop = new EpayShop(merchant.node.base().resolve("/epay"));
        allowReturn(merchant, shop.url());
        var put = put(merchant, Json.createObjectBuilder().add("mode", "test").add("public_key", shop.publicKey()));
        shop.pid = put.get("epay_pid").toString();
        shop.key = put.getString("key", shop.key);
        shop.platformKey = put.getString("platform_public_key");
        return shop;
    }

    private static void allowReturn(Shop merchant, String url) {
        merchant.node.manage(
                "PUT",
                "merchants/" + merchant.pid,
                Json.createObjectBuilder()
                        .add("return_urls", Json.createArrayBuilder().add(url)));
    }

    private static JsonObject put(Shop merchant, JsonObjectBuilder body) {
        var answer = merchant.node.manage("PUT", "merchants/" + merchant.pid + "/epay", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static Node.Answer manage(String method, String path) {
        return merchant.node.call(method, "/api/manage/merchants/" + path, Node.MANAGE_TOKEN, null);
    }

    @AfterAll
    static void close() {
        if (shop != null) shop.close();
    }

    private static Map<String, String> with(Map<String, String> parameters, String name, String value) {
        var changed = new TreeMap<>(parameters);
        if (value == null) changed.remove(name);
        else changed.put(name, value);
        return changed;
    }

    private static JsonObject mapi(Map<String, String> order) {
        var answer = shop.post("/mapi.php", shop.v1(order));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    /** With a QR code of WeChat Pay, so that the simulator knows the number. */
    private static JsonObject code(String number) {
        var made = mapi(with(shop.order(number, "9.90"), "type", "wxpay"));
        assertThat(made.getInt("code")).as(made.toString()).isEqualTo(1);
        return made;
    }

    private static String paid() {
        var number = Shop.number();
        code(number);
        merchant.simulator.pay(number);
        Eventually.within(
                SOON, number + " is notified", () -> !shop.notified(number).isEmpty());
        return number;
    }

    private static JsonObject api(String act, Map<String, String> more) {
        var parameters = new TreeMap<>(more);
        parameters.put("act", act);
        parameters.put("pid", shop.pid);
        parameters.put("key", shop.key);
        return shop.post("/api.php", parameters).json();
    }

    /** A call of version 2, whose answer is verified. */
    private static JsonObject v2(String call, Map<String, String> parameters) {
        var answer = shop.post("/api/" + call, shop.v2(parameters));
        assertThat(answer.status()).isEqualTo(200);
        var json = answer.json();
        assertThat(shop.isOfPlatform(EpayShop.members(json)))
                .as(json.toString())
                .isTrue();
        return json;
    }

    @Test
    void a_browser_that_is_submitted_pays_on_our_page_and_its_shop_is_notified() {
        var number = Shop.number();
        var order = with(shop.order(number, "9.9"), "param", "cart=7&b");
        var submitted = shop.get("/submit.php", shop.v1(with(order, "sitename", "Tea")));
        assertThat(submitted.status()).as(submitted.body()).isEqualTo(303);
        var page = URI.create(submitted.location());
        var html = EpayShop.send(HttpRequest.newBuilder(page)).body();
        assertThat(html).contains("9.90", "小秋TIT店/茶=2&amp;3");

        choose(page, "alipay");
        merchant.simulator.pay(number);

        Eventually.within(
                SOON, "the shop is notified", () -> shop.notified(number).size() == 1);
        var notified = shop.notified(number).get(0);
        assertThat(notified)
                .containsEntry(" method", "GET")
                .containsEntry("shop", "7")
                .containsEntry("pid", shop.pid)
                .containsEntry("type", "alipay")
                .containsEntry("money", "9.90")
                .containsEntry("name", "小秋TIT店/茶=2&3")
                .containsEntry("param", "cart=7&b")
                .containsEntry("trade_status", "TRADE_SUCCESS")
                .containsEntry("sign_type", "MD5");
        assertThat(notified.get("sign")).isEqualTo(md5OfNotification(notified));
        Eventually.within(
                SOON, "user_order_success", () -> merchant.query(number).getBoolean("user_order_success", false));
        var back = EpayShop.send(HttpRequest.newBuilder(URI.create(page + "/return")));
        assertThat(back.location()).startsWith(shop.url() + "/return?");
        var returned = EpayShop.decoded(URI.create(back.location()).getRawQuery());
        assertThat(returned.get("sign")).isEqualTo(EpayShop.md5(returned, shop.key));
        assertThat(returned.get("trade_no")).isEqualTo(notified.get("trade_no"));
    }

    private static void choose(URI page, String provider) {
        var chosen = EpayShop.send(HttpRequest.newBuilder(URI.create(page + "/pay"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("provider=" + provider)));
        assertThat(chosen.status()).as(chosen.body()).isEqualTo(303);
    }

    /** Without what the shop's own address has. */
    private static String md5OfNotification(Map<String, String> notified) {
        return EpayShop.md5(withoutItsOwn(notified), shop.key);
    }

    private static Map<String, String> withoutItsOwn(Map<String, String> notified) {
        return with(with(notified, "shop", null), " method", null);
    }

    @Test
    void only_the_wallet_that_is_wanted_is_on_the_page_and_another_may_be_wanted_later() {
        var order = shop.order(Shop.number(), "1");
        var page =
                shop.post("/submit.php", shop.v1(with(order, "type", "wxpay"))).location();
        var html = EpayShop.send(HttpRequest.newBuilder(URI.create(page))).body();
        var again =
                shop.post("/submit.php", shop.v1(with(order, "type", "alipay"))).location();
        var other = EpayShop.send(HttpRequest.newBuilder(URI.create(page))).body();

        assertThat(html).contains("value=\"wxpay\"").doesNotContain("value=\"alipay\"");
        assertThat(again).isEqualTo(page);
        assertThat(other).contains("value=\"alipay\"").doesNotContain("value=\"wxpay\"");
    }

    @Test
    void a_browser_that_is_refused_reads_why_in_its_language() {
        var order = shop.order(Shop.number(), "0");
        var chinese = shop.get("/submit.php", shop.v1(order));
        var english = EpayShop.send(HttpRequest.newBuilder(merchant.node
                        .base()
                        .resolve("/epay/submit.php?" + EpayShop.encoded(with(shop.v1(order), "sign", "0"))))
                .header("Accept-Language", "en"));
        var empty = EpayShop.send(HttpRequest.newBuilder(merchant.node.base().resolve("/epay/submit.php")));

        assertThat(chinese.status()).isEqualTo(200);
        assertThat(chinese.body()).contains("<html", "money", "没有扣款");
        assertThat(english.body()).contains("The signature (sign) is wrong").doesNotContain("没有扣款");
        assertThat(empty.body()).contains("没有收到任何参数");
    }

    @Test
    void the_same_order_again_is_the_same_page_and_another_under_its_number_is_refused() {
        var order = with(with(shop.order(Shop.number(), "1.00"), "device", "jump"), "type", "alipay");
        var first = mapi(order);
        var again = mapi(with(order, "money", "1"));

        assertThat(first.getInt("code")).as(first.toString()).isEqualTo(1);
        assertThat(again.getString("payurl"))
                .isEqualTo(first.getString("payurl"))
                .contains("/checkout/");
        assertThat(again.getString("trade_no")).isEqualTo(first.getString("trade_no"));
        for (var change : Map.of("money", "1.01", "name", "other", "notify_url", shop.url() + "/notify", "param", "x")
                .entrySet()) {
            var refused = mapi(with(order, change.getKey(), change.getValue()));
            assertThat(refused.getInt("code")).isEqualTo(-1);
            assertThat(refused.getString("msg")).contains(change.getKey(), "已存在");
        }
    }

    @Test
    void a_paid_order_is_refused() {
        var number = paid();

        assertThat(mapi(with(shop.order(number, "9.90"), "type", "wxpay")).getInt("code"))
                .isEqualTo(-1);
    }

    @Test
    void one_order_that_is_sent_twice_at_once_is_made_once() {
        var order = shop.v1(with(with(shop.order(Shop.number(), "1"), "type", "alipay"), "device", "jump"));
        var calls = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> shop.post("/mapi.php", order).json()))
                .toList();

        assertThat(calls.stream().map(c -> c.join().getString("trade_no")).distinct())
                .hasSize(1);
    }

    @Test
    void two_calls_that_wait_for_one_provider_call_are_both_answered_in_epays_form() {
        var order = shop.v1(with(with(shop.order(Shop.number(), "1"), "type", "wxpay"), "device", "pc"));
        var calls = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> shop.post("/mapi.php", order)))
                .toList();

        for (var call : calls) {
            assertThat(call.join().status()).isEqualTo(200);
            assertThat(call.join().json().getInt("code")).as(call.join().body()).isEqualTo(1);
        }
    }

    @Test
    void money_may_have_the_zeros_that_shops_compute_with() {
        var order = with(with(shop.order(Shop.number(), "9.900"), "device", "jump"), "type", "wxpay");
        var made = mapi(order);

        assertThat(made.getInt("code")).as(made.toString()).isEqualTo(1);
        assertThat(mapi(with(order, "money", "09.9")).getString("trade_no")).isEqualTo(made.getString("trade_no"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/epay/submit.php", "/epay/mapi.php", "/epay/api.php", "/epay/api/pay/query"})
    void a_body_that_is_far_too_large_is_refused_in_epays_form(String path) {
        var answer = EpayShop.send(HttpRequest.newBuilder(merchant.node.base().resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("pid=" + shop.pid + "&a=" + "x".repeat(1024 * 1024))));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("16384");
    }

    @ParameterizedTest
    @CsvSource({"pc, wxpay, qrcode", "mobile, wxpay, payurl", "jump, alipay, payurl", "wechat, wxpay, payurl"})
    void a_shops_server_gets_what_the_payers_device_shows(String device, String type, String field) {
        var order = with(with(shop.order(Shop.number(), "1"), "type", type), "device", device);
        var made = mapi(order);

        assertThat(made.getInt("code")).as(made.toString()).isEqualTo(1);
        assertThat(made.keySet()).containsOnly("code", "msg", "trade_no", field);
        assertThat(made.getString("trade_no")).matches("[0-9a-f]{32}");
    }

    @ParameterizedTest
    @CsvSource({
        "money, 1.001, -1",
        "money, 0.005, -1",
        "money, -1, -1",
        "money, 1e2, -1",
        "money,, -4",
        "type, usdt, -1",
        "type,, -4",
        "clientip, unknown, -1",
        "clientip,, -4",
        "device, fridge, -1",
        "out_trade_no, a b, -1",
        "out_trade_no,, -4",
        "name,, -4",
        "notify_url,, -4",
        "notify_url, ftp://shop.example/n, -1",
        "return_url, https://elsewhere.example/, -1",
        "pid, 999999999, -3",
        "pid, 1 or 1=1, -3",
        "pid,, -4"
    })
    void what_is_wrong_is_named(String name, String value, int code) {
        var order = with(shop.order(Shop.number(), "1"), "type", "wxpay");
        var refused = mapi(with(order, name, value));

        assertThat(refused.getInt("code")).as(refused.toString()).isEqualTo(code);
        assertThat(refused.getString("msg")).contains(name);
    }

    @Test
    void a_forged_call_changes_nothing() {
        var number = Shop.number();
        var order = with(shop.order(number, "1"), "type", "wxpay");
        var forged =
                shop.post("/mapi.php", with(shop.v1(order), "money", "0.01")).json();
        var extra = shop.post("/mapi.php", with(shop.v1(order), "extra", "1")).json();
        var wrong = with(order, "sign", EpayShop.md5(order, "wrong key"));

        assertThat(forged.getInt("code")).isEqualTo(-3);
        assertThat(extra.getInt("code")).isEqualTo(-3);
        assertThat(shop.post("/mapi.php", wrong).json().getInt("code")).isEqualTo(-3);
        assertThat(api("order", Map.of("out_trade_no", number)).getString("msg"))
                .contains("订单不存在");
    }

    @ParameterizedTest
    @ValueSource(strings = {"money=1&money=2", "name=%E8%8C", "name=%zz", "name=a%00b"})
    void parameters_that_cannot_be_read_are_refused_in_epays_form(String form) {
        var answer = EpayShop.send(HttpRequest.newBuilder(merchant.node.base().resolve("/epay/mapi.php"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("pid=" + shop.pid + "&" + form)));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getInt("code")).isEqualTo(-1);
    }

    @Test
    void numbers_with_full_stops_are_of_epay_alone() {
        var number = "2026." + Shop.number();
        var made = code(number);

        assertThat(made.getString("qrcode")).isNotEmpty();
        assertThat(api("order", Map.of("out_trade_no", number)).getString("out_trade_no"))
                .isEqualTo(number);
        assertThat(merchant.create("wxpay", Shop.on("h5", ""), Shop.order(number))
                        .json()
                        .getInt("code"))
                .isEqualTo(1001);
    }

    @Test
    void a_notification_is_repeated_until_the_shop_says_success() {
        var number = Shop.number();
        code(number);
        shop.answersNext("fail");
        merchant.simulator.pay(number);

        Eventually.within(SOON, "the first one", () -> shop.notified(number).size() == 1);
        Eventually.within(SOON, "false", () -> merchant.query(number).containsKey("user_order_success"));
        assertThat(merchant.query(number).getBoolean("user_order_success")).isFalse();
        Eventually.within(
                Duration.ofSeconds(40),
                "the second one",
                () -> shop.notified(number).size() == 2);
        Eventually.within(SOON, "true", () -> merchant.query(number).getBoolean("user_order_success", false));
        var endpoint = manage("GET", "epay-it/webhooks/epay.test").json().getJsonObject("webhook");
        assertThat(endpoint.getInt("failures")).isZero();
        assertThat(endpoint.getBoolean("enabled")).isTrue();
        var log = manage("GET", "epay-it/webhooks/epay.test/deliveries?out_trade_no=" + number)
                .json()
                .getJsonArray("deliveries");
        assertThat(log).hasSize(1);
        assertThat(log.getJsonObject(0).getInt("tries")).isEqualTo(2);
        var resent = merchant.node.manage(
                "POST",
                "merchants/epay-it/webhooks/epay.test/deliveries/"
                        + log.getJsonObject(0).getString("id") + "/resend",
                Json.createObjectBuilder());
        assertThat(resent.status()).as(resent.body()).isEqualTo(200);
        Eventually.within(SOON, "the resent one", () -> shop.notified(number).size() == 3);
    }

    @Test
    void an_address_that_does_not_answer_delays_no_other() {
        var dead = IntStream.range(0, 5).mapToObj(i -> Shop.number()).toList();
        for (var number : dead) {
            var order = with(shop.order(number, "9.90"), "type", "wxpay");
            mapi(with(order, "notify_url", "http://127.0.0.1:1/notify"));
            merchant.simulator.pay(number);
        }
        paid();

        var endpoint = manage("GET", "epay-it/webhooks/epay.test").json().getJsonObject("webhook");
        assertThat(endpoint.getInt("failures")).isZero();
        assertThat(endpoint.getString("url")).isEmpty();
        Eventually.within(SOON, "false", () -> merchant.query(dead.get(0)).containsKey("user_order_success"));
        assertThat(merchant.query(dead.get(0)).getBoolean("user_order_success")).isFalse();
    }

    @Test
    void a_host_that_accepts_and_is_silent_delays_no_other() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var address = "http://127.0.0.1:" + silent.getLocalPort() + "/notify";
            for (int i = 0; i < 12; i++) {
                var number = Shop.number();
                mapi(with(with(shop.order(number, "9.90"), "type", "wxpay"), "notify_url", address));
                merchant.simulator.pay(number);
            }
            var number = Shop.number();
            code(number);
            merchant.simulator.pay(number);

            // a try at the silent host takes 15 s, and 12 of them would be in front
            Eventually.within(
                    Duration.ofSeconds(10),
                    number + " is notified",
                    () -> !shop.notified(number).isEmpty());
        }
    }

    @Test
    void its_endpoint_has_no_secret_and_no_address_to_change() {
        var path = "merchants/epay-it/webhooks/epay.test";
        var rotate = merchant.node.manage("POST", path + "/rotate", Json.createObjectBuilder());
        var put = merchant.node.manage(
                "PUT", path, Json.createObjectBuilder().add("mode", "test").add("url", shop.url()));

        assertThat(rotate.json().getInt("code")).isEqualTo(1108);
        assertThat(put.status()).isEqualTo(400);
    }

    @Test
    void a_query_that_cannot_be_read_is_refused_on_a_page_and_in_JSON() {
        for (var path : new String[] {"submit.php?name=%E8%8C", "submit.php?pid=1&pid=2", "submit.php?name=a%00b"}) {
            var answer =
                    EpayShop.send(HttpRequest.newBuilder(merchant.node.base().resolve("/epay/" + path)));
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).contains("没有扣款");
        }
        var answer =
                EpayShop.send(HttpRequest.newBuilder(merchant.node.base().resolve("/epay/api.php?act=query&pid=%FF")));
        assertThat(answer.json().getInt("code")).isEqualTo(-1);
    }

    @Test
    void the_page_of_a_refusal_fits_a_phone() {
        try (var browser = new Browser(Browser.Screen.phone(Shop.IPHONE))) {
            var order = with(shop.v1(shop.order(Shop.number(), "1")), "sign", "0".repeat(32));
            browser.open(merchant.node.base() + "/epay/submit.php?" + EpayShop.encoded(order));
            browser.picture("epay-refused");

            assertThat(browser.text("h1")).isNotEmpty();
        }
    }

    @Test
    void a_shops_server_reads_its_orders() {
        var number = paid();
        var order = api("order", Map.of("out_trade_no", number));
        var same = api("order", Map.of("trade_no", order.getString("trade_no"), "out_trade_no", "ignored"));

        assertThat(order.getInt("code")).as(order.toString()).isEqualTo(1);
        assertThat(order.getInt("status")).isEqualTo(1);
        assertThat(order.getString("money")).isEqualTo("9.90");
        assertThat(order.getString("type")).isEqualTo("wxpay");
        assertThat(order.getString("api_trade_no")).isNotEmpty();
        assertThat(order.getString("endtime")).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        assertThat(same.getString("out_trade_no")).isEqualTo(number);
        var list = api("orders", Map.of("limit", "1")).getJsonArray("data");
        assertThat(list).hasSize(1);
        assertThat(api("orders", Map.of("limit", "100")).getInt("code")).isEqualTo(1);
        assertThat(api("orders", Map.of("offset", "10001")).getJsonArray("data"))
                .isEmpty();
        var figures = api("query", Map.of());
        assertThat(figures.getInt("orders")).isPositive();
        assertThat(figures.getString("username")).isEqualTo("Shop epay-it");
        assertThat(api("settle", Map.of()).getJsonArray("data")).isEmpty();
        assertThat(api("settle", Map.of()).getString("msg")).contains("没有结算");
        assertThat(api("transfer", Map.of()).getInt("code")).isEqualTo(-5);
    }

    @Test
    void the_key_in_clear_is_the_right_one_or_nothing_is_read() {
        var wrong = shop.get("/api.php", Map.of("act", "query", "pid", shop.pid, "key", "x".repeat(32)));
        var right = shop.get("/api.php", Map.of("act", "query", "pid", shop.pid, "key", shop.key));
        var none = shop.get("/api.php", Map.of("act", "query", "pid", shop.pid));

        assertThat(wrong.json().getInt("code")).isEqualTo(-3);
        assertThat(right.json().getInt("code")).isEqualTo(1);
        assertThat(none.json().getInt("code")).isEqualTo(-4);
    }

    @Test
    void an_order_is_refunded_once_however_often_its_shop_asks() {
        var number = paid();
        var refund = Map.of("out_trade_no", number, "money", "3.3");
        var first = api("refund", refund);
        var again = api("refund", refund);
        var more = api("refund", Map.of("out_trade_no", number, "money", "1"));
        var get = shop.get(
                "/api.php",
                Map.of("act", "refund", "pid", shop.pid, "key", shop.key, "out_trade_no", number, "money", "3.3"));

        assertThat(first.getInt("code")).as(first.toString()).isEqualTo(1);
        assertThat(first.getString("money")).isEqualTo("3.30");
        assertThat(again.getInt("code")).isEqualTo(1);
        assertThat(more.getInt("code")).isEqualTo(-1);
        assertThat(get.json().getInt("code")).isEqualTo(-1);
        Eventually.within(
                SOON,
                "refunded",
                () -> api("order", Map.of("out_trade_no", number)).getInt("status") == 2);
        assertThat(merchant.simulator.records(number).getJsonArray("refunds")).hasSize(1);
    }

    @Test
    void other_merchants_and_orders_of_other_apis_are_not_there() {
        var other = new Shop("epay-it-other");
        try (var otherShop = shop(other)) {
            var number = paid();
            var theirs = otherShop.post(
                    "/api.php",
                    Map.of("act", "order", "pid", otherShop.pid, "key", otherShop.key, "out_trade_no", number));
            var mixed = otherShop.post(
                    "/api.php", Map.of("act", "order", "pid", shop.pid, "key", otherShop.key, "out_trade_no", number));

            assertThat(theirs.json().getInt("code")).isEqualTo(-1);
            assertThat(mixed.json().getInt("code")).isEqualTo(-3);
            assertThat(api("order", Map.of("out_trade_no", merchant.paid("wxpay")))
                            .getInt("code"))
                    .isEqualTo(-1);
        }
    }

    @Test
    void version_2_creates_queries_refunds_and_lists_with_RSA() {
        var number = Shop.number();
        var order = with(with(shop.order(number, "9.90"), "type", "wxpay"), "method", "web");
        var made = v2("pay/create", order);
        assertThat(made.getInt("code")).as(made.toString()).isZero();
        assertThat(made.getString("pay_type")).isEqualTo("qrcode");
        assertThat(v2("pay/query", Map.of("out_trade_no", number)).getInt("status"))
                .isZero();

        merchant.simulator.pay(number);

        Eventually.within(SOON, "notified", () -> shop.notified(number).size() == 1);
        var notified = withoutItsOwn(shop.notified(number).get(0));
        assertThat(notified).containsEntry("sign_type", "RSA").containsKeys("api_trade_no", "addtime", "endtime");
        assertThat(shop.isOfPlatform(notified)).isTrue();
        var queried = v2("pay/query", Map.of("trade_no", made.getString("trade_no")));
        assertThat(queried.getInt("status")).isEqualTo(1);
        assertThat(queried.getString("clientip")).isEqualTo("203.0.113.7");
        var refundNo = "R" + number;
        var refund = Map.of("out_trade_no", number, "money", "1.00", "out_refund_no", refundNo);
        assertThat(v2("pay/refund", refund).getString("refund_no")).isEqualTo(refundNo);
        assertThat(v2("pay/refund", refund).getInt("code")).isZero();
        Eventually.within(
                SOON,
                "refunded",
                () -> v2("pay/refundquery", Map.of("out_refund_no", refundNo)).getInt("status") == 1);
        assertThat(v2("pay/query", Map.of("out_trade_no", number)).getString("refundmoney"))
                .isEqualTo("1.00");
        assertThat(v2("merchant/info", Map.of()).getInt("order_num")).isPositive();
        assertThat(v2("merchant/orders", Map.of("limit", "2")).getJsonArray("data"))
                .isNotEmpty();
    }

    @Test
    void version_2_closes_what_is_unpaid_and_sends_a_browser_to_our_page() {
        var number = Shop.number();
        var submitted = shop.get("/api/pay/submit", shop.v2(shop.order(number, "1")));
        assertThat(submitted.location()).contains("/checkout/");
        var closed = v2("pay/close", Map.of("out_trade_no", number));

        assertThat(closed.getInt("code")).as(closed.toString()).isZero();
        assertThat(merchant.query(number).getInt("status")).isEqualTo(-1);
        assertThat(v2("pay/close", Map.of("out_trade_no", paid())).getInt("code"))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"pay/query", "pay/refund", "pay/refundquery", "pay/close", "merchant/info", "merchant/orders"})
    void the_form_in_a_payers_browser_is_good_for_no_other_call_of_version_2(String call) {
        var number = Shop.number();
        var form = shop.v2(with(shop.order(number, "9.90"), "type", "wxpay"));
        assertThat(shop.post("/api/pay/submit", form).location()).contains("/checkout/");
        code(number);
        merchant.simulator.pay(number);
        Eventually.within(
                SOON, number + " is notified", () -> !shop.notified(number).isEmpty());

        var refused = shop.post("/api/" + call, form).json();
        var hidden = new TreeMap<>(form);
        hidden.remove("notify_url");
        hidden.remove("name");
        hidden.put(
                "name=" + form.get("name") + "&notify_url="
                        + form.get("notify_url").split("=")[0],
                "7");

        assertThat(refused.getInt("code")).as(refused.toString()).isEqualTo(-1);
        assertThat(shop.post("/api/" + call, hidden).json().getInt("code")).isEqualTo(-1);
        assertThat(merchant.query(number).getInt("status")).isEqualTo(1);
        assertThat(merchant.simulator.records(number).getJsonArray("refunds")).isNullOrEmpty();
    }

    @Test
    void nothing_is_signed_for_a_caller_without_the_shops_key() {
        var forged = "x%26out_trade_no=T1%26pid=" + shop.pid + "%26trade_status=TRADE_SUCCESS";
        for (var path : new String[] {forged, "pay/query", "pay/refund", "merchant/info"}) {
            var answer = EpayShop.send(
                    HttpRequest.newBuilder(merchant.node.base().resolve("/epay/api/" + path + "?pid=" + shop.pid)));

            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.json().keySet()).as(path).containsOnly("code", "msg");
            assertThat(answer.body()).doesNotContain("TRADE_SUCCESS");
        }
    }

    @Test
    void version_2_refunds_under_a_number_of_the_shops_alone() {
        var refused = v2("pay/refund", Map.of("out_trade_no", paid(), "money", "9.90"));

        assertThat(refused.getInt("code")).isEqualTo(-4);
        assertThat(refused.getString("msg")).contains("out_refund_no");
    }

    @Test
    void an_order_is_reported_in_the_version_in_which_its_shop_called_last() {
        var number = Shop.number();
        code(number);
        var order = with(with(shop.order(number, "9.90"), "type", "wxpay"), "method", "web");
        assertThat(v2("pay/create", order).getInt("code")).isZero();
        merchant.simulator.pay(number);

        Eventually.within(SOON, "notified", () -> shop.notified(number).size() == 1);
        var notified = withoutItsOwn(shop.notified(number).get(0));
        assertThat(notified).containsEntry("sign_type", "RSA");
        assertThat(shop.isOfPlatform(notified)).isTrue();
    }

    @Test
    void version_2_refuses_a_return_outside_the_merchants_list() {
        var order = with(with(shop.order(Shop.number(), "1"), "type", "wxpay"), "method", "jump");
        var refused = v2("pay/create", with(order, "return_url", "https://elsewhere.example/"));

        assertThat(refused.getInt("code")).isEqualTo(-1);
        assertThat(refused.getString("msg")).contains("return_url");
    }

    @Test
    void the_return_of_a_partly_refunded_order_says_that_it_was_paid() {
        var number = Shop.number();
        var page = URI.create(
                shop.post("/submit.php", shop.v1(shop.order(number, "9.90"))).location());
        choose(page, "wxpay");
        merchant.simulator.pay(number);
        Eventually.within(
                SOON, number + " is notified", () -> !shop.notified(number).isEmpty());
        assertThat(api("refund", Map.of("out_trade_no", number, "money", "3.30"))
                        .getInt("code"))
                .isEqualTo(1);
        Eventually.within(
                SOON,
                "refunded",
                () -> api("order", Map.of("out_trade_no", number)).getInt("status") == 2);

        var back = EpayShop.send(HttpRequest.newBuilder(URI.create(page + "/return")))
                .location();
        var returned = EpayShop.decoded(URI.create(back).getRawQuery());
        assertThat(returned).containsEntry("trade_status", "TRADE_SUCCESS").containsEntry("money", "9.90");
        assertThat(returned.get("sign")).isEqualTo(EpayShop.md5(returned, shop.key));
    }

    @Test
    void version_2_refuses_what_is_old_forged_or_not_offered() {
        var order = with(with(shop.order(Shop.number(), "1"), "type", "wxpay"), "method", "web");
        var now = Instant.now().getEpochSecond();

        assertThat(code("/api/pay/create", shop.v2(order, now - 310))).isEqualTo(-1);
        assertThat(code("/api/pay/create", shop.v2(order, now + 310))).isEqualTo(-1);
        assertThat(code("/api/pay/create", with(shop.v2(order), "money", "2"))).isEqualTo(-3);
        assertThat(code("/api/pay/create", with(shop.v2(order), "sign", "AAAA")))
                .isEqualTo(-3);
        assertThat(code("/api/pay/create", shop.v2(with(order, "method", "scan"))))
                .isEqualTo(-1);
        assertThat(code("/api/transfer/submit", shop.v2(order))).isEqualTo(-5);
        assertThat(code("/api/pay/create", shop.v2(order))).isZero();
    }

    private static int code(String path, Map<String, String> parameters) {
        return shop.post(path, parameters).json().getInt("code");
    }

    @Test
    void it_is_off_until_it_is_put_and_its_number_stays() {
        var fresh = new Shop("epay-it-off");
        var none = manage("GET", "epay-it-off/epay").json().getJsonArray("epay");
        assertThat(none).isEmpty();
        try (var first = shop(fresh)) {
            var again =
                    put(fresh, Json.createObjectBuilder().add("mode", "test").add("type", "tea"));
            assertThat(again.get("epay_pid")).hasToString(first.pid);
            assertThat(again.containsKey("key")).isFalse();
            assertThat(again.getString("type")).isEqualTo("tea");
            assertThat(again.getString("public_key")).isEqualTo(first.publicKey());
            var live = put(fresh, Json.createObjectBuilder().add("mode", "live"));
            assertThat(live.get("epay_pid").toString()).isNotEqualTo(first.pid);
            assertThat(live.getString("key")).hasSize(32).isNotEqualTo(first.key);
            assertThat(manage("GET", "epay-it-off/epay").body()).doesNotContain("\"key\"", first.key);

            var query = Map.of("act", "query", "pid", first.pid, "key", first.key);
            assertThat(first.post("/api.php", query).json().getInt("code")).isEqualTo(1);
            assertThat(first.post(
                                    "/api.php",
                                    with(query, "pid", live.get("epay_pid").toString()))
                            .json()
                            .getInt("code"))
                    .isEqualTo(-3);
            assertThat(manage("DELETE", "epay-it-off/epay").status()).isEqualTo(400);
            assertThat(manage("DELETE", "epay-it-off/epay?mode=test").status()).isEqualTo(200);
            assertThat(first.post("/api.php", query).json().getInt("code")).isEqualTo(-4);
            var rotated =
                    put(fresh, Json.createObjectBuilder().add("mode", "test").add("rotate", true));
            assertThat(rotated.get("epay_pid")).hasToString(first.pid);
            assertThat(first.post("/api.php", query).json().getInt("code")).isEqualTo(-3);
            assertThat(first.post("/api.php", with(query, "key", rotated.getString("key")))
                            .json()
                            .getInt("code"))
                    .isEqualTo(1);
        }
    }

    @Test
    void the_management_refuses_a_key_that_is_none() {
        var body = Json.createObjectBuilder().add("mode", "test").add("public_key", "not a key");
        var refused = merchant.node.manage("PUT", "merchants/epay-it/epay", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("public_key").doesNotContain("not a key");
    }

    @Test
    void a_shop_in_PHP_sells_tea(@TempDir Path directory) throws Exception {
        var php = new TreeMap<>(System.getenv()).getOrDefault("PATH", "").split(":");
        var installed = Arrays.stream(php).anyMatch(folder -> Files.isExecutable(Path.of(folder, "php")));
        assumeTrue(installed, "php is not installed (package php-cli)");
        var port = TestRun.freePort();
        var url = "http://127.0.0.1:" + port;
        var phpMerchant = new Shop("epay-it-php");
        try (var keys = shop(phpMerchant)) {
            allowReturn(phpMerchant, url);
            var process = start(directory, port, url, keys);
            try {
                Eventually.within(Duration.ofSeconds(30), "PHP listens", () -> answers(url));
                var number = Shop.number();
                var bought = EpayShop.send(HttpRequest.newBuilder(URI.create(url + "/buy.php?no=" + number)));
                var page = URI.create(EpayShop.send(HttpRequest.newBuilder(URI.create(bought.location())))
                        .location());
                choose(page, "wxpay");
                phpMerchant.simulator.pay(number);

                Eventually.within(
                        SOON,
                        "the shop has it",
                        () -> EpayShop.send(HttpRequest.newBuilder(URI.create(url + "/orders")))
                                .json()
                                .getString(number)
                                .equals("paid cart=7"));
                Eventually.within(
                        SOON, "success", () -> phpMerchant.query(number).getBoolean("user_order_success", false));
                var back = EpayShop.send(HttpRequest.newBuilder(URI.create(page + "/return")))
                        .location();
                assertThat(EpayShop.send(HttpRequest.newBuilder(URI.create(back)))
                                .body())
                        .isEqualTo("thank you");
                var forged = url + "/notify.php?out_trade_no=" + number + "&money=9.9&sign="
                        + URLEncoder.encode("0".repeat(32), StandardCharsets.UTF_8);
                assertThat(EpayShop.send(HttpRequest.newBuilder(URI.create(forged)))
                                .body())
                        .isEqualTo("fail");
            } finally {
                process.destroy();
            }
        }
    }

    private static Process start(Path directory, int port, String url, EpayShop keys) throws IOException {
        var script = Path.of("src/test/resources/epay/shop.php").toAbsolutePath();
        var builder = new ProcessBuilder("php", "-S", "127.0.0.1:" + port, script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("php.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "EPAY_GATEWAY",
                        merchant.node.base().resolve("/epay").toString(),
                        "EPAY_PID",
                        keys.pid,
                        "EPAY_KEY",
                        keys.key,
                        "SHOP_URL",
                        url,
                        "SHOP_FILE",
                        directory.resolve("orders.json").toString()));
        return builder.start();
    }

    private static boolean answers(String url) {
        try {
            return EpayShop.send(HttpRequest.newBuilder(URI.create(url + "/orders")))
                            .status()
                    == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }
}
