package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cashdesk.ground.money.Money;
import io.cashdesk.otherprovider.Pair;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Asked;
import io.cashdesk.provider.ProviderServer.Said;
import io.cashdesk.provider.ProviderWireContract;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** v2 on the wire: every product, what is asked for it, and what the answers mean. */
class WxpayV2WireTest extends ProviderWireContract {
    private static final String KEY = V2Words.KEY;
    private static final String MCH = "1600000001";
    private static final Pair MERCHANT = Pair.make(MCH);
    private static final String PFX = p12(MERCHANT);
    private static final SubMerchant SUB = new SubMerchant("1900000109", "", "");
    private static final SubMerchant SUB_WITH_APP = new SubMerchant("1900000109", "wxd678efh567hg6787", "");

    final WxpayProvider provider = new WxpayProvider();

    @BeforeEach
    void build() {
        provider.transport = transport();
        provider.clock = CLOCK;
    }

    /** As the merchant console gives it out, its password the merchant number. */
    static String p12(Pair pair) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("x", pair.privateKey(), MCH.toCharArray(), new Certificate[] {pair.certificate()});
            var bytes = new ByteArrayOutputStream();
            store.store(bytes, MCH.toCharArray());
            return Base64.getMimeEncoder().encodeToString(bytes.toByteArray()).replace("\r", "");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected JsonObject node() {
        return Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", MCH)
                .add("version", 2)
                .add("key", KEY)
                .add("pfx", PFX)
                .build();
    }

    @Override
    protected URI gateway(URI server) {
        return URI.create(server + "/behind/a/proxy");
    }

    @Override
    protected List<String> secrets() {
        return List.of(KEY, PFX.lines().skip(3).findFirst().orElseThrow());
    }

    // what it says

    private static Map<String, String> fields(String... more) {
        var fields = new TreeMap<>(WxpayV2Test.reply("mch_id", MCH));
        for (int i = 0; i < more.length; i += 2) fields.put(more[i], more[i + 1]);
        return fields;
    }

    private static Map<String, String> payment(String... more) {
        var fields = new TreeMap<>(WxpayV2Test.payment("mch_id", MCH, "out_trade_no", NUMBER));
        for (int i = 0; i < more.length; i += 2) fields.put(more[i], more[i + 1]);
        return fields;
    }

    private static Said answer(Map<String, String> fields) {
        return new Said(200, Map.of("Content-Type", "text/plain"), V2Words.signedXml(fields, KEY, false));
    }

