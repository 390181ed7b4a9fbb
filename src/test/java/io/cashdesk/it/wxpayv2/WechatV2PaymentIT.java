package io.cashdesk.it.wxpayv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payments through WeChat Pay API v2, from createPayment to paid. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WechatV2PaymentIT extends WechatV2 {
    @Nested
    class OrderInfo {
        @ParameterizedTest
        @ValueSource(strings = {WechatV2Merchant.MD5, WechatV2Merchant.HMAC})
        void of_a_qr_code_is_the_providers_whole_answer(String signType) {
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
            assertThat(info.get("sign")).isEqualTo(seller.merchant().sign(wire));
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
            assertThat(seller.shop().query(number).getString("transaction_id"))
                    .isEqualTo(records(number).getString("transaction_id"));
            var record = seller.shop()
                    .node
                    .queryPayment(seller.shop().key, number, ",\"pay_order_info\":true")
                    .getJsonObject("payOrder");
            assertThat(record.getString("original_data")).startsWith("<xml>").contains(number);
            assertThat(record.getString("notify_path")).startsWith("/notify/wxpay/");
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
                    .simulator("login", "{\"app_id\":\"" + seller.merchant().appId + "\",\"kind\":\"" + kind + "\"}")
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
                    .containsEntry("appId", seller.merchant().appId)
                    .containsEntry("signType", signType)
                    .containsEntry("timestamp", info.get("timeStamp"));
            assertThat(info.get("package")).startsWith("prepay_id=wx");
            assertThat(info.get("paySign"))
                    .isEqualTo(
                            seller.merchant().sign(texts(created.getJsonObject("orderInfo"), "paySign", "timestamp")));
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
                    .containsEntry("partnerid", seller.merchant().mchId);
            assertThat(info.get("sign")).isEqualTo(seller.merchant().sign(info));
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
        void of_a_phones_browser_is_the_providers_whole_answer_with_an_address(String signType) {
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
        void of_a_phones_browser_returns_to_the_address_of_the_call() {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            seller.shop()
                    .node
                    .manage(
                            "PUT",
                            "merchants/" + seller.shop().pid,
                            Json.createObjectBuilder()
                                    .add("name", "WeChat")
                                    .add(
                                            "return_urls",
                                            Json.createArrayBuilder().add("https://shop.example.com/")));
            var number = Shop.number();

            for (var page : new String[] {"a", "b"}) {
                var back = "https://shop.example.com/" + page;
                var info = seller.create(Shop.on("h5", Shop.IPHONE), number, "return_url", back)
                        .getJsonObject("orderInfo");

                assertThat(info.getString("mwebUrl"))
                        .endsWith("&redirect_url=" + URLEncoder.encode(back, StandardCharsets.UTF_8));
            }
        }

        @Test
        void answered_again_is_the_same_order_with_a_new_signature() {
            var seller = SELLERS.get(WechatV2Merchant.MD5);
            var number = Shop.number();

            var first = seller.create(Shop.on("app", ""), number).getJsonObject("orderInfo");
            var again = seller.create(Shop.on("app", ""), number).getJsonObject("orderInfo");

            assertThat(again.getString("prepayid")).isEqualTo(first.getString("prepayid"));
            assertThat(again.getString("noncestr")).isNotEqualTo(first.getString("noncestr"));
            assertThat(again.getString("sign")).isEqualTo(seller.merchant().sign(texts(again)));
        }

        @Test
        void of_a_sub_merchant_is_for_its_own_application() {
            var seller = SELLERS.get(WechatV2Merchant.HMAC);
            var number = Shop.number();

            var created = seller.create(
                    Shop.on("app", ""),
                    number,
                    "sub_mchid",
                    seller.merchant().subMchId,
                    "sub_appid",
                    seller.merchant().subAppId);

            var info = texts(created.getJsonObject("orderInfo"));
            assertThat(info).containsEntry("appid", seller.merchant().subAppId);
            assertThat(info.get("sign")).isEqualTo(seller.merchant().sign(info));
            seller.shop().pay(number);
            seller.shop().untilPaid(number);
            assertThat(seller.refund(number, "").status()).isEqualTo(200);
            seller.untilStatus(number, 3);
        }
    }
}
