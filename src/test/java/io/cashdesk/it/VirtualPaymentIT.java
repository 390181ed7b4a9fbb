package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.VirtualMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Virtual payment of mini-programs, from the login code to the webhook, through the public API and the simulated
 * WeChat: in test mode, where nothing is configured, and with live nodes, whose push address is entered in the console.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VirtualPaymentIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    static Shop shop;
    static MerchantServer server;
    static Seller tester;

    /**
     * A merchant of ours and its mini-program.
     *
     * @param appId of the mini-program
     */
    record Seller(Shop shop, String appId) {
        /** The openid of a user who logs in now; the server has exchanged the code. */
        String login(String payer) {
            var code = shop.simulator
                    .call("login", "{\"app_id\":\"" + appId + "\",\"payer\":\"" + payer + "\"}")
                    .json();
            var session = shop.call("code2SessionWeixin", "{\"code\":\"" + code.getString("login_code") + "\"}");
            assertThat(session.json().getString("openid")).as(session.body()).isEqualTo(code.getString("openid"));
            assertThat(session.body()).doesNotContain("session_key", "sessionKey");
            return code.getString("openid");
        }

        Node.Answer create(String number, String openid, JsonObjectBuilder bought) {
            var data = Json.createObjectBuilder()
                    .add("out_trade_no", number)
                    .add("subject", "宝石")
                    .add("type", "goods")
                    .add("openid", openid)
                    .add("wxpay_virtual", bought);
            return shop.create("wxpay-virtual", Shop.on("mp-weixin", ""), data);
        }

        /** What the client receives for its call. */
        JsonObject created(String number, String openid, JsonObjectBuilder bought) {
            var answer = create(number, openid, bought);
            assertThat(answer.json().getInt("code", -1)).as(answer.body()).isZero();
            return answer.json().getJsonObject("orderInfo");
        }

        JsonObject request(JsonObject orderInfo, String... more) {
            var arguments = Json.createObjectBuilder(orderInfo);
            for (int i = 0; i < more.length; i += 2) arguments.add(more[i], more[i + 1]);
            var answer = shop.node.call(
                    "POST",
                    "/simulator/wxpay-virtual/request",
                    null,
                    arguments.build().toString());
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return answer.json();
        }

        void pays(JsonObject orderInfo) {
            assertThat(request(orderInfo).getString("errMsg")).isEqualTo("requestVirtualPayment:ok");
        }

        /** The order as merchants read it. */
        JsonObject record(String number) {
            return shop.node
                    .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                    .getJsonObject("payOrder");
        }

        /** A paid order of gems for six yuan; its number. */
        String paid(String openid) {
            var number = Shop.number();
            pays(created(number, openid, gems(1)));
            shop.untilPaid(number);
            return number;
        }

        JsonObject coins(String call, JsonObjectBuilder body) {
            return shop.call("wxpayVirtual/" + call, body.build().toString()).json();
        }

        void expireSession(String openid) {
            shop.simulator.call("wechat/session", "{\"app_id\":\"" + appId + "\",\"openid\":\"" + openid + "\"}");
        }
    }

    static JsonObjectBuilder gems(int quantity) {
        return Json.createObjectBuilder()
                .add("mode", "short_series_goods")
                .add("buy_quantity", quantity)
                .add("product_id", "gems")
                .add("goods_price", 600);
    }

    static JsonObjectBuilder coins(long quantity) {
        return Json.createObjectBuilder().add("mode", "short_series_coin").add("buy_quantity", quantity);
    }

    @BeforeAll
    static void open() {
        shop = new Shop("virtual-" + UUID.randomUUID().toString().substring(0, 8));
        server = new MerchantServer();
        shop.node.manage(
                "PUT",
                "merchants/" + shop.pid + "/webhooks/shop",
                Json.createObjectBuilder().add("url", server.url()).add("mode", "test"));
        tester = new Seller(shop, appId(shop));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    /** The application of the merchant's test accounts, which those of WeChat Pay and of virtual payment share. */
    private static String appId(Shop of) {
        var accounts = of.node
                .call("GET", "/api/manage/merchants/" + of.pid + "/test-accounts", Node.MANAGE_TOKEN, null)
                .json()
                .getJsonArray("accounts")
                .getValuesAs(JsonObject.class);
        var ids = accounts.stream()
                .filter(a -> a.getString("provider").startsWith("wxpay"))
                .map(a -> a.getString("appId"))
                .distinct()
                .toList();
        assertThat(ids).hasSize(1);
        assertThat(accounts.stream().map(a -> a.getString("provider"))).contains("wxpay-virtual");
        return ids.get(0);
    }

    /** A merchant in live mode whose node is a new account at the simulator, with its push address in the console. */
    private static Seller live(JsonObjectBuilder options) {
        var merchant = new VirtualMerchant(shop.node, options);
        var live = new Shop("virtual-live-" + UUID.randomUUID().toString().substring(0, 8), "live");
        var put = live.node.manage(
                "PUT",
                "merchants/" + live.pid + "/providers",
                Json.createObjectBuilder()
                        .add("wxpay-virtual", Json.createObjectBuilder().add("mp-weixin", merchant.account)));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
        var account = TestDatabase.text(
                live.node.dbUrl(),
                "select a.id::text from provider_account a join merchant m on m.id = a.merchant_id"
                        + " where m.pid = ? and a.provider = 'wxpay-virtual'",
                live.pid);
        var console = merchant.console(
                Json.createObjectBuilder().add("url", live.node.base() + "/notify/wxpay-virtual/" + account));
        assertThat(console.getBoolean("verified")).as(console.toString()).isTrue();
        return new Seller(live, merchant.appId);
    }

    @Nested
    class Goods {
        @Test
        void are_paid_delivered_by_webhook_and_refunded() {
            var openid = tester.login("FIRST");
            var number = Shop.number();

            var answer = tester.create(number, openid, gems(2));
            var info = answer.json().getJsonObject("orderInfo");

            assertThat(info.keySet()).containsExactlyInAnyOrder("mode", "signData", "paySig", "signature");
            assertThat(info.getString("signData")).contains("\"buyQuantity\":2", "\"goodsPrice\":600");
            tester.pays(info);
            shop.untilPaid(number);
            var paid = tester.record(number);
            assertThat(paid.getInt("total_fee")).isEqualTo(1200);
            assertThat(paid.getString("pay_type")).isEqualTo("wxpay-virtual_mp-weixin");
            Eventually.within(
                    SOON,
                    "the webhook",
                    () -> server.about(number).stream().anyMatch(r -> r.type().equals("payment.paid")));
            Eventually.within(
                    SOON,
                    "the event is acknowledged",
                    () -> shop.simulator
                            .records(number)
                            .getJsonArray("notifications")
                            .toString()
                            .contains("\"status\":200"));

            var refunded = shop.call(
                    "refund",
                    "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":500,\"out_refund_no\":\"R" + number + "\"}");
            assertThat(refunded.json().getInt("code")).as(refunded.body()).isZero();
            Eventually.within(
                    SOON,
                    "the refund's webhook",
                    () -> server.about(number).stream().anyMatch(r -> r.type().equals("refund.succeeded")));
            var rest = shop.call("refund", "{\"out_trade_no\":\"" + number + "\"}");
            assertThat(rest.json().getInt("refund_fee")).as(rest.body()).isEqualTo(700);
            Eventually.within(SOON, "wholly refunded", () -> shop.query(number).getInt("status") == 2);
        }

        @Test
        void cost_what_the_list_says_whatever_total_fee_says() {
            var openid = tester.login("FIRST");
            var number = Shop.number();
            var data = Json.createObjectBuilder()
                    .add("out_trade_no", number)
                    .add("total_fee", 1)
                    .add("subject", "宝石")
                    .add("type", "goods")
                    .add("openid", openid)
                    .add("wxpay_virtual", gems(3));

            var answer = shop.create("wxpay-virtual", Shop.on("mp-weixin", ""), data);

            assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
            assertThat(tester.record(number).getInt("total_fee")).isEqualTo(1800);
        }

        @Test
        void can_be_paid_with_the_original_number_again_although_wechat_takes_it_once() {
            var openid = tester.login("FIRST");
            var number = Shop.number();
            var first = tester.created(number, openid, gems(1));
            assertThat(tester.request(first, "outcome", "cancel").getInt("errCode"))
                    .isEqualTo(-2);

            var second = tester.created(number, openid, gems(1));

            assertThat(second.getString("signData")).isNotEqualTo(first.getString("signData"));
            tester.pays(second);
            shop.untilPaid(number);
        }

        @Test
        void are_paid_although_the_push_is_lost() {
            var openid = tester.login("FIRST");
            var number = Shop.number();
            shop.setFault(number, "NOTIFY_LOST");
            tester.pays(tester.created(number, openid, gems(1)));

            Eventually.within(
                    Duration.ofSeconds(60),
                    "a query settles it",
                    () -> shop.node
                            .queryPayment(shop.key, number, ",\"await_notify\":true,\"await_max_time\":5")
                            .getBoolean("orderPaid"));
            Eventually.within(
                    Duration.ofSeconds(60),
                    "the delivery is confirmed",
                    () -> providing(number).equals("DELIVERED"));
        }

        /** Whether WeChat counts the goods as delivered: "DELIVERING" or "DELIVERED". */
        private String providing(String number) {
            return TestDatabase.text(
                    shop.node.dbUrl(),
                    "select v.providing from sim_virtual_trade v join sim_trade t on t.id = v.trade_id where t.number = ?",
                    number);
        }

        @Test
        void are_paid_by_a_client_only_as_the_server_has_named_them() {
            var openid = tester.login("FIRST");
            var number = Shop.number();
            var publishable = shop.node
                    .manage(
                            "POST",
                            "merchants/" + shop.pid + "/keys",
                            Json.createObjectBuilder().add("mode", "test").add("kind", "publishable"))
                    .json()
                    .getString("key");
            tester.created(number, openid, gems(1));

            var same = byClient(publishable, number, openid, gems(1));
            var coins = byClient(publishable, number, openid, VirtualPaymentIT.coins(600));

            assertThat(same.getInt("code")).as(same.toString()).isZero();
            assertThat(coins.getInt("code")).as(coins.toString()).isEqualTo(2001);
        }

        @Test
        void are_no_goods_of_an_order_that_was_created_for_another_provider() {
            var openid = tester.login("FIRST");
            var number = Shop.number();
            var publishable = shop.node
                    .manage(
                            "POST",
                            "merchants/" + shop.pid + "/keys",
                            Json.createObjectBuilder().add("mode", "test").add("kind", "publishable"))
                    .json()
                    .getString("key");
            var data = Json.createObjectBuilder()
                    .add("out_trade_no", number)
                    .add("total_fee", 600)
                    .add("subject", "宝石")
                    .add("type", "goods");
            assertThat(shop.create("alipay", Shop.on("h5", ""), data).json().getInt("code"))
                    .isZero();

            var refused = byClient(publishable, number, openid, gems(1));
            var named = tester.create(number, openid, gems(1)).json();

            assertThat(refused.getInt("code")).as(refused.toString()).isEqualTo(2001);
            assertThat(named.getInt("code")).as(named.toString()).isZero();
            assertThat(shop.node
                            .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                            .toString())
                    .contains("\"product_id\":\"gems\"");
        }

        private JsonObject byClient(String key, String number, String openid, JsonObjectBuilder bought) {
            var data = Json.createObjectBuilder()
                    .add("out_trade_no", number)
                    .add("subject", "宝石")
                    .add("type", "goods")
                    .add("openid", openid)
                    .add("wxpay_virtual", bought);
            var body = Json.createObjectBuilder()
                    .add("provider", "wxpay-virtual")
                    .add("context", Shop.on("mp-weixin", ""))
                    .add("data", data);
            var envelope = Json.createObjectBuilder()
                    .add("action", "pay/createPayment")
                    .add("data", body);
            return shop.node
                    .call("POST", "/http/vk-pay/" + key, null, envelope.build().toString())
                    .json();
        }

        @ParameterizedTest
        @CsvSource({
            "NOTIFY_TWICE_AT_ONCE",
            "NOTIFY_LATE",
            "NOTIFY_TAMPERED",
            "NOTIFY_OF_OTHER_APPLICATION",
            "NOTIFY_AFTER_REFUND"
        })
        void are_paid_once_whatever_happens_to_the_push(String fault) {
            var openid = tester.login("FIRST");
            var number = Shop.number();
            shop.setFault(number, fault);

            tester.pays(tester.created(number, openid, gems(1)));

            Eventually.within(
                    Duration.ofSeconds(60),
                    fault,
                    () -> shop.node
                            .queryPayment(shop.key, number, ",\"await_notify\":true,\"await_max_time\":5")
                            .getBoolean("orderPaid"));
            Eventually.within(SOON, "the webhook", () -> webhooks(number, "payment.paid") > 0);
            assertThat(webhooks(number, "payment.paid")).isEqualTo(1);
        }

        @Test
        void need_a_session_that_wechat_accepts() {
            var openid = tester.login("SECOND");
            tester.expireSession(openid);
            var number = Shop.number();

            var refused = tester.request(tester.created(number, openid, gems(1)));

            assertThat(refused.getInt("errCode")).isEqualTo(-15007);
            tester.login("SECOND");
            tester.pays(tester.created(number, openid, gems(1)));
            shop.untilPaid(number);
        }

        @Test
        void are_refused_to_a_user_who_never_logged_in() {
            var stranger = "o" + tester.appId().substring(2) + "NeverSeen01";

            var answer = tester.create(Shop.number(), stranger, gems(1));

            assertThat(answer.json().getInt("code")).isEqualTo(1140);
            assertThat(answer.body()).contains("重新登录");
        }

        @Test
        void are_refused_on_iphones_unless_the_node_says_so() {
            var openid = tester.login("FIRST");
            var data = Json.createObjectBuilder()
                    .add("out_trade_no", Shop.number())
                    .add("subject", "宝石")
                    .add("type", "goods")
                    .add("openid", openid)
                    .add("wxpay_virtual", gems(1));

            var answer = shop.create("wxpay-virtual", Shop.on("mp-weixin", Shop.IPHONE), data);

            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(1141);
        }
    }

    /** How many different events of this type came about an order. */
    private static long webhooks(String number, String type) {
        return server.about(number).stream()
                .filter(r -> r.type().equals(type))
                .map(MerchantServer.Received::id)
                .distinct()
                .count();
    }

    @Nested
    class A_second_payment {
        @Test
        void of_goods_is_refunded_by_itself() {
            var number = paidTwice(gems(1));

            Eventually.within(SOON, "refunded", () -> webhooks(number, "refund.succeeded") == 1);
            assertThat(needsPerson(number)).isEmpty();
        }

        @Test
        void of_coins_is_held_because_the_coins_stay_with_the_payer() {
            var number = paidTwice(VirtualPaymentIT.coins(100));

            assertThat(needsPerson(number)).contains("a second time", "take them back with currencyPay");
            assertThat(shop.simulator.records(number).getJsonArray("refunds")).isEmpty();
            assertThat(webhooks(number, "refund.succeeded")).isZero();
        }

        /** An order of which both prompts were paid; its number. */
        private String paidTwice(JsonObjectBuilder bought) {
            var openid = tester.login("FIRST");
            var number = Shop.number();
            var what = bought.build();
            var first = tester.created(number, openid, Json.createObjectBuilder(what));
            var second = tester.created(number, openid, Json.createObjectBuilder(what));
            tester.pays(first);
            shop.untilPaid(number);
            tester.pays(second);
            Eventually.within(
                    Duration.ofSeconds(60),
                    "the second payment is known",
                    () -> TestDatabase.number(
                                    shop.node.dbUrl(),
                                    "select count(*) from receipt r join pay_order o on o.id = r.order_id"
                                            + " where o.out_trade_no = ?",
                                    number)
                            == 2);
            return number;
        }

        private String needsPerson(String number) {
            return TestDatabase.text(
                    shop.node.dbUrl(),
                    "select coalesce(needs_person, '') from pay_order where out_trade_no = ?",
                    number);
        }
    }

    @Nested
    class A_refund {
        @Test
        void that_fails_at_wechat_is_reported_as_failed() {
            var openid = tester.login("FIRST");
            var number = tester.paid(openid);
            shop.setFault(number, "REFUND_CLOSED");

            var answer = shop.call("refund", "{\"out_trade_no\":\"" + number + "\"}");

            assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
            Eventually.within(
                    SOON,
                    "refund.failed",
                    () -> server.about(number).stream().anyMatch(r -> r.type().equals("refund.failed")));
        }

        @Test
        void whose_answer_is_lost_is_not_made_twice() {
            var openid = tester.login("FIRST");
            var number = tester.paid(openid);
            shop.setFault(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

            shop.call(
                    "refund",
                    "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":100,\"out_refund_no\":\"A" + number + "\"}");

            Eventually.within(
                    Duration.ofSeconds(90),
                    "refunded",
                    () -> server.about(number).stream().anyMatch(r -> r.type().equals("refund.succeeded")));
            assertThat(shop.simulator.records(number).getJsonArray("refunds")).hasSize(1);
        }
    }

    @Nested
    class Coins {
        @Test
        void are_bought_spent_once_given_back_and_given() {
            var openid = tester.login("SECOND");
            var recharge = Shop.number();
            var before = balance(openid);

            tester.pays(tester.created(recharge, openid, VirtualPaymentIT.coins(300)));
            shop.untilPaid(recharge);

            assertThat(tester.record(recharge).getInt("total_fee")).isEqualTo(300);
            assertThat(balance(openid)).isEqualTo(before + 300);
            var number = Shop.number();
            var spending = "{\"openid\":\"" + openid + "\",\"out_trade_no\":\"" + number + "\",\"amount\":120}";
            var spent = shop.call("wxpayVirtual/currencyPay", spending);
            assertThat(spent.json().getInt("code")).as(spent.body()).isZero();
            assertThat(spent.json().getInt("amount")).isEqualTo(120);
            assertThat(spent.json().getInt("balance")).isEqualTo(before + 180);
            var again = shop.call("wxpayVirtual/currencyPay", spending);
            assertThat(again.json().getInt("code")).as(again.body()).isZero();
            assertThat(balance(openid)).as("spent once").isEqualTo(before + 180);

            var back = shop.call("wxpayVirtual/cancelCurrencyPay", spending);
            assertThat(back.json().getInt("code")).as(back.body()).isZero();
            assertThat(back.body()).containsPattern("\"" + number + "-\\d{4}\"");
            assertThat(balance(openid)).isEqualTo(before + 300);

            var gift = tester.coins(
                    "presentCurrency",
                    Json.createObjectBuilder()
                            .add("openid", openid)
                            .add("outTradeNo", Shop.number())
                            .add("amount", 5)
                            .add("userIp", "203.0.113.7"));
            assertThat(gift.getInt("balance")).isEqualTo(before + 305);
        }

        private int balance(String openid) {
            var balance =
                    tester.coins("queryUserBalance", Json.createObjectBuilder().add("openid", openid));
            assertThat(balance.getInt("code")).as(balance.toString()).isZero();
            return balance.getInt("balance");
        }

        @Test
        void are_in_the_envelope_too() {
            var openid = tester.login("FIRST");

            var answer = shop.node.call(
                    "POST",
                    "/http/vk-pay",
                    shop.key,
                    "{\"action\":\"pay/wxpayVirtual/queryUserBalance\",\"data\":{\"openid\":\"" + openid + "\"}}");

            assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
            assertThat(answer.json().keySet()).contains("balance", "presentBalance");
        }

        @Test
        void need_a_secret_key() {
            var openid = tester.login("FIRST");
            var publishable = shop.node
                    .manage(
                            "POST",
                            "merchants/" + shop.pid + "/keys",
                            Json.createObjectBuilder().add("mode", "test").add("kind", "publishable"))
                    .json()
                    .getString("key");

            for (var call : new String[] {"queryUserBalance", "currencyPay", "cancelCurrencyPay", "presentCurrency"}) {
                var body = "{\"openid\":\"" + openid + "\",\"out_trade_no\":\"" + Shop.number() + "\",\"amount\":1}";
                assertThat(shop.node
                                .pay("wxpayVirtual/" + call, publishable, body)
                                .status())
                        .as(call)
                        .isEqualTo(403);
            }
        }

        @Test
        void need_a_session_that_wechat_accepts() {
            var openid = tester.login("SECOND");
            tester.expireSession(openid);

            var answer = shop.call(
                    "wxpayVirtual/currencyPay",
                    "{\"openid\":\"" + openid + "\",\"out_trade_no\":\"" + Shop.number() + "\",\"amount\":1}");

            assertThat(answer.json().getInt("code")).isEqualTo(1140);
            assertThat(answer.body()).contains("用户sessionKey不存在或已过期，请重新登录");
        }

        @Test
        void whose_price_is_not_whole_fen_are_refused() {
            var seller = live(Json.createObjectBuilder().add("rate", 300));
            var openid = seller.login("FIRST");

            assertThat(seller.create(Shop.number(), openid, VirtualPaymentIT.coins(2))
                            .json()
                            .getInt("code"))
                    .isEqualTo(1102);
            var number = Shop.number();
            seller.pays(seller.created(number, openid, VirtualPaymentIT.coins(6)));
            seller.shop().untilPaid(number);
            assertThat(seller.record(number).getInt("total_fee")).isEqualTo(2);
        }
    }

    @Nested
    class A_live_node {
        @ParameterizedTest
        @CsvSource({"plain, json", "plain, xml", "compatible, json", "compatible, xml", "safe, json", "safe, xml"})
        void is_pushed_to_in_every_mode_and_format(String mode, String format) {
            var seller = live(Json.createObjectBuilder().add("mode", mode).add("format", format));
            var openid = seller.login("FIRST");
            var number = seller.paid(openid);

            Eventually.within(
                    SOON,
                    "acknowledged",
                    () -> seller.shop().simulator.records(number).getJsonArray("notifications").stream()
                            .map(JsonValue::asJsonObject)
                            .anyMatch(n -> n.getInt("status", 0) == 200));
            assertThat(seller.shop().simulator.records(number).getString("state"))
                    .isEqualTo("SUCCESS");
        }

        @Test
        void of_the_sandbox_pays_there() {
            var seller = live(Json.createObjectBuilder().add("sandbox", true));
            var openid = seller.login("FIRST");

            var info = seller.created(Shop.number(), openid, gems(1));

            assertThat(info.getString("signData")).contains("\"env\":1");
            seller.pays(info);
        }

        @Test
        void with_ios_is_paid_on_an_iphone() {
            var seller = live(Json.createObjectBuilder().add("ios", true));
            var openid = seller.login("FIRST");
            var number = Shop.number();
            var data = Json.createObjectBuilder()
                    .add("out_trade_no", number)
                    .add("subject", "宝石")
                    .add("type", "goods")
                    .add("openid", openid)
                    .add("wxpay_virtual", gems(1));

            var answer = seller.shop().create("wxpay-virtual", Shop.on("mp-weixin", Shop.IPHONE), data);

            assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
            var info = answer.json().getJsonObject("orderInfo");
            assertThat(seller.request(info, "platform", "ios").getInt("errCode"))
                    .isZero();
            seller.shop().untilPaid(number);
        }

        @Test
        void fetches_its_token_once_and_again_when_wechat_refuses_it() {
            var seller = live(Json.createObjectBuilder());
            var openid = seller.login("FIRST");
            var query = Json.createObjectBuilder().add("openid", openid);
            for (int i = 0; i < 5; i++) {
                assertThat(seller.coins(
                                        "queryUserBalance",
                                        Json.createObjectBuilder().add("openid", openid))
                                .getInt("code"))
                        .isZero();
            }
            assertThat(calls(seller)).isEqualTo(1);

            seller.shop().simulator.call("wechat/token", "{\"app_id\":\"" + seller.appId() + "\",\"end\":\"expired\"}");

            assertThat(seller.coins("queryUserBalance", query).getInt("code")).isZero();
            assertThat(calls(seller)).isEqualTo(2);
        }

        private int calls(Seller seller) {
            return seller.shop()
                    .simulator
                    .call("wechat/tokens?app_id=" + seller.appId(), null)
                    .json()
                    .getInt("calls");
        }
    }
}
