package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alipay's products from createPayment to paid and refunded; the simulator is wallet and provider. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayProductsIT {
    static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("alipay-it");
    }

    /** Follows no redirect: where a browser would be sent. */
    private static URI sentTo(String address) throws IOException, InterruptedException {
        try {
            var answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
            return URI.create(answer.headers().firstValue("Location").orElseThrow());
        } catch (IOException e) {
            throw new IOException("no answer from " + address, e);
        }
    }

    private static JsonObject simulatedNode() {
        shop.node.createPayment(shop.key, "alipay", Shop.number(), 990);
        var text = TestDatabase.text(shop.node.dbUrl(), """
                select a.node
                from sim_account a
                join merchant m on m.id = a.merchant_id
                where m.pid = 'alipay-it' and a.provider = 'alipay' and a.kind = 'KEY'
                """);
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Test
    void an_app_pays_with_the_signed_text() {
        var number = Shop.number();
        var created =
                shop.create("alipay", Shop.on("app", ""), Shop.order(number)).json();

        var paid = shop.node
                .simulator("alipay/app", created.getString("orderInfo"))
                .json();

        assertThat(created.getString("pay_type")).isEqualTo("alipay_app-plus");
        assertThat(paid.getString("resultStatus")).as(paid.toString()).isEqualTo("9000");
        shop.untilPaid(number);
    }

    @Test
    void a_payer_in_a_mini_program_is_identified_by_the_login_code_and_pays() throws Exception {
        var back = "https://shop.example.com/back";
        var login = sentTo(shop.node.base() + "/simulator/alipay/oauth2/publicAppAuthorize.htm?app_id="
                + simulatedNode().getString("appId") + "&scope=auth_base&state=s&redirect_uri="
                + URLEncoder.encode(back, StandardCharsets.UTF_8));
        var code = login.getQuery().replaceAll(".*auth_code=([^&]+).*", "$1");
        var number = Shop.number();

        var session =
                shop.call("code2SessionAlipay", "{\"code\":\"" + code + "\"}").json();
        var created = shop.create(
                        "alipay",
                        Shop.on("mp-alipay", ""),
                        Shop.order(number).add("openid", session.getString("openid")))
                .json();
        var paid = shop.node.simulator("alipay/jsapi", "{\"tradeNO\":\"" + created.getString("orderInfo") + "\"}");

        assertThat(created.getString("pay_type")).isEqualTo("alipay_mp-alipay");
        assertThat(paid.json().getString("resultCode")).isEqualTo("9000");
        shop.untilPaid(number);
        assertThat(shop.call("code2SessionAlipay", "{\"code\":\"" + code + "\"}")
                        .json()
                        .getInt("code"))
                .as("a used code")
                .isEqualTo(3002);
    }

    private static String payUrl(String key, String agent, String number, String returnUrl) {
        var body = Json.createObjectBuilder()
                .add("provider", "alipay")
                .add("context", Shop.on("h5", agent))
                .add("data", Shop.order(number).add("return_url", returnUrl))
                .build();
        return shop.node
                .pay("createPayment", key, body.toString())
                .json()
                .getJsonObject("orderInfo")
                .getString("payUrl");
    }

    private static String encoded(String url) {
        return URLEncoder.encode(url, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"'Mozilla/5.0 (X11)', alipay.trade.page.pay", "'Mozilla/5.0 (iPhone) Mobile', alipay.trade.wap.pay"})
    void a_website_sends_the_browser_to_alipay_and_back(String agent, String method) throws Exception {
        var simulator = "http://127.0.0.1:" + shop.node.environment("CASHDESK_SIMULATOR_PORT");
        var node = Json.createObjectBuilder(simulatedNode())
                .add("website", true)
                .add("gateway", simulator + "/simulator/alipay/gateway.do");
        shop.node.manage(
                "PUT",
                "merchants/alipay-live",
                Json.createObjectBuilder()
                        .add("name", "Live")
                        .add("return_urls", Json.createArrayBuilder().add("https://shop.example.com/")));
        shop.node.manage(
                "PUT",
                "merchants/alipay-live/providers",
                Json.createObjectBuilder()
                        .add("alipay", Json.createObjectBuilder().add("h5", node)));
        var key = shop.node
                .manage(
                        "POST",
                        "merchants/alipay-live/keys",
                        Json.createObjectBuilder().add("mode", "live"))
                .json()
                .getString("key");
        var number = Shop.number();
        var first = payUrl(key, agent, number, "https://shop.example.com/first");

        var payUrl = payUrl(key, agent, number, "https://shop.example.com/done");
        var wallet = sentTo(payUrl.replace(simulator, shop.node.base().toString()));
        shop.pay(number);

        assertThat(first).contains("method=" + method).contains(encoded("https://shop.example.com/first"));
        assertThat(payUrl)
                .as("the same payment, with the return address of the second call")
                .contains("method=" + method)
                .contains(encoded("https://shop.example.com/done"))
                .contains(number)
                .doesNotContain(encoded("https://shop.example.com/first"));
        assertThat(wallet.getPath()).isEqualTo("/simulator/wallet");
        assertThat(shop.node
                        .call("GET", wallet.getPath() + "?" + wallet.getRawQuery(), null, null)
                        .body())
                .contains("https://shop.example.com/done?app_id=");
        Eventually.within(
                Duration.ofSeconds(10),
                "paid",
                () -> shop.node.queryPayment(key, number, "").getBoolean("orderPaid"));
    }

    @Test
    void a_service_provider_collects_and_refunds_for_another_seller() {
        var application = simulatedNode().getString("appId");
        var given = shop.node
                .simulator("alipay/console/authorization", "{\"app_id\":\"" + application + "\"}")
                .json();
        var number = Shop.number();
        var data = Shop.order(number).add("app_auth_token", given.getString("app_auth_token"));

        var created = shop.create("alipay", Shop.on("h5", ""), data);
        shop.pay(number);
        shop.untilPaid(number);
        var record = record(number);
        var refunded = shop.call("refund", "{\"out_trade_no\":\"" + number + "\"}");

        assertThat(created.status()).as(created.body()).isEqualTo(200);
        var token = given.getString("app_auth_token");
        assertThat(record.getString("app_auth_token"))
                .isEqualTo(token.substring(0, 4) + "****" + token.substring(token.length() - 4));
        assertThat(record.getString("auth_appid")).isEqualTo(given.getString("auth_app_id"));
        assertThat(record.getString("provider_appid")).isEqualTo(application);
        assertThat(record.getString("seller_id"))
                .isEqualTo(record.getJsonObject("original_data").getString("seller_id"));
        assertThat(record.toString()).doesNotContain(token);
        assertThat(refunded.json().getString("refund_status")).isEqualTo("success");
        assertThat(TestDatabase.text(
                        shop.node.dbUrl(),
                        "select a.request from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?",
                        number))
                .contains("sealed_token")
                .doesNotContain(given.getString("app_auth_token"));
        assertThat(TestDatabase.text(
                        shop.node.dbUrl(),
                        "select a.app_id from sim_trade t join sim_account a on a.id = t.account_id where t.number = ?",
                        number))
                .as("whose trade it was")
                .isEqualTo(given.getString("auth_app_id"));
        assertThat(shop.node.simulator("books?out_trade_no=" + number, null).body())
                .contains("\"refunds\":[{\"out_refund_no\":\"" + number);
    }

    private static JsonObject record(String number) {
        return shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");
    }

    @Test
    void a_title_may_have_any_sign_and_the_record_and_the_webhook_keep_it() {
        var number = Shop.number();
        var title = "矿泉水 550ml/瓶 a=b&c";

        var created =
                shop.create("alipay", Shop.on("h5", ""), Shop.order(number).add("subject", title));
        var again = shop.create("alipay", Shop.on("h5", ""), Shop.order(number).add("subject", title));
        shop.pay(number);
        shop.untilPaid(number);

        assertThat(created.status()).as(created.body()).isEqualTo(200);
        assertThat(again.json().get("orderInfo")).isEqualTo(created.json().get("orderInfo"));
        var record = record(number);
        assertThat(record.getString("description")).isEqualTo(title);
        var original = record.getJsonObject("original_data");
        assertThat(original.getString("subject")).isEqualTo("矿泉水 550ml／瓶 a＝b＆c");
        assertThat(original.getString("out_trade_no")).isEqualTo(number);
        assertThat(record.getString("notify_url") + record.getString("notify_path"))
                .matches(Pattern.quote(shop.node.base().toString()) + "/notify/alipay/[0-9a-f-]{36}");
        assertThat(record.getString("auth_appid")).isEqualTo(record.getString("provider_appid"));
        assertThat(record.containsKey("app_auth_token")).isFalse();
        var event = TestDatabase.text(
                shop.node.dbUrl(),
                "select e.payload from webhook_event e join pay_order o on o.id = e.order_id"
                        + " where o.out_trade_no = ? and e.type = 'payment.paid'",
                number);
        try (var reader = Json.createReader(new StringReader(event))) {
            assertThat(reader.readObject().getJsonObject("data"))
                    .containsEntry("original_data", original)
                    .containsEntry("notify_path", record.get("notify_path"))
                    .containsEntry("seller_id", record.get("seller_id"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"subject\":\"x\"}; 1117; other.subject",
                "{\"notify_url\":\"https://a.example/\"}; 1117; other.notify_url",
                "{\"seller_id\":\"2088000000009999\"}; 1102; other.seller_id",
                "{\"qr_code_timeout_express\":\"1m\"}; 1117; other.qr_code_timeout_express",
                "{\"goods_detail\":[{\"goods_category\":\"1234567890123456789012345\"}]}; 1102; goods_category"
            })
    void what_other_may_not_have_is_refused_by_name_before_anything_is_stored(String other, int code, String name) {
        var number = Shop.number();
        JsonObject extra;
        try (var reader = Json.createReader(new StringReader(other))) {
            extra = reader.readObject();
        }

        var answer = shop.create("alipay", Shop.on("h5", ""), Shop.order(number).add("other", extra));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().getInt("code")).isEqualTo(code);
        assertThat(answer.body()).contains(name);
        assertThat(shop.query(number).getInt("code")).isEqualTo(2001);
    }

    @Nested
    class A_payment_code {
        private static Node.Answer charge(String number, String tail) {
            var code = "28" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
            return shop.create(null, JsonValue.NULL, Shop.order(number).add("auth_code", code));
        }

        @ParameterizedTest
        @CsvSource({"1000", "0002", "0004"})
        void is_paid_at_once_after_a_while_or_although_the_answer_was_unknown(String tail) {
            var number = Shop.number();

            var answer = charge(number, tail).json();

            assertThat(answer.getString("pay_type")).isEqualTo("alipay_codepay");
            shop.untilPaid(number);
        }

        @Test
        void whose_payer_does_not_confirm_ends_with_a_closed_order() {
            var number = Shop.number();
            var code = "28" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + "0003";
            var data = Shop.order(number).add("auth_code", code).add("time_expire", System.currentTimeMillis() + 5_000);

            assertThat(shop.create(null, JsonValue.NULL, data).status()).isEqualTo(200);

            Eventually.within(
                    Duration.ofSeconds(30), "closed", () -> shop.query(number).getInt("status") == -1);
        }

        @ParameterizedTest
        @CsvSource({"0005, ACQ.PAYMENT_AUTH_CODE_INVALID, 刷新付款码", "0006, ACQ.BUYER_BALANCE_NOT_ENOUGH, 换一张银行卡"})
        void that_is_refused_is_refused_at_once_and_explains_what_the_payer_can_do(
                String tail, String providerCode, String toDo) {
            var answer = charge(Shop.number(), tail).json();

            assertThat(answer.getInt("code")).isEqualTo(3002);
            assertThat(answer.getString("provider_code")).isEqualTo(providerCode);
            assertThat(answer.getString("retry")).isEqualTo("new_code");
            assertThat(answer.getString("payer_msg")).contains(toDo);
        }
    }

    @Nested
    class A_refund {
        private static Node.Answer refund(String number, String more) {
            return shop.call("refund", "{\"out_trade_no\":\"" + number + "\"" + more + "}");
        }

        private static void untilStatus(String number, int status) {
            Eventually.within(
                    Duration.ofSeconds(20),
                    "status " + status,
                    () -> shop.query(number).getInt("status") == status);
        }

        @Test
        void in_two_parts_is_done_at_once_and_its_notifications_change_nothing() {
            var number = shop.paid("alipay");

            var first = refund(number, ",\"refund_fee\":100").json();
            var partly = shop.query(number).getInt("status");
            var second = refund(number, "").json();

            assertThat(first.getString("refund_status")).isEqualTo("success");
            assertThat(partly).isEqualTo(2);
            assertThat(second.getInt("refundFee")).isEqualTo(890);
            assertThat(shop.query(number).getInt("status")).isEqualTo(3);
            Eventually.within(
                    Duration.ofSeconds(10),
                    "both are delivered",
                    () -> TestDatabase.number(shop.node.dbUrl(), """
                            select count(*)
                            from notification n
                            join pay_order o on o.id = n.order_id
                            where o.out_trade_no = ? and n.verdict = 'AUTHENTIC'
                            """, number) == 3);
            var record = shop.node.queryPayment(shop.key, number, ",\"pay_order_info\":true");
            assertThat(record.getJsonObject("payOrder").getInt("refund_num")).isEqualTo(2);
        }

        @Test
        void whose_answer_is_lost_is_found_and_made_once() {
            var number = shop.paid("alipay");
            shop.setFault(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

            assertThat(refund(number, ",\"refund_fee\":100").status()).isEqualTo(200);

            untilStatus(number, 2);
            assertThat(shop.node
                            .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                            .getJsonObject("payOrder")
                            .getInt("refund_fee"))
                    .isEqualTo(100);
        }

        @Test
        void that_succeeded_but_was_answered_with_an_unsigned_refusal_is_accepted_only_from_the_query() {
            var number = shop.paid("alipay");
            shop.setFault(number, "ANSWER_REFUSED_UNSIGNED");

            assertThat(refund(number, ",\"refund_fee\":100").status()).isEqualTo(200);

            untilStatus(number, 2);
            assertThat(shop.node
                            .simulator("books?out_trade_no=" + number, null)
                            .json()
                            .getJsonArray("refunds"))
                    .as("refunded once")
                    .hasSize(1);
        }

        @Test
        void that_the_sellers_balance_does_not_cover_is_refused() {
            var number = shop.paid("alipay");
            shop.setFault(number, "REFUND_NOT_ENOUGH");

            var answer = refund(number, "");

            assertThat(answer.json().getInt("code")).isEqualTo(3002);
            assertThat(answer.json().getString("detail")).contains("SELLER_BALANCE_NOT_ENOUGH");
            assertThat(shop.query(number).getInt("status")).isEqualTo(1);
        }
    }
}
