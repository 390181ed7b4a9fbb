package io.cashdesk.it.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Prepays of the simulated WeChat Pay: inside WeChat, in an app, in a phone browser, as a QR code. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayPrepayIT extends SimulatedWxpay {
    @Nested
    class A_prepay {
        @Test
        void for_a_page_inside_wechat_is_launched_signed_and_paid_by_its_payer() {
            var number = Shop.number();
            var openid = openid(merchant.appId);
            var prepay = merchant.post(
                            "/v3/pay/transactions/jsapi", order(ids(), number).add("payer", payer("openid", openid)))
                    .json()
                    .getString("prepay_id");

            assertThat(query(number).getString("trade_state")).isEqualTo("NOTPAY");
            assertThat(launch(merchant.appId, prepay, "RSA").add("decline", true))
                    .satisfies(l -> assertThat(bridge("jsapi", l)).endsWith(":cancel"));
            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA").add("openid", "oAnotherPayer")))
                    .endsWith(":fail");
            assertThat(bridge("jsapi", launch(merchant.appId, prepay + "0", "RSA")))
                    .endsWith(":fail");
            assertThat(bridge("jsapi", launch(merchant.subAppId, prepay, "RSA")))
                    .endsWith(":fail");
            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA").add("nonceStr", "changed")))
                    .endsWith(":fail");
            assertThat(query(number).getString("trade_state")).isEqualTo("NOTPAY");
            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA").add("openid", openid)))
                    .isEqualTo("get_brand_wcpay_request:ok");

            var notified = notification(number, "TRANSACTION.SUCCESS").resource();
            assertThat(notified.getString("trade_type")).isEqualTo("JSAPI");
            assertThat(notified.getString("attach")).isEqualTo("table 5");
            assertThat(notified.getJsonObject("payer").getString("openid")).isEqualTo(openid);
            assertThat(notified.getJsonObject("amount").getInt("total")).isEqualTo(990);
            assertThat(query(number)).isEqualTo(notified);
            assertThat(merchant.get("/v3/pay/transactions/id/" + notified.getString("transaction_id") + "?mchid="
                                    + merchant.mchId)
                            .json())
                    .isEqualTo(notified);
        }

        @Test
        void opens_the_cashier_for_two_hours() {
            var number = Shop.number();
            var prepay = merchant.post(
                            "/v3/pay/transactions/jsapi",
                            order(ids(), number).add("payer", payer("openid", openid(merchant.appId))))
                    .json()
                    .getString("prepay_id");

            age(number, Duration.ofHours(2).plusMinutes(1));

            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA"))).endsWith(":fail");
            assertThat(query(number).getString("trade_state")).isEqualTo("NOTPAY");
        }

        @Test
        void for_an_app_is_launched_with_the_bare_prepay_id_signed() {
            var number = Shop.number();
            var prepay = merchant.post("/v3/pay/transactions/app", order(ids(), number))
                    .json()
                    .getString("prepay_id");
            var time = Long.toString(Instant.now().getEpochSecond());
            var signed = merchant.sign(merchant.appId + "\n" + time + "\nn\n" + prepay + "\n");
            var launch = Json.createObjectBuilder()
                    .add("appid", merchant.appId)
                    .add("partnerid", merchant.mchId)
                    .add("prepayid", prepay)
                    .add("package", "Sign=WXPay")
                    .add("noncestr", "n")
                    .add("timestamp", time)
                    .add("sign", signed)
                    .build();

            assertThat(bridge("app", Json.createObjectBuilder(launch).add("partnerid", "1600000000")))
                    .endsWith(":fail");
            assertThat(bridge("app", Json.createObjectBuilder(launch))).endsWith(":ok");

            assertThat(notification(number, "TRANSACTION.SUCCESS").resource().getString("trade_type"))
                    .isEqualTo("APP");
        }

        @Test
        void for_a_phones_browser_opens_from_a_page_outside_wechat_within_five_minutes() {
            var number = Shop.number();
            var url = h5(number);
            var shop = node.base() + "/checkout/x";
            var back = url + "&redirect_url=" + URLEncoder.encode(shop, StandardCharsets.UTF_8);
            var elsewhere = url + "&redirect_url=" + URLEncoder.encode("https://evil.example/", StandardCharsets.UTF_8);

            assertThat(url).startsWith(node.base() + "/simulator/wxpay/h5?prepay_id=");
            assertThat(browse(back, PHONE, null).body()).contains("商家参数格式有误");
            assertThat(browse(back, IN_WECHAT, shop).body()).contains("请在微信外打开订单");
            assertThat(browse(elsewhere, PHONE, shop).body()).contains("商家存在未配置的参数");
            var opened = browse(back, PHONE, shop);
            assertThat(opened.statusCode()).isEqualTo(303);
            var wallet = opened.headers().firstValue("Location").orElseThrow();
            assertThat(browse(wallet, PHONE, shop).body())
                    .contains("id=\"pay\"")
                    .doesNotContain("content=\"1;url=");
            var code = wallet.substring(wallet.indexOf("code=") + 5);
            var pressed = form("/simulator/wallet/pay", "code=" + code);
            assertThat(pressed.statusCode()).isEqualTo(303);
            assertThat(browse(pressed.headers().firstValue("Location").orElseThrow(), PHONE, shop)
                            .body())
                    .contains("content=\"1;url=" + shop + "\"");

            assertThat(notification(number, "TRANSACTION.SUCCESS").resource().getString("trade_type"))
                    .isEqualTo("MWEB");
        }

        @Test
        void for_a_phones_browser_is_refused_after_five_minutes() {
            var number = Shop.number();
            var url = h5(number);

            age(number, Duration.ofMinutes(6));

            assertThat(browse(url, PHONE, "https://shop.example/").body()).contains("支付请求已失效");
        }

        private String h5(String number) {
            return merchant.post("/v3/pay/transactions/h5", order(ids(), number).add("scene_info", mobilePage()))
                    .json()
                    .getString("h5_url");
        }

        @Test
        void repeated_gives_a_fresh_code_and_only_with_the_same_parameters() {
            var number = Shop.number();
            var first = merchant.post("/v3/pay/transactions/native", order(ids(), number))
                    .json()
                    .getString("code_url");
            var second = merchant.post("/v3/pay/transactions/native", order(ids(), number))
                    .json()
                    .getString("code_url");
            var changed = merchant.post(
                    "/v3/pay/transactions/native", order(ids(), number).add("goods_tag", "x"));
            var otherProduct = merchant.post("/v3/pay/transactions/app", order(ids(), number));

            assertThat(second).isNotEqualTo(first);
            var old = "/simulator/wallet?code=" + URLEncoder.encode(first, StandardCharsets.UTF_8);
            assertThat(browse(node.base() + old, PHONE, null).statusCode()).isEqualTo(404);
            assertThat(changed.code()).isEqualTo("INVALID_REQUEST");
            assertThat(changed.number()).isEqualTo("268498688");
            assertThat(otherProduct.status()).isEqualTo(403);
            assertThat(otherProduct.code()).isEqualTo("OUT_TRADE_NO_USED");
            pay(number);
            assertThat(merchant.post("/v3/pay/transactions/native", order(ids(), number))
                            .code())
                    .isEqualTo("ORDERPAID");
        }

        @Test
        void of_a_closed_order_is_refused() {
            var number = Shop.number();
            var close = "/v3/pay/transactions/out-trade-no/" + number + "/close";
            merchant.post("/v3/pay/transactions/native", order(ids(), number));

            for (int i = 0; i < 2; i++) {
                assertThat(merchant.post(close, Json.createObjectBuilder().add("mchid", merchant.mchId))
                                .status())
                        .isEqualTo(204);
            }

            assertThat(merchant.post("/v3/pay/transactions/native", order(ids(), number))
                            .code())
                    .isEqualTo("ORDER_CLOSED");
            assertThat(query(number).getString("trade_state")).isEqualTo("CLOSED");
        }

        @Test
        void is_refused_to_whom_it_does_not_belong() {
            var number = Shop.number();
            var foreign = payer("openid", openid("wxffffffffffffffff"));

            assertThat(merchant.post(
                                    "/v3/pay/transactions/jsapi",
                                    order(ids(), number).add("payer", foreign))
                            .json()
                            .getString("message"))
                    .isEqualTo("appid与openid不匹配");
            assertThat(merchant.post(
                                    "/v3/pay/transactions/native",
                                    order(ids(), number).add("appid", merchant.subAppId))
                            .code())
                    .isEqualTo("APPID_MCHID_NOT_MATCH");
            assertThat(merchant.post(
                                    "/v3/pay/transactions/native",
                                    order(ids(), number).add("mchid", "1600000000"))
                            .status())
                    .isEqualTo(401);
            var body = order(ids(), number).build().toString();
            var unsigned = merchant.send(
                    "POST", "/v3/pay/transactions/native", body, merchant.sign("something else"), Instant.now());
            assertThat(unsigned.status()).isEqualTo(401);
            assertThat(unsigned.json()
                            .getJsonObject("detail")
                            .getJsonObject("sign_information")
                            .getString("url"))
                    .isEqualTo("/v3/pay/transactions/native");
            assertThat(merchant.get("/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + merchant.mchId)
                            .code())
                    .isEqualTo("ORDER_NOT_EXIST");
        }
    }
}