    private static RawNotification told(String xml) {
        return new RawNotification("POST", "", Map.of(), xml.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected RawNotification paid() {
        return told(V2Words.signedXml(payment(), KEY, false));
    }

    @Override
    protected RawNotification paidAgain() {
        return told(V2Words.signedXml(payment("nonce_str", "another"), KEY, false));
    }

    @Override
    protected RawNotification paidToSomebodyElse() {
        return told(V2Words.signedXml(payment("mch_id", "1600000002"), KEY, false));
    }

    private static RawNotification refunded(String state, String... more) {
        var content = new LinkedHashMap<String, String>();
        content.put("transaction_id", "1217752501201407033233368018");
        content.put("out_trade_no", NUMBER);
        content.put("refund_id", "50000000382019052709732678859");
        content.put("out_refund_no", NUMBER + "-1");
        content.put("total_fee", "990");
        content.put("refund_fee", "100");
        content.put("settlement_refund_fee", "100");
        content.put("refund_status", state);
        content.put("success_time", "2026-01-01 12:10:05");
        for (int i = 0; i < more.length; i += 2) content.put(more[i], more[i + 1]);
        var outside = new TreeMap<String, String>();
        outside.put("return_code", "SUCCESS");
        outside.put("appid", "wx8888888888888888");
        outside.put("mch_id", MCH);
        outside.put("nonce_str", "n");
        outside.put("req_info", V2Words.seal(V2Words.xml("root", content), KEY));
        return told(V2Words.xml(outside));
    }

    @Override
    protected RawNotification aboutARefund() {
        return refunded("SUCCESS");
    }

    @Override
    protected Said well(Asked request) {
        var asked = V2Words.read(request.body());
        var hmac = "HMAC-SHA256".equals(asked.get("sign_type"));
        if (!V2Words.sign(asked, KEY, hmac).equals(asked.get("sign"))) {
            return new Said(200, Map.of(), V2Words.xml(Map.of("return_code", "FAIL", "return_msg", "签名错误")));
        }
        if (isQuery(request)) return state("SUCCESS", NUMBER);
        return answer(fields(
                "trade_type",
                "NATIVE",
                "prepay_id",
                "wx201410272009395522657a690389285100",
                "code_url",
                "weixin://wxpay/bizpayurl?pr=JyC91EIz1"));
    }

    @Override
    protected Said state(String state, String number) {
        if (state.equals("SUCCESS") || state.equals("REFUND")) {
            return answer(payment("trade_state", state, "trade_state_desc", "支付成功", "out_trade_no", number));
        }
        return answer(fields("trade_state", state, "trade_state_desc", "x", "out_trade_no", number));
    }

    @Override
    protected Function<Asked, Said> no(String code) {
        return request -> answer(fields("result_code", "FAIL", "err_code", code, "err_code_des", "不行"));
    }

    @Override
    protected Said unsigned(Said said) {
        return new Said(said.status(), said.headers(), said.body().replaceAll("<sign>.*</sign>", ""));
    }

    @Override
    protected Said badlySigned(Said said) {
        return new Said(said.status(), said.headers(), said.body().replace("SUCCESS", "SUCCESS "));
    }

    @Override
    protected String unknownOrder() {
        return "ORDERNOTEXIST";
    }

    @Override
    protected String alreadyPaid() {
        return "ORDERPAID";
    }

    @Override
    protected String orderRefusal() {
        return "PARAM_ERROR";
    }

    @Override
    protected Map<String, Class<? extends ProviderReport>> states() {
        var states = new LinkedHashMap<String, Class<? extends ProviderReport>>();
        states.put("SUCCESS", ProviderReport.Paid.class);
        states.put("REFUND", ProviderReport.Paid.class);
        states.put("NOTPAY", ProviderReport.Unpaid.class);
        states.put("USERPAYING", ProviderReport.Unpaid.class);
        states.put("PAYERROR", ProviderReport.Unpaid.class);
        states.put("ACCEPT", ProviderReport.Unpaid.class);
        states.put("CLOSED", ProviderReport.Closed.class);
        states.put("REVOKED", ProviderReport.Closed.class);
        return states;
    }

    @Override
    protected boolean isQuery(Asked request) {
        return request.path().endsWith("/pay/orderquery");
    }

    // asking for money

    private Asked lastAsked() {
        return server.asked().get(server.asked().size() - 1);
    }

    /** The fields that were asked with, less what every message has. */
    private Map<String, String> asked() {
        var asked = V2Words.read(lastAsked().body());
        assertThat(asked.get("nonce_str")).hasSize(32);
        assertThat(asked.get("sign")).isNotEmpty();
        asked.keySet().removeAll(List.of("appid", "mch_id", "nonce_str", "sign"));
        return asked;
    }

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
        return provider.create(account(), wanting(payType, sub, JsonObject.EMPTY_JSON_OBJECT));
    }

    private static String text(JsonObject object, String name) {
        return ((JsonString) object.get(name)).getString();
    }

    @Test
    void asks_for_a_code_in_v2s_words_under_the_gateways_own_path() {
        var other = Json.createObjectBuilder()
                .add("attach", "shop 7")
                .add("detail", Json.createObjectBuilder().add("cost_price", 990))
                .add("limit_pay", "no_credit")
                .build();

        var prompt = provider.create(account(), request(other));

        assertThat(lastAsked().path()).isEqualTo("/behind/a/proxy/pay/unifiedorder");
        assertThat(lastAsked().headers().get("Content-Type")).isEqualTo("text/xml; charset=utf-8");
        assertThat(asked())
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
    void a_page_or_mini_program_inside_wechat_gets_signed_parameters(String payType) {
        var prompt = prompt(payType, SubMerchant.NONE);

        assertThat(asked())
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
        assertThat(text(info, "paySign")).isEqualTo(V2Words.sign(signed, KEY, false));
        assertThat(prompt.life()).contains(Duration.ofHours(2));
    }

    @Test
    void an_app_gets_signed_parameters() {
        var info = prompt("wxpay_app-plus", SubMerchant.NONE).orderInfo().asJsonObject();

        assertThat(asked()).containsEntry("trade_type", "APP").doesNotContainKeys("openid", "product_id");
        assertThat(info).containsOnlyKeys("appid", "partnerid", "prepayid", "package", "noncestr", "timestamp", "sign");
        assertThat(text(info, "package")).isEqualTo("Sign=WXPay");
        assertThat(text(info, "partnerid")).isEqualTo(MCH);
        var signed = new TreeMap<String, String>();
        info.forEach((name, value) -> signed.put(name, ((JsonString) value).getString()));
        assertThat(text(info, "sign")).isEqualTo(V2Words.sign(signed, KEY, false));
    }

    @Test
    void parameters_handed_out_again_are_signed_afresh_without_a_call() {
        var first = prompt("wxpay_h5-weixin", SubMerchant.NONE);
        server.asked().clear();

        var second = provider.refresh(account(), PayType.of("wxpay_h5-weixin"), PaymentPrompt.of(first.stored()));

        assertThat(server.asked()).isEmpty();
        assertThat(text(second.orderInfo().asJsonObject(), "package"))
                .isEqualTo(text(first.orderInfo().asJsonObject(), "package"));
        assertThat(text(second.orderInfo().asJsonObject(), "nonceStr"))
                .isNotEqualTo(text(first.orderInfo().asJsonObject(), "nonceStr"));
    }

    @Test
    void a_page_on_a_phone_gets_an_address() {
        var url = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1";
        server.answers(answer(fields("trade_type", "MWEB", "prepay_id", "wx1", "mweb_url", url)));
        var scene = Json.createObjectBuilder()
                .add("h5_info", Json.createObjectBuilder().add("type", "Wap").add("wap_name", "商店"));
        var node = Json.createObjectBuilder(node()).add("sceneInfo", scene).build();

        var prompt = provider.create(
                settings(node, gateway(server.address())),
                wanting("wxpay_mweb", SubMerchant.NONE, JsonObject.EMPTY_JSON_OBJECT));

        assertThat(asked())
                .containsEntry("trade_type", "MWEB")
                .containsEntry("scene_info", "{\"h5_info\":{\"type\":\"Wap\",\"wap_name\":\"商店\"}}");
        assertThat(prompt)
                .isInstanceOfSatisfying(
                        PaymentPrompt.GoTo.class, go -> assertThat(go.url()).isEqualTo(url));
        assertThat(text(prompt.orderInfo().asJsonObject(), "mwebUrl")).isEqualTo(url);
        assertThat(prompt.life()).contains(Duration.ofMinutes(5));
    }

    @Test
    void everything_can_be_signed_with_hmac_sha256() {
        server.answers(request -> {
            var asked = V2Words.read(request.body());
            assertThat(asked.get("sign")).isEqualTo(V2Words.sign(asked, KEY, true));
            return new Said(
                    200, Map.of(), V2Words.signedXml(fields("prepay_id", "wx1", "trade_type", "JSAPI"), KEY, true));
        });
        var account = settings(with("signType", "HMAC-SHA256"), gateway(server.address()));

        var prompt =
                provider.create(account, wanting("wxpay_h5-weixin", SubMerchant.NONE, JsonObject.EMPTY_JSON_OBJECT));

        assertThat(asked()).containsEntry("sign_type", "HMAC-SHA256");
        var info = prompt.orderInfo().asJsonObject();
        assertThat(text(info, "signType")).isEqualTo("HMAC-SHA256");
        assertThat(text(info, "paySign")).hasSize(64);

        server.answers(this::well); // whose answer comes under MD5
        assertThat(failure(() -> provider.create(account, request())).kind()).isEqualTo(Kind.NOT_AUTHENTIC);
    }

    // on behalf of another

    @Test
    void a_service_provider_asks_for_its_sub_merchant() {
        prompt("wxpay_h5", SUB);
        assertThat(asked()).containsEntry("sub_mch_id", "1900000109").doesNotContainKey("sub_appid");

        prompt("wxpay_mp-weixin", SUB);
        assertThat(asked()).containsKey("openid").doesNotContainKey("sub_openid");

        var prompt = prompt("wxpay_mp-weixin", SUB_WITH_APP);
        assertThat(asked())
                .containsEntry("sub_appid", "wxd678efh567hg6787")
                .containsEntry("sub_openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
                .doesNotContainKey("openid");
        assertThat(text(prompt.orderInfo().asJsonObject(), "appId")).isEqualTo("wxd678efh567hg6787");
    }

    @Test
    void a_sub_merchants_order_is_asked_about_and_closed_as_his() {
        var attempt = new AttemptRef(PayType.of("wxpay_h5"), NUMBER, SUB);
        server.answers(answer(payment(
                "trade_state", "SUCCESS", "sub_mch_id", "1900000109", "sub_openid", "oSub", "is_subscribe", "N")));

        var report = provider.query(account(), attempt);
        assertThat(asked()).containsOnly(entry("sub_mch_id", "1900000109"), entry("out_trade_no", NUMBER));
        server.answers(answer(fields("result_msg", "OK")));
        assertThat(provider.close(account(), attempt)).isInstanceOf(ProviderReport.Closed.class);
        assertThat(asked()).containsOnly(entry("sub_mch_id", "1900000109"), entry("out_trade_no", NUMBER));

        assertThat(report).isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.subMerchantNo()).isEqualTo("1900000109");
            assertThat(paid.merchantNo()).isEqualTo(MCH);
            assertThat(paid.payerId()).isEqualTo("oSub");
        });
    }

