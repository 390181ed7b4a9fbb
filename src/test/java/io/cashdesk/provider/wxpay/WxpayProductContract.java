package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.Codes;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.Logins;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Asked;
import io.cashdesk.provider.ProviderServer.Said;
import io.cashdesk.provider.Queries;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every product of WeChat Pay's, what is asked for it, and exactly what a client gets. */
abstract class WxpayProductContract extends WxpayContract {
    private static final SubMerchant SUB = new SubMerchant("1900000109", "", "");
    private static final SubMerchant SUB_WITH_APP = new SubMerchant("1900000109", "wxd678efh567hg6787", "");

    private PaymentRequest wanting(String payType, SubMerchant sub, JsonObject other) {
        return new PaymentRequest(
                new AttemptRef(PayType.of(payType), NUMBER, sub),
                PRICE,
                "测试商品",
                Instant.parse("2026-01-01T04:05:00Z"),
                URI.create("https://pay.example.com/notify/x/1"),
                new Payer(
                        "203.0.113.7",
                        payType.contains("weixin") ? "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" : "",
                        Payer.Screen.PHONE),
                Optional.empty(),
                other);
    }

    private PaymentPrompt prompt(String payType, SubMerchant sub) {
        return ((Creates) provider()).create(account(), wanting(payType, sub, JsonObject.EMPTY_JSON_OBJECT));
    }

    private Function<Asked, Said> says(int status, String body) {
        return request -> request.path().endsWith("/v3/certificates") ? well(request) : answer(status, body);
    }

    private Asked lastAsked() {
        return server.asked().get(server.asked().size() - 1);
    }

    private static JsonObject json(String text) {
        return WxpayClient.object(text);
    }

