package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.VkspayMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Payments through VksPay and through epay sites, from createPayment until they are paid, delivered to the merchant and
 * refunded: test mode for VksPay's own interface, live nodes for both versions of epay.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VkspayIT {
    private static final String ANDROID =
            "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";
    private static final String IN_WECHAT = ANDROID + " MicroMessenger/8.0.42";
    private static final String DESKTOP =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36";

    /** The address of an epay site's cashier. */
    private static final Pattern CASHIER = Pattern.compile("http[^\"]+(submit\\.php|/pay/submit)\\?[^\"]+");

    /** By dialect. */
    private static final Map<String, Merchant> MERCHANTS = new HashMap<>();

    /** The numbers of VksPay's gateway, by ours. */
    private static final Map<String, String> THERE = new ConcurrentHashMap<>();

    private static MerchantServer receiver;

    /** @param secret of the webhooks */
    private record Merchant(Shop shop, String secret) {}

    @BeforeAll
    static void open() {
        receiver = new MerchantServer();
        MERCHANTS.put("vkspay", merchant(new Shop("vkspay-it"), "test"));
        for (var dialect : List.of("epay-v1", "epay-v2")) {
            var shop = new Shop("vkspay-it-" + dialect, "live");
            var account = VkspayMerchant.newNode(shop.node, dialect);
            var put = shop.node.manage(
                    "PUT",
                    "merchants/" + shop.pid + "/providers",
                    Json.createObjectBuilder().add("vkspay", account));
            assertThat(put.status()).as(put.body()).isEqualTo(200);
            MERCHANTS.put(dialect, merchant(shop, "live"));
        }
    }

    private static Merchant merchant(Shop shop, String mode) {
        var hook = Json.createObjectBuilder().add("url", receiver.url()).add("mode", mode);
        var secret = shop.node.manage("PUT", "merchants/" + shop.pid + "/webhooks/all", hook);
        return new Merchant(shop, secret.json().getString("secret"));
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

    private static Shop shop(String dialect) {
        return MERCHANTS.get(dialect).shop();
    }

    /** Keeps the number that VksPay's gateway gave the payment: the last part of the address that it answers. */
    private static void remember(String dialect, String number, JsonObject created) {
        if (!dialect.equals("vkspay")) return;
        var info = created.getJsonObject("orderInfo");
        var address = info.getString("codeUrl", info.getString("payUrl", ""));
        THERE.put(number, address.substring(address.lastIndexOf('/') + 1));
    }

    /** The number by which the gateway and its payers know the payment of this order. */
    private static String there(String number) {
        return THERE.getOrDefault(number, number);
    }

    /** The number of the shop's account at the simulated gateway. */
    private static String merchantThere(Shop shop) {
        return TestDatabase.text(
                shop.node.dbUrl(),
                "select a.mch_no from sim_account a join merchant m on m.id = a.merchant_id"
                        + " where m.pid = ? and a.provider = 'vkspay'",
                shop.pid);
    }

    /** A code on a screen for 9.90 yuan, which a payer has scanned. */
    private static JsonObject create(String dialect, String number) {
        var shop = shop(dialect);
        var answer = shop.node.createPayment(shop.key, "vkspay", number, 990);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        remember(dialect, number, answer.json());
        scan(answer.json());
        return answer.json();
    }

    /**
     * The payer's browser opens the address of a cashier, if this is what is shown: only this makes the site's order.
     */
    private static void scan(JsonObject created) {
        var cashier = CASHIER.matcher(created.get("orderInfo").toString());
        if (!cashier.find()) return;
        var opened =
                Node.send(HttpRequest.newBuilder(URI.create(cashier.group())).build());
        assertThat(opened.status()).as(opened.body()).isEqualTo(303);
    }

    private static String paid(String dialect) {
        var number = Shop.number();
        create(dialect, number);
        shop(dialect).pay(there(number));
        shop(dialect).untilPaid(number);
        return number;
    }

    private static JsonObject record(String dialect, String number) {
        var shop = shop(dialect);
        return shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");
    }

    private static JsonObject refund(String dialect, String number, String more) {
        return shop(dialect)
                .call("refund", "{\"out_trade_no\":\"" + number + "\"" + more + "}")
                .json();
    }

    private static List<JsonObject> refundsAtProvider(String dialect, String number) {
        return shop(dialect)
                .simulator
                .records(there(number))
                .getJsonArray("refunds")
                .getValuesAs(JsonObject.class);
    }

    private static void untilStatus(String dialect, String number, int status) {
        Eventually.within(
                Duration.ofSeconds(20),
                number + " has status " + status,
                () -> shop(dialect).query(number).getInt("status") == status);
    }

    private static List<MerchantServer.Received> delivered(String number, String type) {
        return receiver.about(number).stream()
                .filter(r -> r.type().equals(type))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1", "epay-v2"})
    void an_order_is_paid_delivered_and_refunded_to_the_fen(String dialect) {
        var number = Shop.number();
        var created = create(dialect, number);
        assertThat(created.getString("pay_type")).isEqualTo("vkspay_h5");
        assertThat(created.getJsonObject("orderInfo").getString("codeUrl")).startsWith("http");
        assertThat(shop(dialect).query(number).getBoolean("orderPaid")).isFalse();

        shop(dialect).pay(there(number));
        shop(dialect).untilPaid(number);

        var at = shop(dialect).simulator.records(there(number));
        var record = record(dialect, number);
        assertThat(at.getInt("amount")).isEqualTo(990);
        assertThat(record.getInt("total_fee")).isEqualTo(990);
        assertThat(record.getString("transaction_id")).isEqualTo(at.getString("transaction_id"));
        Eventually.within(
                Duration.ofSeconds(15),
                "delivered",
                () -> !delivered(number, "payment.paid").isEmpty());
        var webhook = delivered(number, "payment.paid").get(0);
        assertThat(webhook.verifies(MERCHANTS.get(dialect).secret())).isTrue();
        assertThat(webhook.body()).contains("\"total_fee\":990");

        var refund = refund(dialect, number, "");
        assertThat(refund.getInt("code")).as(refund.toString()).isZero();
        assertThat(refund.getInt("refundFee")).isEqualTo(990);
        untilStatus(dialect, number, 3);
        assertThat(refundsAtProvider(dialect, number)).hasSize(1).allMatch(r -> r.getInt("amount") == 990);
        assertThat(record(dialect, number).getInt("refund_fee")).isEqualTo(990);
        Eventually.within(
                Duration.ofSeconds(15),
                "delivered",
                () -> !delivered(number, "refund.succeeded").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1", "epay-v2"})
    void a_lost_notification_is_replaced_by_a_query(String dialect) {
        var number = Shop.number();
        create(dialect, number);
        shop(dialect).setFault(there(number), "NOTIFY_LOST");
        shop(dialect).pay(there(number));

        var found = shop(dialect).node.queryPayment(shop(dialect).key, number, ",\"await_notify\":true");

        assertThat(found.getBoolean("orderPaid")).isTrue();
        assertThat(shop(dialect).simulator.records(there(number)).getJsonArray("notifications"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "vkspay, h5, desktop, auto",
        "vkspay, h5, phone, wxpay",
        "vkspay, h5, wechat, auto",
        "vkspay, h5-weixin, wechat, wxpay",
        "vkspay, mp-weixin, phone, auto",
        "vkspay, mp-alipay, phone, alipay",
        "vkspay, app-plus, phone, alipay",
        "vkspay, app-plus, phone, auto",
        "epay-v1, h5, desktop, wxpay",
        "epay-v1, h5, desktop, alipay",
        "epay-v1, h5, phone, auto",
        "epay-v1, h5, wechat, wxpay",
        "epay-v1, app-plus, phone, alipay",
        "epay-v2, h5, desktop, wxpay",
        "epay-v2, h5, desktop, alipay",
        "epay-v2, h5, phone, auto",
        "epay-v2, h5, wechat, wxpay",
        "epay-v2, app-plus, phone, alipay"
    })
    void every_platform_and_wallet_is_paid(String dialect, String platform, String browser, String method) {
        var number = Shop.number();
        var agent = browser.equals("desktop") ? DESKTOP : browser.equals("wechat") ? IN_WECHAT : ANDROID;
        var data = Shop.order(number).add("provider_pay_method", method);

        var created = shop(dialect).create("vkspay", Shop.on(platform, agent), data);

        assertThat(created.status()).as(created.body()).isEqualTo(200);
        assertThat(created.json().getString("provider_pay_method")).isEqualTo(method);
        assertThat(created.json().getString("pay_type")).startsWith("vkspay_");
        remember(dialect, number, created.json());
        scan(created.json());
        shop(dialect).pay(there(number));
        shop(dialect).untilPaid(number);
        assertThat(record(dialect, number).getString("provider_pay_method")).isEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1", "epay-v2"})
    void a_refund_without_an_answer_is_never_sent_twice(String dialect) {
        var number = paid(dialect);
        shop(dialect).setFault(there(number), "REFUND_TIMES_OUT_AFTER_ACCEPTING");

        refund(dialect, number, ",\"out_refund_no\":\"" + number + "-r\"");
        var again = refund(dialect, number, ",\"out_refund_no\":\"" + number + "-r\"");
        var other = refund(dialect, number, ",\"out_refund_no\":\"" + number + "-s\"");

        assertThat(again.getInt("code")).as(again.toString()).isIn(0, 2004);
        assertThat(other.getInt("code")).as(other.toString()).isNotZero();
        if (!dialect.equals("vkspay"))
            untilStatus(dialect, number, 3); // VksPay's query shows no refund without its number
        assertThat(refundsAtProvider(dialect, number)).hasSize(1).allMatch(r -> r.getInt("amount") == 990);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1"})
    void a_second_refund_of_an_order_is_refused_before_it_is_sent(String dialect) {
        var number = paid(dialect);

        assertThat(refund(dialect, number, ",\"refund_fee\":100").getInt("code"))
                .isZero();
        untilStatus(dialect, number, 2);
        assertThat(refund(dialect, number, ",\"refund_fee\":100").getInt("code"))
                .isNotZero();
        assertThat(refundsAtProvider(dialect, number)).hasSize(1);
    }

    @Test
    void epay_v2_refunds_in_parts() {
        var number = paid("epay-v2");

        refund("epay-v2", number, ",\"refund_fee\":100");
        untilStatus("epay-v2", number, 2);
        refund("epay-v2", number, "");
        untilStatus("epay-v2", number, 3);

        assertThat(refundsAtProvider("epay-v2", number))
                .extracting(r -> r.getInt("amount"))
                .containsExactlyInAnyOrder(100, 890);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1", "epay-v2"})
    void a_refused_refund_moves_no_money_and_says_why(String dialect) {
        var number = paid(dialect);
        shop(dialect).setFault(there(number), "REFUND_NOT_ENABLED");

        var answer = refund(dialect, number, "");

        assertThat(answer.getInt("code")).isNotZero();
        assertThat(answer.toString()).contains("未开启");
        assertThat(refundsAtProvider(dialect, number)).isEmpty();
        assertThat(shop(dialect).query(number).getInt("status")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epay-v1", "epay-v2"})
    void a_forged_or_unsigned_notification_of_an_epay_site_proves_nothing(String dialect) {
        for (var fault : List.of("NOTIFY_FORGED", "NOTIFY_UNSIGNED")) {
            var number = Shop.number();
            create(dialect, number);
            shop(dialect).setFault(there(number), fault);
            shop(dialect).pay(there(number));

            Eventually.within(
                    Duration.ofSeconds(10),
                    "refused",
                    () -> shop(dialect)
                            .simulator
                            .records(there(number))
                            .getJsonArray("notifications")
                            .toString()
                            .contains("\"status\":401"));
            assertThat(TestDatabase.number(
                            shop(dialect).node.dbUrl(),
                            "select count(*) from notification n join pay_order o on o.id = n.order_id"
                                    + " where n.verdict = 'AUTHENTIC' and o.out_trade_no = ?",
                            number))
                    .as(fault)
                    .isZero();
        }
    }

    @Test
    void a_hint_from_a_stranger_about_an_unpaid_order_is_settled_by_a_query() {
        var number = Shop.number();
        create("vkspay", number);
        var shop = shop("vkspay");
        var gatewayNo = there(number);
        var account = TestDatabase.text(
                shop.node.dbUrl(),
                "select p.id::text from provider_account p join merchant m on m.id = p.merchant_id"
                        + " where m.pid = ? and p.provider = 'vkspay'",
                shop.pid);
        var notify = URI.create(shop.node.base() + "/notify/vkspay/" + account);

        var answer = Node.send(HttpRequest.newBuilder(notify)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("out_trade_no=" + gatewayNo))
                .build());

        assertThat(answer.body()).contains("\"code\":\"SUCCESS\"");
        assertThat(shop.query(number).getBoolean("orderPaid")).isFalse();
        shop.pay(there(number));
        shop.untilPaid(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1", "epay-v2"})
    void a_doubled_notification_is_one_payment_and_one_webhook(String dialect) {
        var number = Shop.number();
        create(dialect, number);
        shop(dialect).setFault(there(number), "NOTIFY_TWICE_AT_ONCE");
        shop(dialect).pay(there(number));

        Eventually.within(
                Duration.ofSeconds(15),
                "both acknowledged",
                () -> shop(dialect)
                                .simulator
                                .records(there(number))
                                .getJsonArray("notifications")
                                .getValuesAs(JsonObject.class)
                                .stream()
                                .filter(n -> n.getInt("status", 0) == 200)
                                .count()
                        == 2);
        Eventually.within(
                Duration.ofSeconds(15),
                "delivered",
                () -> !delivered(number, "payment.paid").isEmpty());
        assertThat(delivered(number, "payment.paid")).hasSize(1);
        assertThat(TestDatabase.number(
                        shop(dialect).node.dbUrl(),
                        "select count(*) from receipt r join pay_order o on o.id = r.order_id where o.out_trade_no = ?",
                        number))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "epay-v1, NAME_HIDDEN",
        "epay-v1, MONEY_WITH_ZERO",
        "epay-v1, MONEY_AS_NUMBER",
        "epay-v1, REPLY_NESTED",
        "epay-v1, STATUS_AS_TEXT",
        "epay-v2, NAME_HIDDEN",
        "epay-v2, MONEY_WITH_ZERO"
    })
    void what_sites_print_loosely_is_read(String dialect, String fault) {
        var number = Shop.number();
        create(dialect, number);
        shop(dialect).setFault(there(number), fault);
        shop(dialect).pay(there(number));

        shop(dialect).untilPaid(number);
        assertThat(record(dialect, number).getInt("total_fee")).isEqualTo(990);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epay-v1", "epay-v2"})
    void a_wrong_amount_never_pays(String dialect) {
        var number = Shop.number();
        create(dialect, number);
        shop(dialect).setFault(there(number), "NOTIFY_WRONG_AMOUNT");
        shop(dialect).pay(there(number));

        Eventually.within(
                Duration.ofSeconds(10),
                "held",
                () -> TestDatabase.number(
                                shop(dialect).node.dbUrl(),
                                "select count(*) from receipt r join pay_order o on o.id = r.order_id"
                                        + " where o.out_trade_no = ? and r.kind = 'AMOUNT_DIFFERS'",
                                number)
                        == 1);
        assertThat(shop(dialect).query(number).getBoolean("orderPaid")).isFalse();
    }

    @Test
    void an_order_of_vkspay_without_an_answer_has_failed_and_can_be_made_again() {
        var number = Shop.number();
        var shop = shop("vkspay");
        create("vkspay", Shop.number()); // opens the account there
        var merchant = merchantThere(shop);
        shop.setFault(merchant, "ANSWER_TIMES_OUT_AFTER_ACCEPTING");
        var lost = shop.node.createPayment(shop.key, "vkspay", number, 990);
        shop.simulator.clearFaults(merchant);
        var made = shop.node.createPayment(shop.key, "vkspay", number, 990);

        assertThat(lost.json().getInt("code")).isNotZero();
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        remember("vkspay", number, made.json());
        shop.pay(there(number)); // the newest
        shop.untilPaid(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epay-v1", "epay-v2"})
    void an_order_of_an_epay_site_without_an_answer_is_the_same_order_again(String dialect) {
        var number = Shop.number();
        var shop = shop(dialect);
        shop.setFault(there(number), "ANSWER_TIMES_OUT_AFTER_ACCEPTING");
        var data = Shop.order(number).add("provider_pay_method", "wxpay").build(); // with auto, the site is not called
        var lost = shop.create("vkspay", JsonValue.NULL, Json.createObjectBuilder(data));
        var made = shop.create("vkspay", JsonValue.NULL, Json.createObjectBuilder(data));

        assertThat(lost.json().getInt("code")).isEqualTo(3004);
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        shop.pay(there(number));
        shop.untilPaid(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1", "epay-v2"})
    void an_expiry_is_refused_by_name(String dialect) {
        var number = Shop.number();
        var data = Shop.order(number)
                .add("time_expire", Instant.now().plusSeconds(600).toEpochMilli());

        var answer = shop(dialect).create("vkspay", JsonValue.NULL, data);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("time_expire");
    }

    @Test
    void an_expiry_of_a_page_for_providers_without_one_is_refused_by_name() {
        for (var providers : List.of("\"vkspay\"", "\"vkspay\",\"wxpay\"")) {
            var answer = shop("vkspay")
                    .call(
                            "createCheckout",
                            "{\"data\":{\"out_trade_no\":\"" + Shop.number()
                                    + "\",\"total_fee\":990,\"subject\":\"西湖龙井\",\"type\":\"goods\",\"providers\":["
                                    + providers + "],\"time_expire\":"
                                    + Instant.now().plusSeconds(600).toEpochMilli() + "}}");

            assertThat(answer.status()).as(answer.body()).isEqualTo(providers.contains("wxpay") ? 200 : 400);
            if (answer.status() == 400) assertThat(answer.body()).contains("time_expire", "1108");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1", "epay-v2"})
    void an_unpaid_order_is_closed_here_and_late_money_is_not_lost(String dialect) {
        var number = Shop.number();
        create(dialect, number);
        var shop = shop(dialect);

        var closed = shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}")
                .json();

        assertThat(closed.getInt("code")).as(closed.toString()).isZero();
        assertThat(shop.query(number).getInt("status")).isEqualTo(-1);
        if (dialect.equals("epay-v2")) {
            assertThat(shop.simulator.records(there(number)).getString("state")).isEqualTo("CLOSED");
        } else {
            shop.pay(there(number));
            Eventually.within(
                    Duration.ofSeconds(15),
                    "late money",
                    () -> TestDatabase.number(
                                    shop.node.dbUrl(),
                                    "select count(*) from receipt r join pay_order o on o.id = r.order_id"
                                            + " where o.out_trade_no = ? and r.kind = 'LATE'",
                                    number)
                            == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vkspay", "epay-v1"})
    void money_that_comes_after_the_end_without_a_notification_is_found(String dialect) {
        var number = Shop.number();
        create(dialect, number);
        var shop = shop(dialect);
        shop.setFault(there(number), "NOTIFY_LOST");
        ofAttempt(dialect, number, """
                expires_at = now() - interval '1 minute', close_at = now() - interval '1 minute',
                    next_query_at = now(), next_step = 'CLOSE'""");
        TestDatabase.execute(
                shop.node.dbUrl(),
                "update pay_order set expires_at = now() - interval '1 minute' where out_trade_no = '" + number + "'");
        untilStatus(dialect, number, -1);
        assertThat(TestDatabase.text(
                        shop.node.dbUrl(),
                        "select a.state || ' ' || a.next_step from attempt a join pay_order o on o.id = a.order_id"
                                + " where o.out_trade_no = ?",
                        number))
                .isEqualTo("CLOSED QUERY");

        shop.pay(there(number));
        ofAttempt(dialect, number, "next_query_at = now(), queried_at = now() - interval '1 minute'");

        Eventually.within(
                Duration.ofSeconds(15),
                "late money",
                () -> TestDatabase.number(
                                shop.node.dbUrl(),
                                "select count(*) from receipt r join pay_order o on o.id = r.order_id"
                                        + " where o.out_trade_no = ? and r.kind = 'LATE'",
                                number)
                        == 1);
    }

    private static void ofAttempt(String dialect, String number, String changes) {
        TestDatabase.execute(
                shop(dialect).node.dbUrl(),
                "update attempt set " + changes + " where order_id in (select id from pay_order where out_trade_no = '"
                        + number + "')");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epay-v1", "epay-v2"})
    void a_notification_of_an_epay_site_is_stored_once_and_is_in_the_record(String dialect) {
        var number = paid(dialect);

        Eventually.within(
                Duration.ofSeconds(10),
                "stored",
                () -> TestDatabase.number(
                                shop(dialect).node.dbUrl(),
                                "select count(*) from notification n join pay_order o on o.id = n.order_id"
                                        + " join receipt r on r.order_id = o.id and r.original_data is not null"
                                        + " where n.verdict = 'AUTHENTIC' and o.out_trade_no = ?",
                                number)
                        == 1);
        assertThat(record(dialect, number).toString()).contains("TRADE_SUCCESS");
    }

    private static String checkout(Shop shop, String more) {
        return shop.call(
                        "createCheckout",
                        "{\"data\":{\"out_trade_no\":\"" + Shop.number()
                                + "\",\"total_fee\":990,\"subject\":\"西湖龙井\",\"type\":\"goods\",\"providers\":[\"vkspay\"]"
                                + more + "}}")
                .json()
                .getString("checkout_url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "alipay"})
    void a_page_on_a_computer_shows_a_code_until_it_is_paid(String method) {
        try (var browser = new Browser(Screen.desktop())) {
            browser.open(checkout(shop("vkspay"), ",\"provider_pay_method\":\"" + method + "\""));
            if (browser.shows("button[data-provider=vkspay]")) browser.click("button[data-provider=vkspay]");
            browser.find("[data-state=code]");
            assertThat(browser.text("main")).contains(method.equals("auto") ? "微信或支付宝" : "支付宝");
            browser.picture("vkspay-code-" + method);
            var page = browser.driver().getWindowHandle();
            browser.inNewTab(browser.attribute("#open-wallet", "href"));
            browser.click(method.equals("auto") ? "#pay-alipay" : "#pay");
            browser.find("[data-state=SUCCESS]");
            browser.toTab(page);

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(15));
            browser.picture("vkspay-paid-" + method);
        }
    }

    @Test
    void a_page_on_a_phone_leads_to_the_cashier_and_is_paid() {
        try (var phone = new Browser(Screen.phone(ANDROID))) {
            var address = checkout(shop("vkspay"), "");
            phone.open(address);
            phone.picture("vkspay-phone");
            if (phone.shows("button[data-provider=vkspay]")) phone.click("button[data-provider=vkspay]");
            phone.click("#pay-wxpay");
            phone.find("[data-state=SUCCESS]");

            phone.open(address);
            phone.waitFor("[data-state=paid]", Duration.ofSeconds(15));
            phone.picture("vkspay-phone-paid");
        }
    }
}
