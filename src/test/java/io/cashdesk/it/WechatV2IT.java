package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes that say {@code version: 2}, from createPayment to paid and back: live keys, one merchant for each signature, the
 * simulator's v2 on the other side. What clients are handed is recomputed with the JDK alone.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WechatV2IT {
    private static final Map<String, Seller> SELLERS = new HashMap<>();

    /** A merchant of ours, and what he is at WeChat Pay. */
    record Seller(Shop shop, JsonObject node, WechatV2Merchant words) {
        JsonObject create(JsonObject context, String number, String... more) {
            var data = Shop.order(number);
            for (int i = 0; i < more.length; i += 2) data.add(more[i], more[i + 1]);
            var answer = shop.create("wxpay", context, data);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return answer.json();
        }

        Node.Answer charge(String number, String tail) {
            var code = "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
            return shop.create(null, JsonValue.NULL, Shop.order(number).add("auth_code", code));
        }

        String paid() {
            return shop.paid("wxpay");
        }

        Node.Answer refund(String number, String more) {
            return shop.call("refund", "{\"out_trade_no\":\"" + number + "\"" + more + "}");
        }

        void untilStatus(String number, int status) {
            Eventually.within(
                    Duration.ofSeconds(20),
                    number + " has status " + status,
                    () -> shop.query(number).getInt("status") == status);
        }
    }

    @BeforeAll
    static void open() {
        for (var signType : new String[] {WechatV2Merchant.MD5, WechatV2Merchant.HMAC}) {
            SELLERS.put(signType, seller("v2-" + signType, signType));
        }
    }

    private static Seller seller(String pid, String signType, String... without) {
        var shop = new Shop(pid, "live");
        var node = Json.createObjectBuilder(WechatV2Merchant.newNode(shop.node));
        // as merchants have it: MD5 is what an absent signType means
        if (!signType.equals(WechatV2Merchant.MD5)) node.add("signType", signType);
        for (var name : without) node.remove(name);
        var made = node.build();
        put(pid, made);
        return new Seller(shop, made, new WechatV2Merchant(made, signType));
    }

    private static void put(String pid, JsonObject node) {
        var nodes = Json.createObjectBuilder();
        for (var name : new String[] {"h5", "mp-weixin", "h5-weixin", "mweb", "app-plus", "codepay"}) {
            nodes.add(name, node);
        }
        var put = Nodes.shared()
                .manage(
                        "PUT",
                        "merchants/" + pid + "/providers",
                        Json.createObjectBuilder().add("wxpay", nodes));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
        assertThat(put.body()).doesNotContain(node.getString("key"));
    }

    private static JsonObject books(String number) {
        return Nodes.shared()
                .call("GET", "/simulator/books?out_trade_no=" + number, null, null)
                .json();
    }

    private static void age(String number, Duration by) {
        Nodes.shared().simulator("age", "{\"out_trade_no\":\"" + number + "\",\"seconds\":" + by.toSeconds() + "}");
    }

    private static Map<String, String> texts(JsonObject info, String... without) {
        var texts = new TreeMap<String, String>();
        info.forEach((name, value) -> texts.put(name, ((JsonString) value).getString()));
        for (var name : without) texts.remove(name);
        return texts;
    }

    private static String snake(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static long authentic(String number) {
        return TestDatabase.number(
                Nodes.shared().dbUrl(),
                "select count(*) from notification n join pay_order o on o.id = n.order_id"
                        + " where o.out_trade_no = ? and n.verdict = 'AUTHENTIC'",
                number);
    }

    @Nested
    class OrderInfo {
        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void of_a_code_on_a_screen_is_the_whole_reply(String signType) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();

            var created = seller.create(Shop.on("h5", ""), number);

            assertThat(created.getString("pay_type")).isEqualTo("wxpay_h5");
            var info = texts(created.getJsonObject("orderInfo"));
            assertThat(info)
                    .containsOnlyKeys(
                            "returnCode",
                            "returnMsg",
                            "resultCode",
                            "appid",
                            "mchId",
                            "nonceStr",
                            "sign",
                            "tradeType",
                            "prepayId",
                            "codeUrl")
                    .containsEntry("returnCode", "SUCCESS")
                    .containsEntry("resultCode", "SUCCESS")
                    .containsEntry("tradeType", "NATIVE");
            var wire = new TreeMap<String, String>();
            info.forEach((name, value) -> wire.put(snake(name), value));
            assertThat(info.get("sign")).isEqualTo(seller.words().sign(wire));
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
            assertThat(seller.shop().query(number).getString("transaction_id"))
                    .isEqualTo(books(number).getString("transaction_id"));
        }

        @ParameterizedTest
        @CsvSource({
            "MD5, mp-weixin, MINI_PROGRAM, code2SessionWeixin",
            "MD5, h5-weixin, PAGE, code2SessionWeixinH5",
            "HMAC-SHA256, mp-weixin, MINI_PROGRAM, code2SessionWeixin",
            "HMAC-SHA256, h5-weixin, PAGE, code2SessionWeixinH5",
        })
        void inside_wechat_is_signed_for_its_cashier(String signType, String platform, String kind, String call) {
            var seller = SELLERS.get(signType);
            var login = seller.shop()
                    .node
                    .simulator("login", "{\"app_id\":\"" + seller.words().appId + "\",\"kind\":\"" + kind + "\"}")
                    .json();
            var openid = seller.shop()
                    .call(call, "{\"code\":\"" + login.getString("login_code") + "\"}")
                    .json()
                    .getString("openid");
            var number = Shop.number();

            var created = seller.create(Shop.on(platform, ""), number, "openid", openid);

            assertThat(created.getString("pay_type")).isEqualTo("wxpay_" + platform);
            var info = texts(created.getJsonObject("orderInfo"));
            assertThat(info)
                    .containsOnlyKeys("appId", "timeStamp", "nonceStr", "package", "signType", "paySign", "timestamp")
                    .containsEntry("appId", seller.words().appId)
                    .containsEntry("signType", signType)
                    .containsEntry("timestamp", info.get("timeStamp"));
            assertThat(info.get("package")).startsWith("prepay_id=wx");
            assertThat(info.get("paySign"))
                    .isEqualTo(seller.words().sign(texts(created.getJsonObject("orderInfo"), "paySign", "timestamp")));
            var bridge = Json.createObjectBuilder(created.getJsonObject("orderInfo"))
                    .add("openid", openid)
                    .build();
            assertThat(seller.shop()
                            .node
                            .simulator("wxpay/jsapi", bridge.toString())
                            .json()
                            .getString("err_msg"))
                    .isEqualTo("get_brand_wcpay_request:ok");
            seller.shop().untilPaid(number);
        }

        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void in_an_app_is_signed_for_its_sdk(String signType) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();

            var created = seller.create(Shop.on("app", ""), number);

            assertThat(created.getString("pay_type")).isEqualTo("wxpay_app-plus");
            var info = texts(created.getJsonObject("orderInfo"));
            assertThat(info)
                    .containsOnlyKeys("appid", "partnerid", "prepayid", "package", "noncestr", "timestamp", "sign")
                    .containsEntry("package", "Sign=WXPay")
                    .containsEntry("partnerid", seller.words().mchId);
            assertThat(info.get("sign")).isEqualTo(seller.words().sign(info));
            assertThat(seller.shop()
                            .node
                            .simulator(
                                    "wxpay/app",
                                    created.getJsonObject("orderInfo").toString())
                            .json()
                            .getInt("errCode"))
                    .isZero();
            seller.shop().untilPaid(number);
        }

        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void of_a_phones_browser_is_the_whole_reply_with_an_address(String signType) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();

            var created = seller.create(Shop.on("h5", Shop.IPHONE), number);

            assertThat(created.getString("pay_type")).isEqualTo("wxpay_mweb");
            var info = texts(created.getJsonObject("orderInfo"));
            assertThat(info)
                    .containsOnlyKeys(
                            "returnCode",
                            "returnMsg",
                            "resultCode",
                            "appid",
                            "mchId",
                            "nonceStr",
                            "sign",
                            "tradeType",
                            "prepayId",
                            "mwebUrl")
                    .containsEntry("tradeType", "MWEB");
            var opened =
                    seller.shop().node.call("GET", info.get("mwebUrl").replaceFirst("^https?://[^/]+", ""), null, null);
            assertThat(opened.status()).as(opened.body()).isIn(200, 303);
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
        }

        @Test
        void handed_out_again_is_the_same_order_signed_afresh() {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();

            var first = seller.create(Shop.on("app", ""), number).getJsonObject("orderInfo");
            var again = seller.create(Shop.on("app", ""), number).getJsonObject("orderInfo");

            assertThat(again.getString("prepayid")).isEqualTo(first.getString("prepayid"));
            assertThat(again.getString("noncestr")).isNotEqualTo(first.getString("noncestr"));
            assertThat(again.getString("sign")).isEqualTo(seller.words().sign(texts(again)));
        }

        @Test
        void of_a_sub_merchant_is_his_applications() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = Shop.number();

            var created = seller.create(
                    Shop.on("app", ""),
                    number,
                    "sub_mchid",
                    seller.words().subMchId,
                    "sub_appid",
                    seller.words().subAppId);

            var info = texts(created.getJsonObject("orderInfo"));
            assertThat(info).containsEntry("appid", seller.words().subAppId);
            assertThat(info.get("sign")).isEqualTo(seller.words().sign(info));
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
            assertThat(seller.refund(number, "").status()).isEqualTo(200);
            seller.untilStatus(number, 3);
        }
    }

    @Nested
    class A_payment_code {
        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void is_paid_at_once_and_needs_no_shop(String signType) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();

            var answer = seller.charge(number, "1000");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().getString("pay_type")).isEqualTo("wxpay_codepay");
            assertThat(answer.json().getJsonObject("orderInfo")).isEmpty();
            assertThat(seller.shop().query(number).getBoolean("orderPaid")).isTrue();
            assertThat(books(number).getJsonArray("notifications")).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"0002", "0004"})
        void is_waited_for_while_nobody_knows(String tail) {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();

            assertThat(seller.charge(number, tail).status()).isEqualTo(200);

            seller.shop().untilPaid(number);
        }

        @ParameterizedTest
        @CsvSource({"MD5, ''", "HMAC-SHA256, REVERSE_ONCE_MORE"})
        void whose_payer_never_finishes_is_reversed_in_time(String signType, String fault) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();
            if (!fault.isEmpty()) seller.shop().dial(number, fault);
            var code = "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + "0007";
            var data = Shop.order(number)
                    .add("auth_code", code)
                    .add("store_id", "S1")
                    .add("time_expire", System.currentTimeMillis() + 5_000);

            assertThat(seller.shop().create(null, JsonValue.NULL, data).status())
                    .isEqualTo(200);

            seller.untilStatus(number, -1);
            Eventually.within(
                    Duration.ofSeconds(30),
                    "reversed",
                    () -> books(number).getString("state").equals("REVOKED"));
        }

        @ParameterizedTest
        @CsvSource({"0005, AUTHCODEEXPIRE", "0006, NOTENOUGH"})
        void that_is_refused_is_refused_at_once(String tail, String code) {
            var answer = SELLERS.get(WechatV2Merchant.HMAC).charge(Shop.number(), tail);

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.json().getInt("code")).isEqualTo(3002);
            assertThat(answer.json().getString("detail")).contains(code);
        }
    }

    @Nested
    class An_order {
        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void that_was_paid_unheard_is_found_by_asking(String signType) {
            var seller = SELLERS.get(signType);
            var number = Shop.number();
            seller.shop().dial(number, "NOTIFY_LOST");
            seller.create(Shop.on("h5", ""), number);
            assertThat(seller.shop().query(number).getBoolean("orderPaid")).isFalse();

            seller.shop().pay(number);

            seller.shop().untilPaid(number);
            assertThat(authentic(number)).isZero();
        }

        @Test
        void of_five_minutes_is_closed_there_and_here() {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();
            seller.create(Shop.on("h5", ""), number);
            age(number, Duration.ofMinutes(5));

            var closed = seller.shop().call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");

            assertThat(closed.json().getInt("status")).isEqualTo(-1);
            assertThat(books(number).getString("state")).isEqualTo("CLOSED");
        }

        @Test
        void that_is_too_young_to_be_closed_there_stays_open_here() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = Shop.number();
            seller.create(Shop.on("h5", ""), number);

            var refused = seller.shop().call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");

            assertThat(refused.status()).as(refused.body()).isEqualTo(409);
            assertThat(refused.json().getInt("code")).isEqualTo(2010);
            assertThat(books(number).getString("state")).isEqualTo("NOTPAY");
            assertThat(seller.shop().query(number).getInt("status")).isZero();
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
        }

        @Test
        void that_is_too_young_to_be_closed_lets_its_payer_choose_another_way_all_the_same() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = Shop.number();
            seller.create(Shop.on("h5", ""), number);

            var other = seller.create(Shop.on("app-plus", ""), number);

            assertThat(other.getString("pay_type")).isEqualTo("wxpay_app-plus");
            assertThat(TestDatabase.number(
                            seller.shop().node.dbUrl(),
                            "select count(*) from attempt a join pay_order o on o.id = a.order_id"
                                    + " where o.out_trade_no = ? and a.state = 'PAYABLE'",
                            number))
                    .as("the code from before is watched")
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"ANSWER_SYSTEM_ERROR", "ANSWER_HTML", "ANSWER_BADLY_SIGNED"})
        void whose_answer_cannot_be_believed_is_asked_about_and_sent_again(String fault) {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();
            seller.shop().dial(number, fault);

            var first = seller.shop().create("wxpay", Shop.on("h5", ""), Shop.order(number));
            var second = seller.create(Shop.on("h5", ""), number);

            assertThat(first.status()).isNotEqualTo(200);
            assertThat(second.getJsonObject("orderInfo").getString("codeUrl")).startsWith("weixin://");
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
        }
    }

    @Nested
    class A_notification {
        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void is_believed_thanked_and_kept(String signType) {
            var seller = SELLERS.get(signType);
            var number = seller.paid();

            Eventually.within(Duration.ofSeconds(10), "told", () -> authentic(number) == 1);
            Eventually.within(
                    Duration.ofSeconds(10),
                    "thanked",
                    () -> books(number)
                            .getJsonArray("notifications")
                            .getJsonObject(0)
                            .containsKey("status"));
            var notice = books(number).getJsonArray("notifications").getJsonObject(0);
            assertThat(notice.getInt("status")).isEqualTo(200);
            assertThat(notice.getInt("tries")).isEqualTo(1);
            assertThat(notice.getString("answer"))
                    .isEqualTo(
                            "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>");
        }

        @Test
        void with_a_wrong_signature_is_refused_and_changes_nothing() {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();
            seller.shop().dial(number, "NOTIFY_FORGED");
            seller.create(Shop.on("h5", ""), number);

            seller.shop().pay(number);

            Eventually.within(
                    Duration.ofSeconds(10),
                    "refused",
                    () -> books(number).getJsonArray("notifications").getValuesAs(JsonObject.class).stream()
                            .anyMatch(n -> n.getInt("status", 0) == 401
                                    && n.getString("answer").contains("[FAIL]")));
            assertThat(authentic(number)).isZero();
        }

        @Test
        void of_another_amount_pays_nothing() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = Shop.number();
            seller.shop().dial(number, "NOTIFY_WRONG_AMOUNT");
            seller.create(Shop.on("h5", ""), number);

            seller.shop().pay(number);

            Eventually.within(Duration.ofSeconds(10), "told", () -> authentic(number) == 1);
            assertThat(seller.shop().query(number).getInt("status")).isZero();
        }

        @Test
        void under_the_key_that_was_kept_is_heard_after_the_move_to_v3() {
            var seller = seller("v2-moves", WechatV2Merchant.MD5);
            var number = Shop.number();
            seller.create(Shop.on("h5", ""), number);
            var v3 = Json.createObjectBuilder(seller.node())
                    .remove("pfx")
                    .remove("version")
                    .add("v3Key", "k".repeat(32));
            var sql = "select a.node from sim_account a where a.mch_no = ?";
            var own = TestDatabase.text(seller.shop().node.dbUrl(), sql, seller.words().mchId);
            try (var reader = Json.createReader(new StringReader(own))) {
                reader.readObject().forEach(v3::add);
            }

            put("v2-moves", v3.build());
            seller.shop().pay(number);

            seller.shop().untilPaid(number);
            assertThat(authentic(number)).isEqualTo(1);
        }
    }

    @Nested
    class A_refund {
        private static JsonObject record(Seller seller, String number) {
            return seller.shop()
                    .node
                    .queryPayment(seller.shop().key, number, ",\"pay_order_info\":true")
                    .getJsonObject("payOrder");
        }

        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void in_two_parts_at_once_is_done_although_v2_wants_a_minute_between_them(String signType) {
            var seller = SELLERS.get(signType);
            var number = seller.paid();

            var first = seller.refund(number, ",\"refund_fee\":100,\"refund_desc\":\"缺货\"");
            var second = seller.refund(number, "");
            seller.untilStatus(number, 3);

            assertThat(first.status()).as(first.body()).isEqualTo(200);
            assertThat(first.json().getString("outRefundNo")).isEqualTo(number + "-1");
            assertThat(first.json().getInt("refundFee")).isEqualTo(100);
            assertThat(first.json().getString("refund_status")).isIn("processing", "success");
            assertThat(second.json().getInt("refundFee")).isEqualTo(890);
            assertThat(record(seller, number).getInt("refund_fee")).isEqualTo(990);
            Eventually.within(
                    Duration.ofSeconds(10), "a payment and two refunds were told", () -> authentic(number) == 3);
            var answer = seller.shop()
                    .call("queryRefund", "{\"out_trade_no\":\"" + number + "\"}")
                    .json();
            assertThat(answer.getJsonObject("queryResult").getString("refund_status"))
                    .isEqualTo("success");
        }

        @Test
        void whose_answer_is_lost_is_found_and_given_once() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = seller.paid();
            seller.shop().dial(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

            assertThat(seller.refund(number, "").status()).isEqualTo(200);

            seller.untilStatus(number, 3);
            assertThat(record(seller, number).getInt("refund_num")).isEqualTo(1);
            assertThat(books(number).getJsonArray("refunds")).hasSize(1);
        }

        @ParameterizedTest
        @CsvSource({"REFUND_ABNORMAL, ABNORMAL", "REFUND_CLOSED, CLOSED"})
        void that_does_not_arrive_ends_as_v2_says(String fault, String state) {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = seller.paid();
            seller.shop().dial(number, fault);

            assertThat(seller.refund(number, ",\"refund_fee\":500").status()).isEqualTo(200);

            Eventually.within(
                    Duration.ofSeconds(20),
                    state,
                    () -> Stream.of(state)
                            .anyMatch(s -> TestDatabase.text(
                                            seller.shop().node.dbUrl(),
                                            "select state from refund where out_refund_no = ?",
                                            number + "-1")
                                    .equals(s)));
            assertThat(seller.shop().query(number).getInt("status")).isEqualTo(1);
        }

        @Test
        void without_the_merchants_certificate_is_refused_and_can_be_tried_again_with_it() {
            var seller = seller("v2-no-pfx", WechatV2Merchant.MD5, "pfx");
            var whole = Json.createObjectBuilder(seller.node());
            var number = seller.paid();

            var refused = seller.refund(number, "");
            var pfx = TestDatabase.text(
                    seller.shop().node.dbUrl(),
                    "select k.pfx from sim_wechat_v2_key k join sim_account a on a.id = k.account_id where a.mch_no = ?",
                    seller.words().mchId);
            put("v2-no-pfx", whole.add("pfx", pfx).build());
            var again = seller.refund(number, "");

            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.json().getString("detail")).contains("pfx");
            assertThat(again.status()).as(again.body()).isEqualTo(200);
            assertThat(again.json().getString("outRefundNo")).isEqualTo(number + "-1");
            seller.untilStatus(number, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
    void a_days_bill_is_fetched(String signType) {
        var seller = SELLERS.get(signType);
        var number = seller.paid();
        age(number, Duration.ofDays(1));
        var yesterday = DateTimeFormatter.BASIC_ISO_DATE.format(
                Instant.now().atOffset(ZoneOffset.ofHours(8)).toLocalDate().minusDays(1));

        var bill = seller.shop()
                .node
                .call(
                        "POST",
                        "/api/cloudPay/downloadBill",
                        seller.shop().key,
                        "{\"billDate\":\"" + yesterday + "\",\"billType\":\"SUCCESS\"}");

        assertThat(bill.status()).as(bill.body()).isEqualTo(200);
        assertThat(bill.body()).contains("`" + number);
    }

    @Test
    void cloud_pays_shape_is_refused_because_it_is_made_from_v3() {
        var seller = SELLERS.get(WechatV2Merchant.MD5);
        try (var function = new MerchantServer()) {
            seller.shop()
                    .node
                    .manage(
                            "PUT",
                            "merchants/v2-MD5/webhooks/callback",
                            Json.createObjectBuilder()
                                    .add("url", function.url())
                                    .add("mode", "live")
                                    .add("format", "cloudpay")
                                    .add("env_id", "env-1"));
            var order = Json.createObjectBuilder()
                    .add("functionName", "callback")
                    .add("envId", "env-1")
                    .add("subMchId", seller.words().subMchId)
                    .add("body", "茶")
                    .add("outTradeNo", Shop.number())
                    .add("totalFee", 990)
                    .add("spbillCreateIp", "203.0.113.7")
                    .add("tradeType", "NATIVE");

            var answer = seller.shop()
                    .node
                    .call(
                            "POST",
                            "/api/cloudPay/unifiedOrder",
                            seller.shop().key,
                            order.build().toString())
                    .json();

            assertThat(answer.getString("returnCode")).isEqualTo("FAIL");
            assertThat(answer.getString("returnMsg")).contains("version 3");
        }
    }

    @Test
    void a_node_with_a_malformed_key_is_refused_by_its_name() {
        var seller = SELLERS.get(WechatV2Merchant.MD5);
        var wrong = Json.createObjectBuilder(seller.node()).add("key", "too-short");

        var put = seller.shop()
                .node
                .manage(
                        "PUT",
                        "merchants/v2-MD5/providers",
                        Json.createObjectBuilder()
                                .add("wxpay", Json.createObjectBuilder().add("h5", wrong)));

        assertThat(put.status()).isEqualTo(400);
        assertThat(put.json().getString("detail")).contains("key must be the v2 API key");
        assertThat(put.body()).doesNotContain("too-short");
    }
}
