package io.cashdesk.it.wxpayv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudPay's calls through a node of version 2, and through one that changes its version. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CloudPayV2IT {
    private static final String PID = "cloud-v2";

    static Shop shop;
    static MerchantServer function;
    static JsonObject v2Node;
    static JsonObject v3Node;
    static WechatV2Merchant merchant;
    static String openid;

    @BeforeAll
    static void open() {
        var simulated = new Shop(PID, "test");
        simulated.create("wxpay", Shop.on("app", ""), Shop.order(Shop.number()));
        var account = object(TestDatabase.text(simulated.node.dbUrl(), """
                select a.node
                from sim_account a
                join merchant m on m.id = a.merchant_id
                where m.pid = ? and a.provider = 'wxpay'
                """, PID));
        v2Node = simulated
                .node
                .simulator("accounts/wxpay-v2", "{\"mch_id\":\"" + account.getString("mchId") + "\"}")
                .json()
                .getJsonObject("node");
        v3Node = Json.createObjectBuilder(account)
                .add("version", 3)
                .add("key", v2Node.getString("key"))
                .add("subMerchants", v2Node.getJsonArray("subMerchants"))
                .add("subAppId", v2Node.getString("subAppId"))
                .add("gateway", v2Node.getString("gateway"))
                .build();
        merchant = new WechatV2Merchant(v2Node, WechatV2Merchant.MD5);
        shop = new Shop(PID, "live");
        function = new MerchantServer();
        function.answers(200, "{\"errcode\":0,\"errmsg\":\"ok\"}");
        var put = shop.node.manage(
                "PUT",
                "merchants/" + PID + "/webhooks/payCallback",
                Json.createObjectBuilder()
                        .add("url", function.url())
                        .add("mode", "live")
                        .add("format", "cloudpay")
                        .add("env_id", "env-1"));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
        use(v2Node);
        openid = shop.node
                .simulator("login", "{\"app_id\":\"" + merchant.appId + "\"}")
                .json()
                .getString("openid");
    }

    @AfterEach
    void backToVersion2() {
        use(v2Node);
    }

    @AfterAll
    static void close() {
        if (function != null) function.close();
    }

    private static void use(JsonObject node) {
        var nodes = Json.createObjectBuilder();
        for (var name : new String[] {"h5", "mp-weixin", "mweb", "app-plus"}) nodes.add(name, node);
        var put = Nodes.shared()
                .manage(
                        "PUT",
                        "merchants/" + PID + "/providers",
                        Json.createObjectBuilder().add("wxpay", nodes));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
    }

    private static JsonObject node(int version) {
        return version == 2 ? v2Node : v3Node;
    }

    private static JsonObject object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static JsonObject call(String call, JsonObjectBuilder body) {
        var answer = shop.node.call(
                "POST", "/api/cloudPay/" + call, shop.key, body.build().toString());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static JsonObject succeeded(String call, JsonObjectBuilder body) {
        var answer = call(call, body);
        assertThat(answer.getString("resultCode", "")).as(answer.toString()).isEqualTo("SUCCESS");
        assertThat(answer.getString("sign")).isEqualTo(signature(answer));
        assertThat(answer.getString("mchId")).isEqualTo(merchant.mchId);
        assertThat(answer.getString("subAppid")).isEqualTo(merchant.subAppId);
        return answer;
    }

    /** Over the texts and numbers in snake case, as API v2 signs. */
    private static String signature(JsonObject answer) {
        var fields = new TreeMap<String, String>();
        answer.forEach((name, value) -> {
            if (name.matches(".*[A-Z].*")) return;
            if (value instanceof JsonString text) fields.put(name, text.getString());
            else if (value.getValueType() == JsonValue.ValueType.NUMBER) fields.put(name, value.toString());
        });
        return merchant.sign(fields);
    }

    private static JsonObjectBuilder order(String number) {
        return Json.createObjectBuilder()
                .add("functionName", "payCallback")
                .add("envId", "env-1")
                .add("subMchId", merchant.subMchId)
                .add("body", "矿泉水 550ml/瓶")
                .add("outTradeNo", number)
                .add("totalFee", 990)
                .add("spbillCreateIp", "::ffff:203.0.113.7")
                .add("attach", "shop 7")
                .add("deviceInfo", "WEB")
                .add("goodsTag", "WXG")
                .add("limitPay", "no_credit")
                .add("detail", "{\"goods_detail\":[{\"goods_id\":\"g\",\"quantity\":1,\"price\":990}]}")
                .add("sceneInfo", "{\"store_info\":{\"id\":\"S1\",\"name\":\"茶\"}}");
    }

    private static JsonObjectBuilder about(String number) {
        return Json.createObjectBuilder().add("sub_mch_id", merchant.subMchId).add("out_trade_no", number);
    }

    private static JsonObjectBuilder refundOf(String number) {
        return about(number)
                .add("functionName", "payCallback")
                .add("envId", "env-1")
                .add("out_refund_no", number + "r")
                .add("total_fee", 990)
                .add("refund_fee", 100);
    }

    private static void pay(JsonObject made) {
        var bridge = Json.createObjectBuilder(made.getJsonObject("payment")).add("openid", openid);
        assertThat(shop.node
                        .simulator("wxpay/jsapi", bridge.build().toString())
                        .json()
                        .getString("err_msg"))
                .endsWith(":ok");
    }

    private static JsonObject untilRefunded(String number) {
        Eventually.within(
                Duration.ofSeconds(30),
                "refunded",
                () -> call("queryRefund", about(number))
                        .getJsonArray("refundStatusList")
                        .getString(0)
                        .equals("SUCCESS"));
        return succeeded("queryRefund", about(number));
    }

    @Test
    void a_payment_inside_wechat_is_made_notified_queried_and_refunded() {
        var number = Shop.number();

        var made = succeeded("unifiedOrder", order(number).add("openid", openid));
        var payment = made.getJsonObject("payment");
        pay(made);
        shop.untilPaid(number);
        var state = succeeded("queryOrder", about(number));
        var refund = succeeded("refund", refundOf(number));
        var refunds = untilRefunded(number);

        assertThat(payment.getString("signType")).isEqualTo("MD5");
        assertThat(payment.getString("package")).isEqualTo("prepay_id=" + made.getString("prepayId"));
        assertThat(state.getString("tradeState")).isEqualTo("SUCCESS");
        assertThat(state.getString("outTradeNo")).isEqualTo(number);
        assertThat(state.getInt("totalFee")).isEqualTo(990);
        assertThat(state.getInt("cashFee")).isEqualTo(990);
        assertThat(state.getString("attach")).isEqualTo("shop 7");
        assertThat(state.getString("timeEnd")).matches("\\d{14}");
        assertThat(state.getString("openid")).isEqualTo(openid);
        assertThat(refund.getInt("refundFee")).isEqualTo(100);
        assertThat(refund.getInt("cashRefundFee")).isEqualTo(100);
        assertThat(refund.getString("refundId")).isNotEmpty();
        assertThat(refunds.getJsonArray("refundChannel").getString(0)).isEqualTo("ORIGINAL");
        assertThat(refunds.getJsonArray("refundRecvAccoutList").getString(0)).isNotEmpty();
        assertThat(refunds.getJsonArray("refundSuccessTimeList").getString(0))
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        Eventually.within(
                Duration.ofSeconds(20),
                "payment and refund are delivered",
                () -> function.about(number).stream().anyMatch(h -> h.body().contains("\"timeEnd\":"))
                        && function.about(number).stream()
                                .anyMatch(h -> h.body().contains("\"refundStatus\":\"SUCCESS\"")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void the_other_products_are_served_with_every_extra_field(int version) {
        use(node(version));

        var code = succeeded("unifiedOrder", order(Shop.number()).add("tradeType", "NATIVE"));
        var page = succeeded("unifiedOrder", order(Shop.number()).add("tradeType", "MWEB"));
        var app = succeeded("unifiedOrder", order(Shop.number()).add("tradeType", "APP"));

        assertThat(code.getString("codeUrl")).startsWith("weixin://");
        assertThat(page.getString("mwebUrl")).startsWith("http");
        assertThat(app.getJsonObject("payment").getString("prepayid")).isEqualTo(app.getString("prepayId"));
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "3, 2"})
    void an_order_of_one_version_lives_on_in_the_other(int first, int then) {
        var unpaid = Shop.number();
        var paid = Shop.number();
        use(node(first));
        succeeded("unifiedOrder", order(unpaid).add("openid", openid));
        var made = succeeded("unifiedOrder", order(paid).add("openid", openid));
        pay(made);
        shop.untilPaid(paid);

        use(node(then));

        assertThat(succeeded("queryOrder", about(unpaid)).getString("tradeState"))
                .isEqualTo("NOTPAY");
        assertThat(succeeded("queryOrder", about(paid)).getString("tradeState")).isEqualTo("SUCCESS");
        succeeded("refund", refundOf(paid));
        assertThat(untilRefunded(paid).getJsonArray("refundChannel").getString(0))
                .isEqualTo("ORIGINAL");
    }

    @Test
    void an_order_younger_than_five_minutes_is_closed_later() {
        var number = Shop.number();
        succeeded("unifiedOrder", order(number).add("openid", openid));

        var tooSoon = call("closeOrder", about(number));
        WechatV2.age(number, Duration.ofMinutes(5));
        var closed = succeeded("closeOrder", about(number));

        assertThat(tooSoon.getString("errCode")).as(tooSoon.toString()).isEqualTo("SYSTEMERROR");
        assertThat(closed.getString("resultMsg")).isEqualTo("OK");
        assertThat(call("queryOrder", about(number)).getString("tradeState")).isEqualTo("CLOSED");
    }

    @Test
    void a_bill_that_does_not_exist() {
        var answer = call("downloadBill", Json.createObjectBuilder().add("bill_date", "20200101"));

        assertThat(answer.getString("returnCode")).isEqualTo("FAIL");
        assertThat(answer.getString("returnMsg")).as(answer.toString()).isIn("No Bill Exist", "data format error");
    }
}