    // what a no means

    @ParameterizedTest
    @CsvSource({
        "SYSTEMERROR, OUTCOME_UNKNOWN",
        "BANKERROR, OUTCOME_UNKNOWN",
        "BIZERR_NEED_RETRY, OUTCOME_UNKNOWN",
        "FREQUENCY_LIMITED, OUTCOME_UNKNOWN",
        "'', OUTCOME_UNKNOWN",
        "NOTENOUGH, DECLINED",
        "OUT_TRADE_NO_USED, DECLINED",
        "A_NEW_ONE, DECLINED"
    })
    void a_refused_order_is_final_or_not(String code, Kind kind) {
        server.answers(no(code));

        var failure = failure(() -> provider.create(account(), request()));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.providerCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "签名错误, SIGNERROR, DECLINED",
        "XML格式错误, XML_FORMAT_ERROR, DECLINED",
        "缺少参数, LACK_PARAMS, DECLINED",
        "mch_id参数格式错误, PARAM_ERROR, DECLINED",
        "appid和mch_id不匹配, APPID_MCHID_NOT_MATCH, DECLINED",
        "系统繁忙请稍后再试, '', OUTCOME_UNKNOWN",
        "'', '', OUTCOME_UNKNOWN"
    })
    void a_message_that_was_not_taken_is_refused_by_its_sentence(String sentence, String code, Kind kind) {
        server.answers(new Said(200, Map.of(), V2Words.xml(Map.of("return_code", "FAIL", "return_msg", sentence))));

        var failure = failure(() -> provider.create(account(), request()));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.providerCode()).isEqualTo(code);
    }

    @Test
    void an_answer_for_another_merchant_is_not_believed() {
        server.answers(answer(payment("trade_state", "SUCCESS", "mch_id", "1600000002")));

        assertThat(failure(() -> provider.query(account(), attempt(NUMBER))).kind())
                .isEqualTo(Kind.NOT_AUTHENTIC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction_id", "total_fee", "mch_id", "appid"})
    void a_paid_order_with_something_missing_is_not_paid(String field) {
        server.answers(answer(payment("trade_state", "SUCCESS", field, "")));

        assertThat(failure(() -> provider.query(account(), attempt(NUMBER))).kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"total_fee, 9.90", "total_fee, -1", "time_end, 2026-01-01", "fee_type, yuan"})
    void a_paid_order_with_something_malformed_is_not_paid(String field, String value) {
        server.answers(answer(payment("trade_state", "SUCCESS", field, value)));

        assertThat(failure(() -> provider.query(account(), attempt(NUMBER))).kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    // closing

    @ParameterizedTest
    @ValueSource(strings = {"ORDERPAID", "TRADE_STATE_ERROR"})
    void an_order_that_cannot_be_closed_is_asked_about(String code) {
        server.answers(request -> isQuery(request) ? state("SUCCESS", NUMBER) : no(code).apply(request));
        assertThat(provider.close(account(), attempt(NUMBER))).isInstanceOf(ProviderReport.Paid.class);

        server.answers(request -> isQuery(request) ? state("NOTPAY", NUMBER) : no(code).apply(request));
        assertThat(provider.close(account(), attempt(NUMBER)))
                .isInstanceOfSatisfying(
                        ProviderReport.Unpaid.class,
                        unpaid -> assertThat(unpaid.payerIsPaying()).isFalse());
    }

    @Test
    void an_order_that_was_closed_before_is_closed() {
        server.answers(no("ORDERCLOSED"));

        assertThat(provider.close(account(), attempt(NUMBER))).isInstanceOf(ProviderReport.Closed.class);
        assertThat(lastAsked().path()).endsWith("/pay/closeorder");
    }

    // payment codes

    private ProviderReport collect(String store) {
        return provider.collect(
                account(),
                wanting("wxpay_codepay", SubMerchant.NONE, JsonObject.EMPTY_JSON_OBJECT),
                new PaymentCode("130000000000000001", store));
    }

    @Test
    void a_payment_code_is_charged_and_paid_at_once() {
        server.answers(answer(payment("trade_type", "MICROPAY")));

        var report = collect("S7");

        assertThat(lastAsked().path()).endsWith("/pay/micropay");
        assertThat(asked())
                .containsOnly(
                        entry("body", "测试商品"),
                        entry("out_trade_no", NUMBER),
                        entry("total_fee", "990"),
                        entry("fee_type", "CNY"),
                        entry("spbill_create_ip", "203.0.113.7"),
                        entry("auth_code", "130000000000000001"),
                        entry("scene_info", "{\"store_info\":{\"id\":\"S7\"}}"));
        assertThat(report)
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.amount()).isEqualTo(PRICE));
        collect("");
        assertThat(asked()).doesNotContainKey("scene_info");
    }

    @Test
    void a_payer_who_types_his_password_is_waited_for() {
        server.answers(no("USERPAYING"));

        assertThat(collect(""))
                .isInstanceOfSatisfying(
                        ProviderReport.Unpaid.class,
                        u -> assertThat(u.payerIsPaying()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({"AUTHCODEEXPIRE, DECLINED", "SYSTEMERROR, OUTCOME_UNKNOWN", "BANKERROR, OUTCOME_UNKNOWN"})
    void a_refused_code_is_refused_and_a_broken_one_unknown(String code, Kind kind) {
        server.answers(no(code));

        assertThat(failure(() -> collect("")).kind()).isEqualTo(kind);
    }

    @Test
    void a_code_is_said_in_no_failure() {
        server.answers(no("AUTH_CODE_ERROR"));

        assertThat(failure(() -> collect(""))).hasMessageNotContaining("130000000000000001");
    }

    @Test
    void a_payment_codes_order_that_failed_is_at_its_end() {
        server.answers(answer(fields("trade_state", "PAYERROR", "out_trade_no", NUMBER)));

        assertThat(provider.query(account(), new AttemptRef(PayType.of("wxpay_codepay"), NUMBER, SubMerchant.NONE)))
                .isInstanceOf(ProviderReport.Closed.class);
    }

    private ProviderReport reverse(JsonObject node) {
        return provider.close(
                settings(node, gateway(server.address())),
                new AttemptRef(PayType.of("wxpay_codepay"), NUMBER, SubMerchant.NONE));
    }

    @Test
    void a_payment_codes_order_is_reversed_and_not_closed() {
        server.answers(answer(fields("recall", "N")));
        assertThat(reverse(node())).isInstanceOf(ProviderReport.Closed.class);
        assertThat(lastAsked().path()).endsWith("/secapi/pay/reverse");
        assertThat(asked()).containsOnly(entry("out_trade_no", NUMBER));

        server.answers(answer(fields("recall", "Y")));
        assertThat(reverse(node())).isInstanceOf(ProviderReport.Unpaid.class);

        server.answers(no("USERPAYING"));
        assertThat(reverse(node())).isInstanceOf(ProviderReport.Unpaid.class);
    }

    @Test
    void without_a_certificate_nothing_is_reversed_or_refunded_and_nobody_is_asked() {
        var node = Json.createObjectBuilder(node()).remove("pfx").build();
        var account = settings(node, gateway(server.address()));

        for (var failure : List.of(
                failure(() -> reverse(node)), failure(() -> provider.refund(account, refund(SubMerchant.NONE))))) {
            assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
            assertThat(failure.providerCode()).isEqualTo("pfx");
        }
        assertThat(server.asked()).isEmpty();
        provider.check(account);
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

    private RefundReport ask(SubMerchant sub) {
        return provider.queryRefund(account(), refund(sub));
    }

    @Test
    void a_refund_is_asked_for_with_its_own_number() {
        server.answers(answer(fields(
                "out_refund_no", NUMBER + "-1", "refund_id", "5000", "refund_fee", "100", "out_trade_no", NUMBER)));

        var report = provider.refund(account(), refund(SUB));

        assertThat(lastAsked().path()).endsWith("/secapi/pay/refund");
        assertThat(asked())
                .containsOnly(
                        entry("sub_mch_id", "1900000109"),
                        entry("out_trade_no", NUMBER),
                        entry("out_refund_no", NUMBER + "-1"),
                        entry("total_fee", "990"),
                        entry("refund_fee", "100"),
                        entry("refund_fee_type", "CNY"),
                        entry("refund_desc", "缺货"),
                        entry("notify_url", "https://pay.example.com/notify/x/1"));
        assertThat(report)
                .isInstanceOfSatisfying(
                        RefundReport.Processing.class,
                        going -> assertThat(going.refundId()).isEqualTo("5000"));

        server.answers(answer(fields("out_refund_no", "other", "refund_id", "5000")));
        assertThat(failure(() -> provider.refund(account(), refund(SUB))).kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, Succeeded", "PROCESSING, Processing", "CHANGE, Abnormal", "REFUNDCLOSE, Closed"})
    void a_refunds_state_is_understood_among_others(String status, String report) {
        server.answers(answer(fields(
                "refund_count",
                "2",
                "out_refund_no_0",
                NUMBER + "-2",
                "refund_id_0",
                "5001",
                "refund_status_0",
                "PROCESSING",
                "out_refund_no_1",
                NUMBER + "-1",
                "refund_id_1",
                "5000",
                "refund_fee_1",
                "100",
                "coupon_refund_fee_1",
                "10",
                "refund_status_1",
                status,
                "refund_success_time_1",
                "2026-01-01 12:10:05")));

        var heard = ask(SubMerchant.NONE);

        assertThat(asked()).containsOnly(entry("out_refund_no", NUMBER + "-1"));
        assertThat(heard.getClass().getSimpleName()).isEqualTo(report);
        if (heard instanceof RefundReport.Succeeded done) {
            assertThat(done.refundId()).isEqualTo("5000");
            assertThat(done.amount()).isEqualTo(Money.fen(100));
            assertThat(done.cash()).isEqualTo(Money.fen(90));
            assertThat(done.at()).isEqualTo("2026-01-01T04:10:05Z");
        }
    }

    @Test
    void a_refund_that_nobody_knows_is_absent_and_a_strange_state_is_refused_aloud() {
        server.answers(no("REFUNDNOTEXIST"));
        assertThat(ask(SUB)).isInstanceOf(RefundReport.Absent.class);
        assertThat(asked()).containsEntry("sub_mch_id", "1900000109");

        server.answers(
                answer(fields("out_refund_no_0", NUMBER + "-1", "refund_id_0", "5000", "refund_status_0", "MAYBE")));
        assertThat(failure(() -> ask(SUB)).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);

        server.answers(answer(fields("out_refund_no_0", "other", "refund_id_0", "5000", "refund_status_0", "SUCCESS")));
        assertThat(failure(() -> ask(SUB)).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESS, Succeeded, REFUND.SUCCESS",
        "CHANGE, Abnormal, REFUND.ABNORMAL",
        "REFUNDCLOSE, Closed, REFUND.CLOSED"
    })
    void a_refund_notification_is_news_of_that_refund(String state, String report, String kind) {
        var news = provider.read(account(), refunded(state));

        assertThat(news.kind()).isEqualTo(kind);
        assertThat(news.report()).isEmpty();
        assertThat(news.refund().orElseThrow().attemptNo()).isEqualTo(NUMBER);
        assertThat(news.refund().orElseThrow().report().refundNo()).isEqualTo(NUMBER + "-1");
        assertThat(news.refund().orElseThrow().report().getClass().getSimpleName())
                .isEqualTo(report);
    }

    @Test
    void a_refund_notification_that_does_not_open_or_is_not_whole_is_refused() {
        var other = told(new String(refunded("SUCCESS").body(), StandardCharsets.UTF_8).replace(MCH, "1600000002"));
        var sealedByOthers = told(V2Words.xml(Map.of(
                "return_code", "SUCCESS", "mch_id", MCH, "req_info", V2Words.seal("<root></root>", "x".repeat(32)))));

        for (var raw : List.of(
                other,
                sealedByOthers,
                refunded("MAYBE"),
                refunded("SUCCESS", "refund_fee", "1.00"),
                refunded("CHANGE", "refund_fee", ""),
                refunded("SUCCESS", "out_refund_no", ""),
                refunded("SUCCESS", "success_time", "yesterday"))) {
            assertThat(failure(() -> provider.read(account(), raw)).kind()).isEqualTo(Kind.NOT_AUTHENTIC);
        }
    }

    // bills

    @Test
    void a_bill_is_a_text_and_its_absence_a_refusal() {
        var day = LocalDate.of(2026, 1, 1);
        server.answers(new Said(200, Map.of(), "交易时间,公众账号ID\r\n`2026-01-01 12:00:09,`wx"));
        assertThat(provider.tradeBill(account(), SUB, day, "ALL"))
                .startsWith("交易时间")
                .endsWith("`wx");
        assertThat(lastAsked().path()).endsWith("/pay/downloadbill");
        assertThat(asked())
                .containsOnly(
                        entry("sub_mch_id", "1900000109"), entry("bill_date", "20260101"), entry("bill_type", "ALL"));

        server.answers(refusedBill("No Bill Exist", "20002"));
        var failure = failure(() -> provider.tradeBill(account(), SUB, day, "ALL"));
        assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
        assertThat(failure.providerCode()).isEqualTo("20002");

        server.answers(refusedBill("SYSTEMERROR", "20003"));
        assertThat(failure(() -> provider.tradeBill(account(), SUB, day, "ALL")).kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
        server.answers(Said.page(200));
        assertThat(failure(() -> provider.tradeBill(account(), SUB, day, "ALL")).kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    private static Said refusedBill(String sentence, String code) {
        return new Said(
                200, Map.of(), V2Words.xml(Map.of("return_code", "FAIL", "return_msg", sentence, "error_code", code)));
    }

    // the way there

    @Test
    void the_second_address_is_used_when_nothing_reached_the_first() {
        var node = with("standbyGateway", gateway(server.address()).toString());

        var prompt = provider.create(settings(node, ProviderServer.nobody()), request());

        assertThat(prompt).isInstanceOf(PaymentPrompt.ScanQrCode.class);

        server.answers(Said.hangUp());
        var both = with("standbyGateway", server.address() + "/second");
        var failure = failure(() -> provider.create(settings(both, gateway(server.address())), request()));
        assertThat(failure.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(server.asked()).hasSize(1).noneMatch(a -> a.path().startsWith("/second"));
    }

    @Test
    void a_failure_says_nothing_of_what_was_sent() {
        server.answers(Said.hangUp());

        ProviderFailure failure = failure(() -> collect("S7"));

        assertThat(failure.getMessage()).isEqualTo("no answer in time");
    }
}
