package io.cashdesk.it.simulator.wxpay.v2;

import static io.cashdesk.testing.WechatV2Merchant.HMAC;
import static io.cashdesk.testing.WechatV2Merchant.MD5;
import static io.cashdesk.testing.WechatV2Merchant.fields;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.Json;
import java.io.ByteArrayInputStream;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages of the simulated WeChat Pay API v2: signatures, refusals, the merchant's certificate file, launch
 * parameters.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayV2MessageIT extends SimulatedWxpayV2 {
    @Nested
    class The_merchant_console {
        @Test
        void provides_a_certificate_file_whose_password_is_the_merchant_number() throws Exception {
            var store = KeyStore.getInstance("PKCS12");
            var password = md5.mchId.toCharArray();
            store.load(new ByteArrayInputStream(Base64.getDecoder().decode(account.getString("pfx"))), password);

            var alias = store.aliases().nextElement();

            assertThat(store.getKey(alias, password)).isNotNull();
            assertThat(((X509Certificate) store.getCertificate(alias))
                            .getSubjectX500Principal()
                            .getName())
                    .contains(md5.mchId);
        }

        @Test
        void provides_the_same_key_again_for_the_same_number() {
            var again = node.simulator("accounts/wxpay-v2", "{\"mch_id\":\"" + md5.mchId + "\"}")
                    .json()
                    .getJsonObject("node");

            assertThat(again).isEqualTo(account);
        }
    }

    @Nested
    class A_message {
        @Test
        void is_answered_signed_by_its_own_method() {
            assertThat(make(md5, Shop.number()).get("sign")).hasSize(32);
            assertThat(make(hmac, Shop.number()).get("sign")).hasSize(64);
        }

        @Test
        void that_is_signed_with_another_key_is_refused() {
            var body = WechatV2Merchant.xml(md5.signed(order(Shop.number()), "x".repeat(32)));

            var answer =
                    WechatV2Merchant.read(md5.send("/pay/unifiedorder", body).body(), "xml");

            assertThat(answer).containsOnlyKeys("return_code", "return_msg").containsEntry("return_code", "FAIL");
            assertThat(answer.get("return_msg")).contains("签名错误");
        }

        @Test
        void changed_after_signing_is_refused() {
            var number = Shop.number();
            var signed = md5.signed(order(number));
            signed.put("total_fee", "1");

            var answer = WechatV2Merchant.read(
                    md5.send("/pay/unifiedorder", WechatV2Merchant.xml(signed)).body(), "xml");

            assertThat(answer).containsEntry("return_code", "FAIL").doesNotContainKey("result_code");
            assertThat(query(number)).containsEntry("err_code", "ORDERNOTEXIST");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "''|post数据为空",
                    "{}|XML",
                    "<xml><a>1</a><a>2</a></xml>|XML",
                    "<xml><appid>wx1</appid></xml>|缺少参数mch_id",
                })
        void that_cannot_be_read_is_answered_unsigned(String body, String sentence) {
            var answer =
                    WechatV2Merchant.read(md5.send("/pay/unifiedorder", body).body(), "xml");

            assertThat(answer).containsOnlyKeys("return_code", "return_msg");
            assertThat(answer.get("return_msg")).contains(sentence);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/pay/unifiedorder", "/pay/orderquery", "/secapi/pay/refund"})
        void has_to_be_posted(String path) {
            var answer = md5.sendBytes("GET", path, "");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("FAIL").contains("post");
        }
    }

    @Nested
    class A_launch {
        String launch(Map<String, String> signed, String paySign) {
            var given = Json.createObjectBuilder();
            signed.forEach(given::add);
            return node.simulator(
                            "wxpay/jsapi", given.add("paySign", paySign).build().toString())
                    .json()
                    .getString("err_msg");
        }

        @ParameterizedTest
        @ValueSource(strings = {MD5, HMAC})
        void opens_the_cashier_only_as_it_was_signed(String signType) {
            var merchant = signType.equals(MD5) ? md5 : hmac;
            var openid = "o" + md5.appId.substring(2) + "SimulatedP1";
            var made = make(merchant, Shop.number(), "trade_type", "JSAPI", "product_id", "", "openid", openid);
            var signed = new TreeMap<>(fields(
                    "appId",
                    md5.appId,
                    "nonceStr",
                    "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
                    "package",
                    "prepay_id=" + made.get("prepay_id"),
                    "signType",
                    signType,
                    "timeStamp",
                    Long.toString(Instant.now().getEpochSecond())));
            var paySign = merchant.sign(signed);

            assertThat(launch(signed, "0" + paySign.substring(1).toLowerCase(Locale.ROOT)))
                    .endsWith(":fail");
            assertThat(launch(signed, paySign)).endsWith(":ok");
        }
    }
}
