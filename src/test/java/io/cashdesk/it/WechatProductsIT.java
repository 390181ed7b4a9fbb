package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WeChat Pay's products from createPayment to paid; the simulator is wallet and provider. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WechatProductsIT {
    static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("wechat-it");
    }

    private static String appId() {
        var app = shop.create("wxpay", Shop.on("app", ""), Shop.order(Shop.number()))
                .json();
        return app.getJsonObject("orderInfo").getString("appid");
    }

    private static JsonObject login(String kind) {
        return shop.node
                .simulator("login", "{\"app_id\":\"" + appId() + "\",\"kind\":\"" + kind + "\"}")
                .json();
    }

    @ParameterizedTest
    @CsvSource({"mp-weixin, MINI_PROGRAM, code2SessionWeixin", "h5-weixin, PAGE, code2SessionWeixinH5"})
    void a_payer_inside_wechat_is_identified_by_the_login_code_and_pays(String platform, String kind, String call) {
        var login = login(kind);
        var number = Shop.number();

        var session = shop.call(call, "{\"code\":\"" + login.getString("login_code") + "\"}")
                .json();
        var created = shop.create(
                        "wxpay", Shop.on(platform, ""), Shop.order(number).add("openid", session.getString("openid")))
                .json();

        assertThat(session.getString("openid")).isEqualTo(login.getString("openid"));
        assertThat(session).doesNotContainKeys("session_key", "access_token");
        assertThat(created.getString("pay_type")).isEqualTo("wxpay_" + platform);
        var bridge = Json.createObjectBuilder(created.getJsonObject("orderInfo"))
                .add("openid", session.getString("openid"))
                .build();
        assertThat(shop.node.simulator("wxpay/jsapi", bridge.toString()).json().getString("err_msg"))
                .isEqualTo("get_brand_wcpay_request:ok");
        shop.untilPaid(number);
    }

    @Test
    void without_an_openid_is_refused_with_the_application_that_gives_one() {
        var answer = shop.create("wxpay", Shop.on("mp-weixin", ""), Shop.order(Shop.number()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().getInt("code")).isEqualTo(1006);
        assertThat(answer.json().getString("detail")).contains(appId());
    }

    @Test
    void a_used_login_code_is_refused() {
        var code = "{\"code\":\"" + login("MINI_PROGRAM").getString("login_code") + "\"}";
        shop.call("code2SessionWeixin", code);

        var again = shop.call("code2SessionWeixin", code);

        assertThat(again.json().getInt("code")).isEqualTo(3002);
        assertThat(again.json().getString("detail")).contains("40163");
    }

    @Test
    void an_app_pays_with_its_parameters() {
        var number = Shop.number();
        var created =
                shop.create("wxpay", Shop.on("app", ""), Shop.order(number)).json();

        var paid = shop.node.simulator(
                "wxpay/app", created.getJsonObject("orderInfo").toString());

        assertThat(paid.json().getInt("errCode")).isZero();
        shop.untilPaid(number);
    }

    @Test
    void a_browser_on_a_phone_gets_an_address() {
        var number = Shop.number();

        var created = shop.create("wxpay", Shop.on("h5", Shop.IPHONE), Shop.order(number))
                .json();

        assertThat(created.getString("pay_type")).isEqualTo("wxpay_mweb");
        assertThat(created.getJsonObject("orderInfo").getString("h5Url")).startsWith("http");
        shop.pay(number);
        shop.untilPaid(number);
    }

    @Test
    void the_cashier_returns_to_the_address_of_the_call_also_for_a_payment_that_exists() {
        shop.node.manage(
                "PUT",
                "merchants/" + shop.pid,
                Json.createObjectBuilder()
                        .add("name", "WeChat")
                        .add("return_urls", Json.createArrayBuilder().add("https://shop.example.com/")));
        var number = Shop.number();
        var urls = new ArrayList<String>();
        for (var back : List.of("https://shop.example.com/a?x=1&y=茶", "https://shop.example.com/b")) {
            var data = Shop.order(number).add("return_url", back);
            var url = shop.create("wxpay", Shop.on("h5", Shop.IPHONE), data)
                    .json()
                    .getJsonObject("orderInfo")
                    .getString("h5Url");

            assertThat(url).endsWith("&redirect_url=" + URLEncoder.encode(back, StandardCharsets.UTF_8));
            urls.add(url.substring(0, url.indexOf("&redirect_url=")));
        }
        var without = shop.create("wxpay", Shop.on("h5", Shop.IPHONE), Shop.order(number))
                .json()
                .getJsonObject("orderInfo")
                .getString("h5Url");

        assertThat(urls).containsOnly(urls.get(0));
        assertThat(without)
                .as("a call without an address: that of the call before")
                .isEqualTo(urls.get(0) + "&redirect_url="
                        + URLEncoder.encode("https://shop.example.com/b", StandardCharsets.UTF_8));
        shop.pay(number);
        shop.untilPaid(number);
    }

    @Test
    void a_long_title_is_shortened_for_wechat_and_kept_in_the_record() {
        var number = Shop.number();
        var title = "茶".repeat(43);

        var created = shop.create(
                "wxpay", Shop.on("h5", Shop.IPHONE), Shop.order(number).add("subject", title));

        assertThat(created.json().getInt("code")).isZero();
        var record = shop.node.queryPayment(shop.key, number, ",\"pay_order_info\":true");
        assertThat(record.getJsonObject("payOrder").getString("description")).isEqualTo(title);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'attach':'茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶'}; 1102; other.attach",
                "{'goods_tag':null}; 1102; other.goods_tag",
                "{'amount':{'total':1}}; 1117; other.amount",
                "{'scene_info':{'payer_client_ip':'1.2.3.4'}}; 1117; other.scene_info.payer_client_ip",
            })
    void what_wechat_would_refuse_in_other_is_refused_before_anything_is_stored(String given, int code, String named) {
        var number = Shop.number();
        JsonObject other;
        try (var reader = Json.createReader(new StringReader(given.replace('\'', '"')))) {
            other = reader.readObject();
        }

        var refused = shop.create(
                "wxpay", Shop.on("h5", Shop.IPHONE), Shop.order(number).add("other", other));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().getInt("code")).isEqualTo(code);
        assertThat(refused.body()).contains(named);
        assertThat(TestDatabase.number(
                        shop.node.dbUrl(), "select count(*) from pay_order where out_trade_no = ?", number))
                .isZero();
    }

    @Test
    void what_the_wallet_accepts_for_a_shorter_time_is_renewed() {
        var number = Shop.number();
        var first = shop.create("wxpay", Shop.on("h5", Shop.IPHONE), Shop.order(number))
                .json();
        var again = shop.create("wxpay", Shop.on("h5", Shop.IPHONE), Shop.order(number))
                .json();
        TestDatabase.execute(
                shop.node.dbUrl(), "update attempt set prompt_until = now() where attempt_no = '" + number + "'");

        var renewed = shop.create("wxpay", Shop.on("h5", Shop.IPHONE), Shop.order(number))
                .json();

        assertThat(again.getJsonObject("orderInfo")).isEqualTo(first.getJsonObject("orderInfo"));
        assertThat(renewed.getJsonObject("orderInfo").getString("h5Url"))
                .isNotEqualTo(first.getJsonObject("orderInfo").getString("h5Url"));
        assertThat(TestDatabase.number(
                        shop.node.dbUrl(),
                        "select count(*) from attempt where attempt_no = ? and state = 'SHOWN'",
                        number))
                .isEqualTo(1);
        shop.pay(number);
        shop.untilPaid(number);
        var transaction = shop.query(number).getString("transaction_id");
        assertThat(shop.call("queryPayment", "{\"transaction_id\":\"" + transaction + "\"}")
                        .json()
                        .getString("out_trade_no"))
                .isEqualTo(number);
    }

    @Test
    void time_expire_must_be_five_minutes_ahead_where_no_code_is_scanned() {
        var soon = System.currentTimeMillis() + 120_000;

        var tooEarly = shop.create(
                "wxpay", Shop.on("app", ""), Shop.order(Shop.number()).add("time_expire", soon));
        var scanned =
                shop.create("wxpay", JsonValue.NULL, Shop.order(Shop.number()).add("time_expire", soon));

        assertThat(tooEarly.json().getInt("code")).isEqualTo(1109);
        assertThat(scanned.status()).isEqualTo(200);
    }

    @Nested
    class A_payment_code {
        private static String code(String tail) {
            return "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
        }

        private static Node.Answer charge(String number, String code) {
            return shop.create(
                    null,
                    JsonValue.NULL,
                    Shop.order(number).add("auth_code", code).add("store_id", "S1"));
        }

        @Test
        void is_recognised_and_paid_at_once() {
            var number = Shop.number();

            var answer = charge(number, code("1000")).json();

            assertThat(answer.getString("provider")).isEqualTo("wxpay");
            assertThat(answer.getString("pay_type")).isEqualTo("wxpay_codepay");
            assertThat(answer.getJsonObject("orderInfo")).isEmpty();
            assertThat(shop.query(number).getBoolean("orderPaid")).isTrue();
        }

        @Test
        void is_awaited_while_the_payer_types_the_password() {
            var number = Shop.number();

            assertThat(charge(number, code("0002")).status()).isEqualTo(200);

            assertThat(shop.query(number).getBoolean("orderPaid")).isFalse();
            shop.untilPaid(number);
        }

        @Test
        void that_was_paid_although_the_answer_was_an_error_is_found_paid() {
            var number = Shop.number();

            assertThat(charge(number, code("0004")).status()).isEqualTo(200);

            shop.untilPaid(number);
        }

        @Test
        void whose_payer_never_finishes_is_reversed_in_time_and_the_order_closed() {
            var number = Shop.number();
            var data = Shop.order(number)
                    .add("auth_code", code("0007"))
                    .add("store_id", "S1")
                    .add("time_expire", System.currentTimeMillis() + 5_000);

            assertThat(shop.create(null, JsonValue.NULL, data).status()).isEqualTo(200);

            Eventually.within(
                    Duration.ofSeconds(40), "closed", () -> shop.query(number).getInt("status") == -1);
            assertThat(shop.node
                            .call("GET", "/simulator/books?out_trade_no=" + number, null, null)
                            .json()
                            .getString("state"))
                    .isEqualTo("REVOKED");
        }

        @ParameterizedTest
        @CsvSource({"0005, AUTHCODEEXPIRE, 刷新付款码", "0006, NOT_ENOUGH, 换一张银行卡"})
        void that_is_refused_is_refused_at_once_and_explains_what_the_payer_can_do(
                String tail, String providerCode, String toDo) {
            var answer = charge(Shop.number(), code(tail));

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.json().getInt("code")).isEqualTo(3002);
            assertThat(answer.json().getString("provider_code")).isEqualTo(providerCode);
            assertThat(answer.json().getString("fault")).isEqualTo("payer");
            assertThat(answer.json().getString("retry")).isEqualTo("new_code");
            assertThat(answer.json().getString("payer_msg")).contains(toDo);
        }

        @Test
        void belongs_to_one_number_and_the_number_to_it() {
            var code = code("1000");
            var number = Shop.number();
            charge(number, code);

            var sameAgain = charge(number, code);
            var otherNumber = charge(Shop.number(), code);
            var failed = Shop.number();
            charge(failed, code("0006"));
            var otherCode = charge(failed, code("1000"));

            assertThat(sameAgain.json().getInt("code")).as("it is paid").isEqualTo(2005);
            assertThat(otherNumber.json().getInt("code")).isEqualTo(2011);
            assertThat(otherCode.json().getInt("code")).isEqualTo(2012);
        }

        @Test
        void without_a_shop_or_of_an_unknown_wallet_is_refused_before_any_provider_is_called() {
            var noShop =
                    shop.create(null, JsonValue.NULL, Shop.order(Shop.number()).add("auth_code", code("1000")));
            var nobodys = charge(Shop.number(), "6212345678901234567");

            assertThat(noShop.json().getInt("code")).isEqualTo(1114);
            assertThat(nobodys.json().getInt("code")).isEqualTo(1113);
            assertThat(nobodys.body()).doesNotContain("6212345678901234567");
        }
    }

    @Nested
    class Closing {
        @Test
        void an_unpaid_order_closes_it_at_the_provider_and_here() {
            var number = Shop.number();
            shop.node.createPayment(shop.key, "wxpay", number, 990);

            var closed = shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");
            var again = shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");

            assertThat(closed.json().getInt("status")).isEqualTo(-1);
            assertThat(again.json().getInt("code")).isZero();
            assertThat(shop.node
                            .call("GET", "/simulator/books?out_trade_no=" + number, null, null)
                            .json()
                            .getString("state"))
                    .isEqualTo("CLOSED");
        }

        @Test
        void a_paid_order_is_refused_with_its_status() {
            var number = shop.paid("wxpay");

            var answer = shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.json().getInt("code")).isEqualTo(2005);
        }

        @Test
        void an_order_whose_notification_was_lost_is_found_paid() {
            var number = Shop.number();
            shop.node.createPayment(shop.key, "wxpay", number, 990);
            shop.setFault(number, "NOTIFY_LOST");
            shop.pay(number);

            assertThat(shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}")
                            .json()
                            .getInt("code"))
                    .isEqualTo(2005);
        }
    }
}
