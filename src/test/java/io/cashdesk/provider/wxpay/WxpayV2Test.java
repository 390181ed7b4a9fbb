package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProviderContract;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RawNotification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every adapter promises, from a node of version 2. */
class WxpayV2Test extends PaymentProviderContract {
    static final String KEY = V2Words.KEY;

    final WxpayProvider provider = new WxpayProvider();
    final UUID id = UUID.randomUUID();

    {
        provider.transport = transport();
        provider.clock = CLOCK;
    }

    static JsonObject node() {
        return Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", "1900000001")
                .add("version", 2)
                .add("key", KEY)
                .build();
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected AccountSettings account(URI gateway) {
        return account(node(), gateway);
    }

    private AccountSettings account(JsonObject node, URI gateway) {
        return new AccountSettings(
                id, gateway.getPort(), WxpayPresentation.NAME, "h5", node, URI.create(gateway + "/a/prefix"));
    }

    @Override
    protected String payType() {
        return "wxpay_h5";
    }

    @Override
    protected String secret() {
        return KEY;
    }

    static Map<String, String> reply(String... more) {
        var fields = new TreeMap<String, String>();
        fields.put("return_code", "SUCCESS");
        fields.put("return_msg", "OK");
        fields.put("appid", "wx8888888888888888");
        fields.put("mch_id", "1900000001");
        fields.put("nonce_str", "IITRi8Iabbblz1Jc");
        fields.put("result_code", "SUCCESS");
        for (int i = 0; i < more.length; i += 2) fields.put(more[i], more[i + 1]);
        return fields;
    }

    static Map<String, String> payment(String... more) {
        var fields = reply(
                "openid",
                "oUpF8uMEb4qRXf22hE3X68TekukE",
                "trade_type",
                "NATIVE",
                "bank_type",
                "OTHERS",
                "total_fee",
                "990",
                "cash_fee",
                "890", // the payer had a coupon
                "transaction_id",
                "1004400740201409030005092168",
                "out_trade_no",
                NUMBER,
                "time_end",
                "20260101120009");
        for (int i = 0; i < more.length; i += 2) fields.put(more[i], more[i + 1]);
        return fields;
    }

    private static RawNotification told(Map<String, String> fields, String key, boolean hmac) {
        var xml = V2Words.signedXml(fields, key, hmac);
        return new RawNotification("POST", "", Map.of(), xml.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected RawNotification paid() {
        return told(payment("nonce_str", UUID.randomUUID().toString().substring(0, 20)), KEY, false);
    }

    @Override
    protected RawNotification paidToSomebodyElse() {
        return told(payment("mch_id", "1900000002"), KEY, false);
    }

    private static Answer says(Map<String, String> fields) {
        return (exchange, body) -> send(exchange, 200, "text/xml", V2Words.signedXml(fields, KEY, false));
    }

    private static Map<String, String> order() {
        return reply("trade_type", "NATIVE", "prepay_id", "wx2014", "code_url", "weixin://wxpay/bizpayurl?pr=abc");
    }

    @Override
    protected Answer created() {
        return says(order());
    }

    @Override
    protected Answer createdByAStranger() {
        return (exchange, body) -> send(exchange, 200, "text/xml", V2Words.signedXml(order(), "x".repeat(32), false));
    }

    @Override
    protected Answer declined() {
        return says(reply("result_code", "FAIL", "err_code", "NOAUTH", "err_code_des", "商户无此接口权限"));
    }

    @Override
    protected Answer unknownOrder() {
        return says(reply("result_code", "FAIL", "err_code", "ORDERNOTEXIST", "err_code_des", "订单不存在"));
    }

    @Test
    void hears_money_under_either_signature_whatever_the_node_signs_with() {
        assertThat(provider.read(account(gateway()), told(payment(), KEY, true)).report())
                .isPresent();
        assertThat(provider.read(account(gateway()), told(payment("sign_type", "HMAC-SHA256"), KEY, true))
                        .report())
                .isPresent();
        assertThatThrownBy(
                        () -> provider.read(account(gateway()), told(payment("sign_type", "HMAC-SHA256"), KEY, false)))
                .isInstanceOf(ProviderFailure.class);
    }

    @Test
    void takes_no_signed_answer_for_a_notification() {
        for (var answer : new String[][] {
            {"trade_state", "NOTPAY"}, {"transaction_id", ""}, {"total_fee", ""}, {"out_trade_no", ""}, {"mch_id", ""}
        }) {
            assertThatThrownBy(() -> provider.read(account(gateway()), told(payment(answer), KEY, false)))
                    .as(answer[0])
                    .isInstanceOfSatisfying(
                            ProviderFailure.class, f -> assertThat(f.kind()).isEqualTo(Kind.NOT_AUTHENTIC));
        }
    }

    @Test
    void keeps_news_of_a_payment_that_failed_without_taking_it_for_money() {
        var news = provider.read(
                account(gateway()), told(payment("result_code", "FAIL", "err_code", "SYSTEMERROR"), KEY, false));

        assertThat(news.report()).isEmpty();
        assertThat(news.refund()).isEmpty();
    }

    @Test
    void a_merchant_who_moved_to_v3_still_hears_of_orders_made_before() {
        var node = Json.createObjectBuilder(WxpayProviderTest.node());

        assertThat(provider.read(account(node.add("key", KEY).build(), gateway()), paid())
                        .report())
                .isPresent();
        assertThatThrownBy(() -> provider.read(account(WxpayProviderTest.node(), gateway()), paid()))
                .isInstanceOf(ProviderFailure.class);
    }

    @Test
    void answers_in_the_words_that_were_spoken() {
        var xml = paid();
        var json = new RawNotification("POST", "", Map.of(), "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(provider.acknowledgement(xml).status()).isEqualTo(200);
        assertThat(provider.acknowledgement(xml).mediaType()).isEqualTo("text/xml");
        assertThat(provider.acknowledgement(xml).body())
                .isEqualTo(
                        "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>");
        assertThat(provider.refusal(xml, false, "no ]]> no").body())
                .isEqualTo("<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[no "
                        + " no]]></return_msg></xml>");
        assertThat(provider.refusal(xml, false, "no").status()).isEqualTo(401);
        assertThat(provider.refusal(xml, true, "later").status()).isEqualTo(500);
        assertThat(provider.acknowledgement(json)).isEqualTo(new Acknowledgement(204, "", ""));
        assertThat(provider.refusal(json, true, "later"))
                .isEqualTo(new Acknowledgement(500, "application/json", "{\"code\":\"FAIL\",\"message\":\"later\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "key, short, 'key must be the v2 API key of the merchant console, exactly 32 characters'",
        "mchId, abc, mchId",
        "appId, '', appId",
        "signType, RSA, signType",
        "pfx, MIIhello, pfx",
        "pfx, '*', pfx"
    })
    void refuses_an_account_by_the_key_that_is_wrong(String key, String value, String named) {
        var changed = Json.createObjectBuilder(node()).add(key, value).build();

        assertThatThrownBy(() -> provider.check(account(changed, URI.create("https://x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(named)
                .message()
                .doesNotContain("hello");
    }
}
