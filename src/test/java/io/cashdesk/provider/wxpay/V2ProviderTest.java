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
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every adapter guarantees, for an account of API v2. */
class V2ProviderTest extends PaymentProviderContract {
    static final String KEY = V2Wire.KEY;

    final WxpayProvider provider = WxpayAdapter.of(transport(), CLOCK, null);
    final UUID id = UUID.randomUUID();

    static JsonObject node() {
        return Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", V2Wire.MCH)
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

    private static Map<String, String> payment(String... changes) {
        var fields = V2Wire.payment("out_trade_no", NUMBER);
        for (int i = 0; i < changes.length; i += 2) fields.put(changes[i], changes[i + 1]);
        return fields;
    }

    private static RawNotification notification(Map<String, String> fields, String key, boolean hmac) {
        return V2Wire.notification(V2Wire.signedXml(fields, key, hmac));
    }

    @Override
    protected RawNotification paid() {
        return notification(payment("nonce_str", UUID.randomUUID().toString().substring(0, 20)), KEY, false);
    }

    @Override
    protected RawNotification paidToAnotherMerchant() {
        return notification(payment("mch_id", "1900000002"), KEY, false);
    }

    private static Answer answer(Map<String, String> fields) {
        return (exchange, body) -> send(exchange, 200, "text/xml", V2Wire.signedXml(fields, KEY, false));
    }

    private static Map<String, String> order() {
        return V2Wire.reply(
                "trade_type", "NATIVE", "prepay_id", "wx2014", "code_url", "weixin://wxpay/bizpayurl?pr=abc");
    }

    @Override
    protected Answer created() {
        return answer(order());
    }

    @Override
    protected Answer createdWithAnotherKey() {
        return (exchange, body) -> send(exchange, 200, "text/xml", V2Wire.signedXml(order(), "x".repeat(32), false));
    }

    @Override
    protected Answer declined() {
        return answer(V2Wire.reply("result_code", "FAIL", "err_code", "NOAUTH", "err_code_des", "商户无此接口权限"));
    }

    @Override
    protected Answer unknownOrder() {
        return answer(V2Wire.reply("result_code", "FAIL", "err_code", "ORDERNOTEXIST", "err_code_des", "订单不存在"));
    }

    @Test
    void reads_payments_with_either_signature_type_whatever_the_node_uses() {
        assertThat(provider.read(account(gateway()), notification(payment(), KEY, true))
                        .report())
                .isPresent();
        assertThat(provider.read(account(gateway()), notification(payment("sign_type", "HMAC-SHA256"), KEY, true))
                        .report())
                .isPresent();
        assertThatThrownBy(() -> provider.read(
                        account(gateway()), notification(payment("sign_type", "HMAC-SHA256"), KEY, false)))
                .isInstanceOf(ProviderFailure.class);
    }

    @Test
    void rejects_a_signed_answer_as_a_notification() {
        for (var answer : new String[][] {
            {"trade_state", "NOTPAY"}, {"transaction_id", ""}, {"total_fee", ""}, {"out_trade_no", ""}, {"mch_id", ""}
        }) {
            assertThatThrownBy(() -> provider.read(account(gateway()), notification(payment(answer), KEY, false)))
                    .as(answer[0])
                    .isInstanceOfSatisfying(
                            ProviderFailure.class, f -> assertThat(f.kind()).isEqualTo(Kind.NOT_AUTHENTIC));
        }
    }

    @Test
    void a_notification_of_a_failed_payment_has_no_report() {
        var notification = provider.read(
                account(gateway()),
                notification(payment("result_code", "FAIL", "err_code", "SYSTEMERROR"), KEY, false));

        assertThat(notification.report()).isEmpty();
        assertThat(notification.refund()).isEmpty();
    }

    @Test
    void an_account_moved_to_v3_still_reads_notifications_of_v2_if_it_has_the_key() {
        var node = Json.createObjectBuilder(V3ProviderTest.node()).add("mchId", V2Wire.MCH);

        assertThat(provider.read(account(node.add("key", KEY).build(), gateway()), paid())
                        .report())
                .isPresent();
        assertThatThrownBy(() -> provider.read(account(V3ProviderTest.node(), gateway()), paid()))
                .isInstanceOf(ProviderFailure.class);
    }

    @Test
    void acknowledges_and_refuses_in_the_format_of_the_notification() {
        var xml = paid();
        var json = new RawNotification("POST", "", Map.of(), "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(provider.acknowledgement(account(URI.create("http://127.0.0.1")), xml)
                        .status())
                .isEqualTo(200);
        assertThat(provider.acknowledgement(account(URI.create("http://127.0.0.1")), xml)
                        .mediaType())
                .isEqualTo("text/xml");
        assertThat(provider.acknowledgement(account(URI.create("http://127.0.0.1")), xml)
                        .body())
                .isEqualTo(
                        "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>");
        assertThat(provider.refusal(account(URI.create("http://127.0.0.1")), xml, false, "no ]]> no")
                        .body())
                .isEqualTo(
                        "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[no  no]]></return_msg></xml>");
        assertThat(provider.refusal(account(URI.create("http://127.0.0.1")), xml, false, "no")
                        .status())
                .isEqualTo(401);
        assertThat(provider.refusal(account(URI.create("http://127.0.0.1")), xml, true, "later")
                        .status())
                .isEqualTo(500);
        assertThat(provider.acknowledgement(account(URI.create("http://127.0.0.1")), json))
                .isEqualTo(new Acknowledgement(204, "", ""));
        assertThat(provider.refusal(account(URI.create("http://127.0.0.1")), json, true, "later"))
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
    void refuses_an_invalid_value_and_names_its_key(String key, String value, String named) {
        var changed = Json.createObjectBuilder(node()).add(key, value).build();

        assertThatThrownBy(() -> provider.check(account(changed, URI.create("https://x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(named)
                .message()
                .doesNotContain("hello");
    }
}
