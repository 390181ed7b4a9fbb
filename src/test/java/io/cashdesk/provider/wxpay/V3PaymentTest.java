package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayRequests.SUB;
import static io.cashdesk.provider.wxpay.WxpayRequests.SUB_WITH_APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Creating, querying and closing orders of each product over API v3: the requests, and what a client gets. */
@ParameterizedClass
@EnumSource
class V3PaymentTest extends WireTest<V3Wire> {
    V3PaymentTest(V3Wire.Keys keys) {
        super(new V3Wire(keys));
    }

    private PaymentPrompt prompt(String payType, SubMerchant sub) {
        return create(account(), WxpayRequests.of(payType, sub));
    }

    /** With the merchant's public key, from the JDK alone. */
    private static boolean signedByMerchant(String sign, String... lines) throws Exception {
        var pem = Recorded.text("wxpay/merchant-private.pem").replaceAll("-----[A-Z ]+-----|\\s", "");
        var keys = KeyFactory.getInstance("RSA");
        var secret = (RSAPrivateCrtKey)
                keys.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        var verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(keys.generatePublic(new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent())));
        verifier.update((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        return verifier.verify(Base64.getDecoder().decode(sign));
    }

    // products

    @Test
    void creates_a_code_below_the_path_of_the_gateway() {
        var other = Json.createObjectBuilder()
                .add("attach", "shop 7")
                .add("scene_info", Json.createObjectBuilder().add("device_id", "7"))
                .build();

        var prompt = create(account(), request(other));

        assertThat(prompt)
                .isEqualTo(new PaymentPrompt.ScanQrCode(
                        "weixin://wxpay/bizpayurl?pr=JyC91EIz1",
                        Json.createObjectBuilder()
                                .add("codeUrl", "weixin://wxpay/bizpayurl?pr=JyC91EIz1")
                                .build(),
                        Optional.of(Duration.ofHours(2))));
        var sent = lastRequest();
        assertThat(sent.path()).isEqualTo("/behind/a/proxy/v3/pay/transactions/native");
        assertThat(sent.headers()).containsEntry("Wechatpay-Serial", wire.serial());
        assertThat(json(sent.body())).isEqualTo(json("""
                {"appid":"wx8888888888888888","mchid":"1600000001","description":"测试商品 \\"tea\\" 🍵",
                "out_trade_no":"T202601010001","time_expire":"2026-01-01T12:05:00+08:00",
                "notify_url":"https://pay.example.com/notify/x/1","amount":{"total":990,"currency":"CNY"},
                "attach":"shop 7","scene_info":{"payer_client_ip":"203.0.113.7","device_id":"7"}}"""));
    }

    @ParameterizedTest
    @CsvSource({"wxpay_mp-weixin", "wxpay_h5-weixin"})
    void a_page_or_mini_program_inside_wechat_gets_signed_wallet_parameters(String payType) throws Exception {
        server.answers(wire.answers(200, "{\"prepay_id\":\"wx201410272009395522657a690389285100\"}"));

        var prompt = prompt(payType, SubMerchant.NONE);

        assertThat(lastRequest().path()).endsWith("/v3/pay/transactions/jsapi");
        assertThat(json(lastRequest().body()).getJsonObject("payer"))
                .isEqualTo(json("{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"}"));
        var info = prompt.orderInfo().asJsonObject();
        assertThat(info.keySet())
                .containsExactlyInAnyOrder(
                        "appId", "timeStamp", "nonceStr", "package", "signType", "paySign", "timestamp");
        assertThat(info.getString("appId")).isEqualTo("wx8888888888888888");
        assertThat(info.getString("timeStamp"))
                .isEqualTo(String.valueOf(NOW.getEpochSecond()))
                .isEqualTo(info.getString("timestamp"));
        assertThat(info.getString("nonceStr")).hasSizeBetween(16, 32);
        assertThat(info.getString("package")).isEqualTo("prepay_id=wx201410272009395522657a690389285100");
        assertThat(info.getString("signType")).isEqualTo("RSA");
        assertThat(signedByMerchant(
                        info.getString("paySign"),
                        "wx8888888888888888",
                        info.getString("timeStamp"),
                        info.getString("nonceStr"),
                        info.getString("package")))
                .isTrue();
        assertThat(prompt.life()).contains(Duration.ofHours(2));
    }

    @Test
    void an_app_gets_wallet_parameters_signed_over_the_bare_prepay_id() throws Exception {
        server.answers(wire.answers(200, "{\"prepay_id\":\"wx2014\"}"));

        var info = prompt("wxpay_app-plus", SubMerchant.NONE).orderInfo().asJsonObject();

        assertThat(lastRequest().path()).endsWith("/v3/pay/transactions/app");
        assertThat(json(lastRequest().body())).doesNotContainKey("payer");
        assertThat(info.keySet())
                .containsExactlyInAnyOrder(
                        "appid", "partnerid", "prepayid", "package", "noncestr", "timestamp", "sign");
        assertThat(info.getString("partnerid")).isEqualTo("1600000001");
        assertThat(info.getString("prepayid")).isEqualTo("wx2014");
        assertThat(info.getString("package")).isEqualTo("Sign=WXPay");
        assertThat(signedByMerchant(
                        info.getString("sign"),
                        "wx8888888888888888",
                        info.getString("timestamp"),
                        info.getString("noncestr"),
                        "wx2014"))
                .isTrue();
    }

    @Test
    void a_page_on_a_phone_gets_an_address_valid_for_five_minutes() {
        server.answers(wire.answers(
                200, "{\"h5_url\":\"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1\"}"));
        var scene = Json.createObjectBuilder()
                .add(
                        "h5_info",
                        Json.createObjectBuilder()
                                .add("type", "Wap")
                                .add("wap_url", "https://shop.example.com")
                                .add("wap_name", "商店"));
        var node = Json.createObjectBuilder(wire.node()).add("sceneInfo", scene).build();

        var prompt = create(account(node), WxpayRequests.of("wxpay_mweb", SubMerchant.NONE));

        assertThat(lastRequest().path()).endsWith("/v3/pay/transactions/h5");
        assertThat(json(lastRequest().body()).getJsonObject("scene_info"))
                .isEqualTo(
                        json("{\"payer_client_ip\":\"203.0.113.7\",\"h5_info\":{\"type\":\"Wap\",\"app_name\":\"商店\","
                                + "\"app_url\":\"https://shop.example.com\"}}"));
        assertThat(prompt.orderInfo().asJsonObject())
                .containsOnly(entry(
                        "h5Url",
                        Json.createValue("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1")));
        assertThat(prompt).isInstanceOf(PaymentPrompt.GoTo.class);
        assertThat(prompt.life()).contains(Duration.ofMinutes(5));
    }

    @Test
    void each_caller_gets_its_own_return_address_in_the_address_of_the_page() {
        var url = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2";
        server.answers(wire.answers(200, "{\"h5_url\":\"" + url + "\"}"));
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
            assertThat(prompt.orderInfo().asJsonObject().getString("h5Url")).isEqualTo(expected);
            assertThat(prompt.life()).contains(Duration.ofMinutes(5));
        }
        assertThat(wire.provider().refresh(account(), payType, stored, Optional.empty()))
                .isEqualTo(created);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void wallet_parameters_are_signed_again_without_a_call() {
        server.answers(wire.answers(200, "{\"prepay_id\":\"wx2014\"}"));
        var first = prompt("wxpay_h5-weixin", SubMerchant.NONE);
        server.requests().clear();

        var second = wire.provider()
                .refresh(account(), PayType.of("wxpay_h5-weixin"), PaymentPrompt.of(first.stored()), Optional.empty());

        assertThat(server.requests()).isEmpty();
        assertThat(second.orderInfo().asJsonObject().getString("package")).isEqualTo("prepay_id=wx2014");
        assertThat(second.orderInfo().asJsonObject().getString("nonceStr"))
                .isNotEqualTo(first.orderInfo().asJsonObject().getString("nonceStr"));
    }

    // sub-merchants

    @ParameterizedTest
    @CsvSource({"wxpay_h5, native", "wxpay_mp-weixin, jsapi", "wxpay_mweb, h5", "wxpay_app-plus, app"})
    void a_service_provider_creates_orders_of_its_sub_merchant(String payType, String path) {
        server.answers(wire.answers(200, "{\"prepay_id\":\"p\",\"code_url\":\"c\",\"h5_url\":\"h\"}"));

        prompt(payType, SUB);

        assertThat(lastRequest().path()).endsWith("/v3/pay/partner/transactions/" + path);
        assertThat(json(lastRequest().body()))
                .containsEntry("sp_appid", Json.createValue("wx8888888888888888"))
                .containsEntry("sp_mchid", Json.createValue("1600000001"))
                .containsEntry("sub_mchid", Json.createValue("1900000109"))
                .doesNotContainKeys("appid", "mchid", "sub_appid");
    }

    @Test
    void the_openid_belongs_to_the_application_in_the_request() {
        server.answers(wire.answers(200, "{\"prepay_id\":\"p\"}"));

        prompt("wxpay_mp-weixin", SUB);
        var ofProvider = json(lastRequest().body()).getJsonObject("payer");
        var prompt = prompt("wxpay_mp-weixin", SUB_WITH_APP);
        var ofSub = json(lastRequest().body());

        assertThat(ofProvider).containsOnlyKeys("sp_openid");
        assertThat(ofSub.getJsonObject("payer")).containsOnlyKeys("sub_openid");
        assertThat(ofSub.getString("sub_appid")).isEqualTo("wxd678efh567hg6787");
        assertThat(prompt.orderInfo().asJsonObject().getString("appId")).isEqualTo("wxd678efh567hg6787");
    }

    @Test
    void an_order_of_a_sub_merchant_is_queried_and_closed_with_its_number() {
        var partner = "{\"sp_appid\":\"wx8888888888888888\",\"sp_mchid\":\"1600000001\",\"sub_mchid\":\"1900000109\","
                + "\"out_trade_no\":\"" + NUMBER + "\",\"transaction_id\":\"4200\",\"trade_type\":\"JSAPI\","
                + "\"trade_state\":\"SUCCESS\",\"payer\":{\"sp_openid\":\"oX\"},"
                + "\"amount\":{\"total\":990,\"payer_total\":900,\"currency\":\"CNY\"}}";
        var attempt = new AttemptRef(PayType.of("wxpay_mp-weixin"), NUMBER, SUB);
        server.answers(wire.answers(200, partner));

        var report = query(account(), attempt);
        var query = lastRequest();
        server.answers(wire.answers(204, ""));
        close(account(), attempt);

        assertThat(query.path()).endsWith("/v3/pay/partner/transactions/out-trade-no/" + NUMBER);
        assertThat(query.query()).isEqualTo("sp_mchid=1600000001&sub_mchid=1900000109");
        assertThat(report).isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.subMerchantNo()).isEqualTo("1900000109");
            assertThat(paid.merchantNo()).isEqualTo("1600000001");
            assertThat(paid.payerId()).isEqualTo("oX");
            assertThat(paid.amount()).isEqualTo(Money.fen(990));
        });
        assertThat(json(lastRequest().body()))
                .isEqualTo(json("{\"sp_mchid\":\"1600000001\",\"sub_mchid\":\"1900000109\"}"));
    }

    // querying and closing

    @Test
    void queries_a_number_with_special_characters() {
        server.answers(request -> wire.isQuery(request) ? wire.state("NOTPAY", "AB_1-2*3|4") : wire.success(request));

        var report = query(account(), attempt("AB_1-2*3|4"));

        assertThat(report.attemptNo()).isEqualTo("AB_1-2*3|4");
        assertThat(server.requests())
                .last()
                .satisfies(r -> assertThat(V3Wire.isAuthorized(r)).isTrue());
    }

    private ProviderReport close(Function<Request, Answer> answer) {
        var account = account();
        warmUp(account);
        server.answers(request -> wire.isQuery(request) ? wire.state("SUCCESS", NUMBER) : answer.apply(request));
        return close(account, attempt(NUMBER));
    }

    @Test
    void closing_a_paid_order_reports_the_payment() {
        assertThat(close(wire.refusal("ORDERPAID"))).isInstanceOf(ProviderReport.Paid.class);
        assertThat(close(wire.refusal("ORDER_PAID"))).isInstanceOf(ProviderReport.Paid.class);
    }

    @Test
    void closing_while_the_payer_enters_the_password_reports_unpaid() {
        var accepted = close(r -> wire.answer(202, "{\"code\":\"USERPAYING\",\"message\":\"用户支付中\"}"));

        assertThat(accepted)
                .isInstanceOfSatisfying(
                        ProviderReport.Unpaid.class,
                        u -> assertThat(u.payerIsPaying()).isTrue());
        assertThat(close(wire.refusal("USERPAYING"))).isInstanceOf(ProviderReport.Unpaid.class);
    }

    @Test
    void closing_a_closed_order_reports_closed() {
        assertThat(close(wire.refusal("ORDER_CLOSED"))).isInstanceOf(ProviderReport.Closed.class);
    }
}
