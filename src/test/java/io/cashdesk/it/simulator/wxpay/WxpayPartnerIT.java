package io.cashdesk.it.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Service providers and their sub-merchants at the simulated WeChat Pay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayPartnerIT extends SimulatedWxpay {
    @Nested
    class A_service_provider {
        static final String PARTNER = "/v3/pay/partner/transactions/";

        String query(String number, String subMchid) {
            return PARTNER + "out-trade-no/" + number + "?sub_mchid=" + subMchid + "&sp_mchid=" + merchant.mchId;
        }

        @ParameterizedTest
        @CsvSource({"jsapi, prepay_id, JSAPI", "native, code_url, NATIVE", "h5, h5_url, MWEB", "app, prepay_id, APP"})
        void collects_with_every_product(String product, String answers, String tradeType) {
            var number = Shop.number();
            var body = order(partnersIds(), number);
            if (product.equals("jsapi")) body.add("payer", payer("sp_openid", openid(merchant.appId)));
            if (product.equals("h5")) body.add("scene_info", mobilePage());

            var prepay = merchant.post(PARTNER + product, body);
            pay(number);

            assertThat(prepay.json().getString(answers)).isNotEmpty();
            var notified = notification(number, "TRANSACTION.SUCCESS").resource();
            assertThat(notified.getString("trade_type")).isEqualTo(tradeType);
            assertThat(notified.getString("sp_mchid")).isEqualTo(merchant.mchId);
            assertThat(notified.getString("sub_mchid")).isEqualTo(merchant.subMchId);
            assertThat(notified.getJsonObject("payer").keySet()).containsExactly("sp_openid");
            assertThat(merchant.get(query(number, merchant.subMchId)).json()).isEqualTo(notified);
            assertThat(merchant.get(PARTNER + "id/" + notified.getString("transaction_id") + "?sp_mchid="
                                    + merchant.mchId + "&sub_mchid=" + merchant.subMchId)
                            .json())
                    .isEqualTo(notified);
        }

        @Test
        void collects_from_a_payer_of_the_sub_merchants_own_application() {
            var number = Shop.number();
            var openid = openid(merchant.subAppId);
            var prepay = merchant.post(
                            PARTNER + "jsapi",
                            order(partnersIds().add("sub_appid", merchant.subAppId), number)
                                    .add("payer", payer("sub_openid", openid)))
                    .json()
                    .getString("prepay_id");

            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA"))).endsWith(":fail");
            assertThat(bridge("jsapi", launch(merchant.subAppId, prepay, "RSA").add("openid", openid)))
                    .endsWith(":ok");

            var payer = notification(number, "TRANSACTION.SUCCESS").resource().getJsonObject("payer");
            assertThat(payer.getString("sub_openid")).isEqualTo(openid);
        }

        @Test
        void may_collect_only_for_its_own_sub_merchants() {
            var number = Shop.number();
            var none = order(partnersIds(), number).build();
            var missing = Json.createObjectBuilder(none).remove("sub_mchid");
            var itself = Json.createObjectBuilder(none).add("sub_mchid", merchant.mchId);
            var foreign = Json.createObjectBuilder(none).add("sub_mchid", "1700000000");

            assertThat(merchant.post(PARTNER + "native", missing).number()).isEqualTo("268443704");
            assertThat(merchant.post(PARTNER + "native", itself).number()).isEqualTo("268443705");
            var refused = merchant.post(PARTNER + "native", foreign);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("NO_AUTH");
        }

        @Test
        void closes_and_refunds_under_its_own_numbers() {
            var number = Shop.number();
            merchant.post(PARTNER + "native", order(partnersIds(), number));
            var ids = Json.createObjectBuilder().add("sp_mchid", merchant.mchId).add("sub_mchid", merchant.subMchId);
            var paid = Shop.number();
            merchant.post(PARTNER + "native", order(partnersIds(), paid));
            pay(paid);

            assertThat(merchant.get("/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + merchant.mchId)
                            .number())
                    .isEqualTo("268447843");
            assertThat(merchant.post(PARTNER + "out-trade-no/" + number + "/close", ids)
                            .status())
                    .isEqualTo(204);
            assertThat(merchant.get(query(number, merchant.subMchId)).json().getString("trade_state"))
                    .isEqualTo("CLOSED");
            assertThat(refund(paid, paid + "-1", 90).code()).isEqualTo("PARAM_ERROR");
            var refund = merchant.post(
                    REFUNDS,
                    refundBody(paid, paid + "-1", 90)
                            .add("sub_mchid", merchant.subMchId)
                            .add("notify_url", receiver.url()));
            assertThat(refund.status()).isEqualTo(200);
            assertThat(merchant.get(REFUNDS + "/" + paid + "-1").code()).isEqualTo("RESOURCE_NOT_EXISTS");
            assertThat(merchant.get(REFUNDS + "/" + paid + "-1?sub_mchid=" + merchant.subMchId)
                            .status())
                    .isEqualTo(200);
            assertThat(notification(paid, "REFUND.SUCCESS").resource().getString("sub_mchid"))
                    .isEqualTo(merchant.subMchId);
        }
    }
}
