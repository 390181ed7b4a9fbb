package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayRequests.SUB;
import static io.cashdesk.provider.wxpay.WxpayRequests.SUB_WITH_APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating, querying and closing orders of each product over API v2: the requests, and what a client gets. */
class V2PaymentTest extends WireTest<V2Wire> {
    V2PaymentTest() {
        super(new V2Wire());
    }

    private PaymentPrompt prompt(String payType, SubMerchant sub) {
        return create(account(), WxpayRequests.of(payType, sub));
    }

    private static String text(JsonObject object, String name) {
        return ((JsonString) object.get(name)).getString();
    }

    // products

    @Test
    void creates_a_code_below_the_path_of_the_gateway() {
        var other = Json.createObjectBuilder()
                .add("attach", "shop 7")
                .add("detail", Json.createObjectBuilder().add("cost_price", 990))
                .add("limit_pay", "no_credit")
                .build();

        var prompt = create(account(), request(other));

        assertThat(lastRequest().path()).isEqualTo("/behind/a/proxy/pay/unifiedorder");
        assertThat(lastRequest().headers().get("Content-Type")).isEqualTo("text/xml; charset=utf-8");
        assertThat(V2Wire.sent(lastRequest()))
                .containsOnly(
                        entry("body", "测试商品 \"tea\" 🍵"),
                        entry("out_trade_no", NUMBER),
                        entry("product_id", NUMBER),
                        entry("total_fee", "990"),
                        entry("fee_type", "CNY"),
                        entry("spbill_create_ip", "203.0.113.7"),
                        entry("notify_url", "https://pay.example.com/notify/x/1"),
                        entry("time_expire", "20260101120500"),
                        entry("trade_type", "NATIVE"),
                        entry("attach", "shop 7"),
                        entry("detail", "{\"cost_price\":990}"),
                        entry("limit_pay", "no_credit"));
        assertThat(prompt.orderInfo().asJsonObject())
                .containsKeys("returnCode", "resultCode", "sign", "nonceStr", "mchId", "appid")
                .containsEntry("codeUrl", Json.createValue("weixin://wxpay/bizpayurl?pr=JyC91EIz1"))
                .containsEntry("prepayId", Json.createValue("wx201410272009395522657a690389285100"))
                .containsEntry("tradeType", Json.createValue("NATIVE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay_mp-weixin", "wxpay_h5-weixin"})
    void a_page_or_mini_program_inside_wechat_gets_signed_wallet_parameters(String payType) {
        var prompt = prompt(payType, SubMerchant.NONE);

        assertThat(V2Wire.sent(lastRequest()))
                .containsEntry("trade_type", "JSAPI")
                .containsEntry("openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
        var info = prompt.orderInfo().asJsonObject();
        assertThat(info)
                .containsOnlyKeys("appId", "timeStamp", "nonceStr", "package", "signType", "paySign", "timestamp");
        assertThat(text(info, "package")).isEqualTo("prepay_id=wx201410272009395522657a690389285100");
        assertThat(text(info, "signType")).isEqualTo("MD5");
        assertThat(text(info, "timeStamp"))
                .isEqualTo(text(info, "timestamp"))
                .isEqualTo(String.valueOf(NOW.getEpochSecond()));
        var signed = new TreeMap<String, String>();
        info.forEach((name, value) -> signed.put(name, ((JsonString) value).getString()));
        signed.remove("paySign");
        signed.remove("timestamp");
        assertThat(text(info, "paySign")).isEqualTo(V2Wire.sign(signed, V2Wire.KEY, false));
        assertThat(prompt.life()).contains(Duration.ofHours(2));
    }

    @Test
    void an_app_gets_signed_wallet_parameters() {
        var info = prompt("wxpay_app-plus", SubMerchant.NONE).orderInfo().asJsonObject();

        assertThat(V2Wire.sent(lastRequest()))
                .containsEntry("trade_type", "APP")
                .doesNotContainKeys("openid", "product_id");
        assertThat(info).containsOnlyKeys("appid", "partnerid", "prepayid", "package", "noncestr", "timestamp", "sign");
        assertThat(text(info, "package")).isEqualTo("Sign=WXPay");
        assertThat(text(info, "partnerid")).isEqualTo(V2Wire.MCH);
        var signed = new TreeMap<String, String>();
        info.forEach((name, value) -> signed.put(name, ((JsonString) value).getString()));
        assertThat(text(info, "sign")).isEqualTo(V2Wire.sign(signed, V2Wire.KEY, false));
    }

    @Test
    void each_caller_gets_its_own_return_address_in_the_address_of_the_page() {
        var url = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2";
        server.answers(V2Wire.answer(V2Wire.reply("trade_type", "MWEB", "prepay_id", "wx1", "mweb_url", url)));
        var payType = PayType.of("wxpay_mweb");
        var created = create(account(), WxpayRequests.of("wxpay_mweb", SubMerchant.NONE));
        var stored = PaymentPrompt.of(created.stored());
        server.requests().clear();

        for (var back : List.of("https://shop.example/back?a=1&b=茶#top", "https://shop.example/other")) {
            var prompt = wire.provider().refresh(account(), payType, stored, Optional.of(URI.create(back)));

            var expected = url + "&redirect_url=" + URLEncoder.encode(back, StandardCharsets.UTF_8);
            assertThat(prompt)
                    .isInstanceOfSatisfying(
                            PaymentPrompt.GoTo.class, go -> assertThat(go.url()).isEqualTo(expected));
            assertThat(prompt.orderInfo().asJsonObject().getString("mwebUrl")).isEqualTo(expected);
            assertThat(prompt.life()).contains(Duration.ofMinutes(5));
        }
        assertThat(wire.provider().refresh(account(), payType, stored, Optional.empty()))
                .isEqualTo(created);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void wallet_parameters_are_signed_again_without_a_call() {
        var first = prompt("wxpay_h5-weixin", SubMerchant.NONE);
        server.requests().clear();

        var second = wire.provider()
                .refresh(account(), PayType.of("wxpay_h5-weixin"), PaymentPrompt.of(first.stored()), Optional.empty());

        assertThat(server.requests()).isEmpty();
        assertThat(text(second.orderInfo().asJsonObject(), "package"))
                .isEqualTo(text(first.orderInfo().asJsonObject(), "package"));
        assertThat(text(second.orderInfo().asJsonObject(), "nonceStr"))
                .isNotEqualTo(text(first.orderInfo().asJsonObject(), "nonceStr"));
    }

    @Test
    void a_page_on_a_phone_gets_an_address_valid_for_five_minutes() {
        var url = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1";
        server.answers(V2Wire.answer(V2Wire.reply("trade_type", "MWEB", "prepay_id", "wx1", "mweb_url", url)));
        var scene = Json.createObjectBuilder()
                .add("h5_info", Json.createObjectBuilder().add("type", "Wap").add("wap_name", "商店"));
        var node = Json.createObjectBuilder(wire.node()).add("sceneInfo", scene).build();

        var prompt = create(account(node), WxpayRequests.of("wxpay_mweb", SubMerchant.NONE));

        assertThat(V2Wire.sent(lastRequest()))
                .containsEntry("trade_type", "MWEB")
                .containsEntry("scene_info", "{\"h5_info\":{\"type\":\"Wap\",\"wap_name\":\"商店\"}}");
        assertThat(prompt)
                .isInstanceOfSatisfying(
                        PaymentPrompt.GoTo.class, go -> assertThat(go.url()).isEqualTo(url));
        assertThat(text(prompt.orderInfo().asJsonObject(), "mwebUrl")).isEqualTo(url);
        assertThat(prompt.life()).contains(Duration.ofMinutes(5));
    }

    @Test
    void requests_answers_and_wallet_parameters_can_be_signed_with_hmac_sha256() {
        server.answers(request -> {
            var sent = V2Wire.read(request.body());
            assertThat(sent.get("sign")).isEqualTo(V2Wire.sign(sent, V2Wire.KEY, true));
            return new Answer(
                    200,
                    Map.of(),
                    V2Wire.signedXml(V2Wire.reply("prepay_id", "wx1", "trade_type", "JSAPI"), V2Wire.KEY, true));
        });
        var account = account(with("signType", "HMAC-SHA256"));

        var prompt = create(account, WxpayRequests.of("wxpay_h5-weixin", SubMerchant.NONE));

        assertThat(V2Wire.sent(lastRequest())).containsEntry("sign_type", "HMAC-SHA256");
        var info = prompt.orderInfo().asJsonObject();
        assertThat(text(info, "signType")).isEqualTo("HMAC-SHA256");
        assertThat(text(info, "paySign")).hasSize(64);

        server.answers(wire::success); // signs its answers with MD5
        assertThat(failure(() -> create(account)).kind()).isEqualTo(Kind.NOT_AUTHENTIC);
    }

    // sub-merchants

    @Test
    void a_service_provider_creates_orders_of_its_sub_merchant() {
        prompt("wxpay_h5", SUB);
        assertThat(V2Wire.sent(lastRequest()))
                .containsEntry("sub_mch_id", "1900000109")
                .doesNotContainKey("sub_appid");

        prompt("wxpay_mp-weixin", SUB);
        assertThat(V2Wire.sent(lastRequest())).containsKey("openid").doesNotContainKey("sub_openid");

        var prompt = prompt("wxpay_mp-weixin", SUB_WITH_APP);
        assertThat(V2Wire.sent(lastRequest()))
                .containsEntry("sub_appid", "wxd678efh567hg6787")
                .containsEntry("sub_openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
                .doesNotContainKey("openid");
        assertThat(text(prompt.orderInfo().asJsonObject(), "appId")).isEqualTo("wxd678efh567hg6787");
    }

    @Test
    void an_order_of_a_sub_merchant_is_queried_and_closed_with_its_number() {
        var attempt = new AttemptRef(PayType.of("wxpay_h5"), NUMBER, SUB);
        server.answers(V2Wire.answer(V2Wire.payment(
                "trade_state", "SUCCESS", "sub_mch_id", "1900000109", "sub_openid", "oSub", "is_subscribe", "N")));

        var report = query(account(), attempt);
        assertThat(V2Wire.sent(lastRequest()))
                .containsOnly(entry("sub_mch_id", "1900000109"), entry("out_trade_no", NUMBER));
        server.answers(V2Wire.answer(V2Wire.reply("result_msg", "OK")));
        assertThat(close(account(), attempt)).isInstanceOf(ProviderReport.Closed.class);
        assertThat(V2Wire.sent(lastRequest()))
                .containsOnly(entry("sub_mch_id", "1900000109"), entry("out_trade_no", NUMBER));

        assertThat(report).isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.subMerchantNo()).isEqualTo("1900000109");
            assertThat(paid.merchantNo()).isEqualTo(V2Wire.MCH);
            assertThat(paid.payerId()).isEqualTo("oSub");
        });
    }

    // querying and closing

    @Test
    void of_a_refunded_order_a_part_may_be_left() {
        server.answers(V2Wire.answer(V2Wire.payment("trade_state", "REFUND")));

        assertThat(query(account(), attempt(NUMBER)))
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.wentBack()).isEqualTo(ProviderReport.WentBack.AT_LEAST_A_PART));
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction_id", "total_fee", "mch_id", "appid"})
    void a_paid_order_with_a_missing_field_is_not_accepted(String field) {
        server.answers(V2Wire.answer(V2Wire.payment("trade_state", "SUCCESS", field, "")));

        assertThat(failure(() -> query(account(), attempt(NUMBER))).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"total_fee, 9.90", "total_fee, -1", "time_end, 2026-01-01", "fee_type, yuan"})
    void a_paid_order_with_a_malformed_field_is_not_accepted(String field, String value) {
        server.answers(V2Wire.answer(V2Wire.payment("trade_state", "SUCCESS", field, value)));

        assertThat(failure(() -> query(account(), attempt(NUMBER))).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORDERPAID", "TRADE_STATE_ERROR"})
    void an_order_that_cannot_be_closed_is_queried(String code) {
        server.answers(request -> wire.isQuery(request)
                ? wire.state("SUCCESS", NUMBER)
                : wire.refusal(code).apply(request));
        assertThat(close(account(), attempt(NUMBER))).isInstanceOf(ProviderReport.Paid.class);

        server.answers(request -> wire.isQuery(request)
                ? wire.state("NOTPAY", NUMBER)
                : wire.refusal(code).apply(request));
        assertThat(close(account(), attempt(NUMBER)))
                .isInstanceOfSatisfying(
                        ProviderReport.Unpaid.class,
                        unpaid -> assertThat(unpaid.payerIsPaying()).isFalse());
    }

    @Test
    void closing_a_closed_order_reports_closed() {
        server.answers(wire.refusal("ORDERCLOSED"));

        assertThat(close(account(), attempt(NUMBER))).isInstanceOf(ProviderReport.Closed.class);
        assertThat(lastRequest().path()).endsWith("/pay/closeorder");
    }
}