    /** With the merchant's public key, from the JDK alone. */
    private static boolean signedByMerchant(String sign, String... lines) throws Exception {
        var pem = Recorded.text("wxpay/merchant-private.pem").replaceAll("-----[A-Z ]+-----|\\s", "");
        var keys = KeyFactory.getInstance("RSA");
        var secret = (RSAPrivateCrtKey)
                keys.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        var verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(keys.generatePublic(new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent())));
        verifier.update((String.join("\n", lines) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return verifier.verify(Base64.getDecoder().decode(sign));
    }

    // what a client gets

    @ParameterizedTest
    @CsvSource({"wxpay_mp-weixin", "wxpay_h5-weixin"})
    void a_page_or_mini_program_inside_wechat_gets_signed_parameters(String payType) throws Exception {
        server.answers(says(200, "{\"prepay_id\":\"wx201410272009395522657a690389285100\"}"));

        var prompt = prompt(payType, SubMerchant.NONE);

        assertThat(lastAsked().path()).endsWith("/v3/pay/transactions/jsapi");
        assertThat(json(lastAsked().body()).getJsonObject("payer"))
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
    void an_app_gets_signed_parameters_over_the_bare_prepay_id() throws Exception {
        server.answers(says(200, "{\"prepay_id\":\"wx2014\"}"));

        var info = prompt("wxpay_app-plus", SubMerchant.NONE).orderInfo().asJsonObject();

        assertThat(lastAsked().path()).endsWith("/v3/pay/transactions/app");
        assertThat(json(lastAsked().body())).doesNotContainKey("payer");
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
    void a_page_on_a_phone_gets_an_address_for_five_minutes() {
        server.answers(
                says(200, "{\"h5_url\":\"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1\"}"));
        var scene = Json.createObjectBuilder()
                .add(
                        "h5_info",
                        Json.createObjectBuilder()
                                .add("type", "Wap")
                                .add("wap_url", "https://shop.example.com")
                                .add("wap_name", "商店"));
        var node = Json.createObjectBuilder(node()).add("sceneInfo", scene).build();

        var prompt = ((Creates) provider())
                .create(
                        settings(node, gateway(server.address())),
                        wanting("wxpay_mweb", SubMerchant.NONE, JsonObject.EMPTY_JSON_OBJECT));

        assertThat(lastAsked().path()).endsWith("/v3/pay/transactions/h5");
        assertThat(json(lastAsked().body()).getJsonObject("scene_info"))
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
    void parameters_handed_out_again_are_signed_afresh_without_a_call() {
        server.answers(says(200, "{\"prepay_id\":\"wx2014\"}"));
        var first = prompt("wxpay_h5-weixin", SubMerchant.NONE);
        server.asked().clear();

        var second = ((Creates) provider())
                .refresh(account(), PayType.of("wxpay_h5-weixin"), PaymentPrompt.of(first.stored()));

        assertThat(server.asked()).isEmpty();
        assertThat(second.orderInfo().asJsonObject().getString("package")).isEqualTo("prepay_id=wx2014");
        assertThat(second.orderInfo().asJsonObject().getString("nonceStr"))
                .isNotEqualTo(first.orderInfo().asJsonObject().getString("nonceStr"));
    }

    // on behalf of another

    @ParameterizedTest
    @CsvSource({"wxpay_h5, native", "wxpay_mp-weixin, jsapi", "wxpay_mweb, h5", "wxpay_app-plus, app"})
    void a_service_provider_asks_for_its_sub_merchant(String payType, String path) {
        server.answers(says(200, "{\"prepay_id\":\"p\",\"code_url\":\"c\",\"h5_url\":\"h\"}"));

        prompt(payType, SUB);

        assertThat(lastAsked().path()).endsWith("/v3/pay/partner/transactions/" + path);
        assertThat(json(lastAsked().body()))
                .containsEntry("sp_appid", Json.createValue("wx8888888888888888"))
                .containsEntry("sp_mchid", Json.createValue("1600000001"))
                .containsEntry("sub_mchid", Json.createValue("1900000109"))
                .doesNotContainKeys("appid", "mchid", "sub_appid");
    }

    @Test
    void a_payer_belongs_to_the_application_that_is_named() {
        server.answers(says(200, "{\"prepay_id\":\"p\"}"));

        prompt("wxpay_mp-weixin", SUB);
        var ofProvider = json(lastAsked().body()).getJsonObject("payer");
        var prompt = prompt("wxpay_mp-weixin", SUB_WITH_APP);
        var ofSub = json(lastAsked().body());

        assertThat(ofProvider).containsOnlyKeys("sp_openid");
        assertThat(ofSub.getJsonObject("payer")).containsOnlyKeys("sub_openid");
        assertThat(ofSub.getString("sub_appid")).isEqualTo("wxd678efh567hg6787");
        assertThat(prompt.orderInfo().asJsonObject().getString("appId")).isEqualTo("wxd678efh567hg6787");
    }

    @Test
    void a_sub_merchants_order_is_asked_about_closed_and_understood_as_such() {
        var partner = "{\"sp_appid\":\"wx8888888888888888\",\"sp_mchid\":\"1600000001\",\"sub_mchid\":\"1900000109\","
                + "\"out_trade_no\":\"" + NUMBER + "\",\"transaction_id\":\"4200\",\"trade_type\":\"JSAPI\","
                + "\"trade_state\":\"SUCCESS\",\"payer\":{\"sp_openid\":\"oX\"},"
                + "\"amount\":{\"total\":990,\"payer_total\":900,\"currency\":\"CNY\"}}";
        var attempt = new AttemptRef(PayType.of("wxpay_mp-weixin"), NUMBER, SUB);
        server.answers(says(200, partner));

        var report = ((Queries) provider()).query(account(), attempt);
        var query = lastAsked();
        server.answers(says(204, ""));
        ((Closes) provider()).close(account(), attempt);

        assertThat(query.path()).endsWith("/v3/pay/partner/transactions/out-trade-no/" + NUMBER);
        assertThat(query.query()).isEqualTo("sp_mchid=1600000001&sub_mchid=1900000109");
        assertThat(report).isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.subMerchantNo()).isEqualTo("1900000109");
            assertThat(paid.merchantNo()).isEqualTo("1600000001");
            assertThat(paid.payerId()).isEqualTo("oX");
            assertThat(paid.amount()).isEqualTo(Money.fen(990));
        });
        assertThat(json(lastAsked().body()))
                .isEqualTo(json("{\"sp_mchid\":\"1600000001\",\"sub_mchid\":\"1900000109\"}"));
    }

    // payment codes

    private ProviderReport collect() {
        return ((Codes) provider())
                .collect(
                        account(),
                        wanting("wxpay_codepay", SubMerchant.NONE, JsonObject.EMPTY_JSON_OBJECT),
                        new PaymentCode("130000000000000001", "S7"));
    }

    @Test
    void a_payment_code_is_charged_in_its_shop_and_paid_at_once() {
        server.answers(says(200, Recorded.text("wxpay/paid.json").replace("NATIVE", "MICROPAY")));

        var report = collect();

        assertThat(lastAsked().path()).endsWith("/v3/pay/transactions/codepay");
        var body = json(lastAsked().body());
        assertThat(body.getJsonObject("payer")).isEqualTo(json("{\"auth_code\":\"130000000000000001\"}"));
        assertThat(body.getJsonObject("scene_info").getJsonObject("store_info")).isEqualTo(json("{\"out_id\":\"S7\"}"));
        assertThat(body).doesNotContainKeys("notify_url", "time_expire");
        assertThat(report).isInstanceOf(ProviderReport.Paid.class);
    }

    @ParameterizedTest
    @CsvSource({"200, trade_state", "202, code"})
    void a_payer_who_types_his_password_is_waited_for(int status, String where) {
        server.answers(says(
                status,
                where.equals("code")
                        ? "{\"code\":\"USERPAYING\",\"message\":\"需要用户输入支付密码\"}"
                        : Recorded.text("wxpay/unpaid.json").replace("NOTPAY", "USERPAYING")));

        assertThat(collect())
                .isInstanceOfSatisfying(
                        ProviderReport.Unpaid.class,
                        u -> assertThat(u.payerIsPaying()).isTrue());
    }

    @Test
    void a_refused_code_is_refused_and_a_broken_one_unknown() {
        server.answers(says(403, "{\"code\":\"NOT_ENOUGH\",\"message\":\"余额不足\"}"));
        assertThat(failure(this::collect).kind()).isEqualTo(Kind.DECLINED);

        server.answers(says(500, "{\"code\":\"SYSTEM_ERROR\",\"message\":\"系统错误\"}"));
        assertThat(failure(this::collect).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @Test
    void a_payment_codes_order_is_reversed_and_not_closed() {
        server.answers(says(
                200,
                "{\"appid\":\"wx8888888888888888\",\"mchid\":\"1600000001\",\"out_trade_no\":\"" + NUMBER + "\"}"));

        var report = ((Closes) provider())
                .close(account(), new AttemptRef(PayType.of("wxpay_codepay"), NUMBER, SubMerchant.NONE));

        assertThat(lastAsked().path()).endsWith("/v3/pay/transactions/out-trade-no/" + NUMBER + "/reverse");
        assertThat(json(lastAsked().body()))
                .isEqualTo(json("{\"appid\":\"wx8888888888888888\",\"mchid\":\"1600000001\"}"));
        assertThat(report).isInstanceOf(ProviderReport.Closed.class);
    }

    // refunds

    private RefundRequest refund(SubMerchant sub) {
        return new RefundRequest(
                new AttemptRef(PayType.of("wxpay_h5"), NUMBER, sub),
                "1217752501201407033233368018",
                NUMBER + "-1",
                Money.fen(100),
                PRICE,
                "缺货",
                URI.create("https://pay.example.com/notify/x/1"));
    }

    private static String refunded(String status) {
        return "{\"refund_id\":\"50000000382019052709732678859\",\"out_refund_no\":\"" + NUMBER
                + "-1\",\"transaction_id\":\"1217752501201407033233368018\",\"out_trade_no\":\"" + NUMBER
                + "\",\"channel\":\"ORIGINAL\",\"user_received_account\":\"支付用户零钱\",\"create_time\":"
                + "\"2026-01-01T12:10:00+08:00\",\"status\":\"" + status
                + "\",\"success_time\":\"2026-01-01T12:10:05+08:00\","
                + "\"amount\":{\"total\":990,\"refund\":100,\"payer_total\":990,\"payer_refund\":90,\"currency\":\"CNY\"}}";
    }

    @Test
    void a_refund_is_asked_for_with_its_own_number() {
        server.answers(says(200, refunded("PROCESSING")));

        var report = ((MakesRefunds) provider()).refund(account(), refund(SubMerchant.NONE));

        assertThat(lastAsked().path()).endsWith("/v3/refund/domestic/refunds");
        assertThat(json(lastAsked().body()))
                .isEqualTo(json("{\"out_trade_no\":\"" + NUMBER + "\",\"out_refund_no\":\"" + NUMBER
                        + "-1\",\"reason\":\"缺货\",\"notify_url\":\"https://pay.example.com/notify/x/1\","
                        + "\"amount\":{\"refund\":100,\"total\":990,\"currency\":\"CNY\"}}"));
        assertThat(report)
                .isInstanceOfSatisfying(
                        RefundReport.Processing.class,
                        going -> assertThat(going.refundId()).isEqualTo("50000000382019052709732678859"));
    }

    @Test
    void a_sub_merchants_refund_names_him() {
        server.answers(says(200, refunded("PROCESSING")));

        ((MakesRefunds) provider()).refund(account(), refund(SUB));
        assertThat(json(lastAsked().body()).getString("sub_mchid")).isEqualTo("1900000109");
        ((MakesRefunds) provider()).queryRefund(account(), refund(SUB));
        assertThat(lastAsked().query()).isEqualTo("sub_mchid=1900000109");
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, Succeeded", "PROCESSING, Processing", "ABNORMAL, Abnormal", "CLOSED, Closed"})
    void a_refunds_state_is_understood(String status, String report) {
        server.answers(says(200, refunded(status)));

        var heard = ((MakesRefunds) provider()).queryRefund(account(), refund(SubMerchant.NONE));

        assertThat(heard.getClass().getSimpleName()).isEqualTo(report);
        if (heard instanceof RefundReport.Succeeded done) {
            assertThat(done.amount()).isEqualTo(Money.fen(100));
            assertThat(done.cash()).isEqualTo(Money.fen(90));
            assertThat(done.at()).isEqualTo("2026-01-01T04:10:05Z");
        }
    }

    @Test
    void a_refund_that_nobody_knows_is_absent_and_a_strange_state_is_refused_aloud() {
        server.answers(says(404, "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"退款单不存在\"}"));
        assertThat(((MakesRefunds) provider()).queryRefund(account(), refund(SubMerchant.NONE)))
                .isInstanceOf(RefundReport.Absent.class);

        server.answers(says(200, refunded("MAYBE")));
        assertThat(failure(() -> ((MakesRefunds) provider()).queryRefund(account(), refund(SubMerchant.NONE)))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, Succeeded", "ABNORMAL, Abnormal", "CLOSED, Closed"})
    void a_refund_notification_is_news_of_that_refund(String state, String report) {
        server.answers(this::well);
        var plain = Recorded.text("wxpay/refunded.json").replace("\"SUCCESS\"", "\"" + state + "\"");

        var news = provider().read(account(), notification("REFUND." + state, "refund", plain, serial(), NOW));

        assertThat(news.report()).isEmpty();
        assertThat(news.refund().orElseThrow().attemptNo()).isEqualTo(NUMBER);
        assertThat(news.refund().orElseThrow().report().getClass().getSimpleName())
                .isEqualTo(report);
    }

    // the way there

    @Test
    void the_second_address_is_used_when_the_first_is_not_there() {
        server.answers(says(200, "{\"code_url\":\"weixin://x\"}"));
        var node = Json.createObjectBuilder(node())
                .add("standbyGateway", gateway(server.address()).toString())
                .build();

        var prompt = ((Creates) provider()).create(settings(node, ProviderServer.nobody()), request());

        assertThat(prompt).isInstanceOf(PaymentPrompt.ScanQrCode.class);
    }

    @Test
    void the_second_address_is_not_used_once_the_first_has_heard_it() {
        var standby = Json.createObjectBuilder(node())
                .add("standbyGateway", gateway(server.address()) + "/second")
                .build();
        server.answers(request -> request.path().endsWith("/v3/certificates") ? well(request) : Said.hangUp());

        assertThat(failure(() -> ((Creates) provider()).create(settings(standby, gateway(server.address())), request()))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(server.asked()).noneMatch(a -> a.path().contains("/second/v3/pay"));
    }

    // who pays

    @Test
    void an_openid_is_asked_for_with_the_applications_secret() {
        var node = Json.createObjectBuilder(node()).add("secret", "s3cret").build();
        server.answers(request -> new Said(
                200,
                Map.of("Content-Type", "text/plain"),
                "{\"openid\":\"oX\",\"session_key\":\"k\",\"unionid\":\"u\"}"));
        var account = settings(node, gateway(server.address()));

        var openid = ((Logins) provider()).openid(account, PayType.of("wxpay_mp-weixin"), "c0de");
        var miniProgram = lastAsked();
        ((Logins) provider()).openid(account, PayType.of("wxpay_h5-weixin"), "c0de");

        assertThat(openid.openid()).isEqualTo("oX");
        assertThat(openid.unionid()).contains("u");
        assertThat(miniProgram.path()).endsWith("/sns/jscode2session");
        assertThat(miniProgram.query())
                .isEqualTo("appid=wx8888888888888888&secret=s3cret&js_code=c0de&grant_type=authorization_code");
        assertThat(lastAsked().path()).endsWith("/sns/oauth2/access_token");
    }

    @Test
    void a_used_code_is_refused_without_repeating_the_secret() {
        var node = Json.createObjectBuilder(node()).add("secret", "s3cret").build();
        var account = settings(node, gateway(server.address()));
        server.answers(new Said(200, Map.of(), "{\"errcode\":40163,\"errmsg\":\"code been used\"}"));

        var failure = failure(() -> ((Logins) provider()).openid(account, PayType.of("wxpay_h5-weixin"), "c"));

        assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
        assertThat(failure.providerCode()).isEqualTo("40163");
        server.answers(Said.hangUp());
        assertThat(failure(() -> ((Logins) provider()).openid(account, PayType.of("wxpay_h5-weixin"), "c")))
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @Test
    void wechats_authorisation_page_wants_its_parameters_in_this_order() {
        var address = ((Logins) provider())
                .authorize(
                        settings(node(), provider().configuration().gateway()),
                        URI.create("https://pay.example.com/back"),
                        "st8");

        assertThat(address)
                .hasToString("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx8888888888888888"
                        + "&redirect_uri=https%3A%2F%2Fpay.example.com%2Fback&response_type=code&scope=snsapi_base"
                        + "&state=st8#wechat_redirect");
    }
}
