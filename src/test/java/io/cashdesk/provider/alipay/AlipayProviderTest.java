package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.api.internal.util.AlipaySignature;
import io.cashdesk.ground.money.Money;
import io.cashdesk.otherprovider.Pair;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProviderContract;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlipayProviderTest extends PaymentProviderContract {
    static final Pair APPLICATION = Pair.make("application");
    static final Pair ALIPAY = Pair.make("alipay");
    static final Pair STRANGER = Pair.make("stranger");

    final AlipayProvider provider = new AlipayProvider();
    final UUID id = UUID.randomUUID();

    {
        var sdk = new AlipaySdk();
        sdk.transport = transport();
        sdk.clock = CLOCK;
        sdk.tame();
        provider.sdk = sdk;
    }

    static JsonObject node() {
        return Json.createObjectBuilder()
                .add("appId", "2021000000000001")
                .add("mchId", "2088000000000002")
                .add("privateKey", APPLICATION.privateBase64())
                .add("alipayPublicKey", ALIPAY.publicBase64())
                .build();
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected AccountSettings account(URI gateway) {
        return new AccountSettings(
                id, gateway.getPort(), AlipayProvider.NAME, "h5", node(), URI.create(gateway + "/gateway.do"));
    }

    @Override
    protected String payType() {
        return "alipay_h5";
    }

    @Override
    protected String secret() {
        return APPLICATION.privateBase64();
    }

    static Map<String, String> fields(String seller) {
        var fields = new TreeMap<String, String>();
        fields.put("app_id", "2021000000000001");
        fields.put("charset", "utf-8");
        fields.put("gmt_payment", "2026-11-21 12:00:00");
        fields.put("notify_id", "2026112100222120009000000000000001");
        fields.put("notify_time", "2026-11-21 12:00:01");
        fields.put("notify_type", "trade_status_sync");
        fields.put("out_trade_no", NUMBER);
        fields.put("seller_id", seller);
        fields.put("subject", "西湖 + 龙井 & 茶=1");
        fields.put("refund_fee", "0.00");
        fields.put("total_amount", "9.90");
        fields.put("trade_no", "2026112122001400000000000001");
        fields.put("trade_status", "TRADE_SUCCESS");
        fields.put("version", "1.0");
        return fields;
    }

    static RawNotification notification(Pair by, Map<String, String> fields) {
        var text = fields.entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
        var all = new TreeMap<>(fields);
        all.put("sign", by.sign(text));
        all.put("sign_type", "RSA2");
        var form = all.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return new RawNotification("POST", "", Map.of(), form.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected RawNotification paid() {
        var fields = fields("2088000000000002");
        fields.put("notify_time", "2026-11-21 12:00:0" + (System.nanoTime() % 10));
        return notification(ALIPAY, fields);
    }

    @Override
    protected RawNotification paidToAnotherMerchant() {
        return notification(ALIPAY, fields("2088000000000003"));
    }

    static Answer node(Pair by, String method, String node) {
        return (exchange, body) -> send(
                exchange,
                200,
                "text/html;charset=utf-8",
                "{\"alipay_trade_" + method + "_response\":" + node + ",\"sign\":\"" + by.sign(node) + "\"}");
    }

    static final String CREATED = "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
            + "\",\"qr_code\":\"https:\\/\\/qr.alipay.com\\/bax1\"}";

    @Override
    protected Answer created() {
        return node(ALIPAY, "precreate", CREATED);
    }

    @Override
    protected Answer createdWithAnotherKey() {
        return node(STRANGER, "precreate", CREATED);
    }

    @Override
    protected Answer declined() {
        return node(
                ALIPAY,
                "precreate",
                "{\"code\":\"40004\",\"msg\":\"Business"
                        + " Failed\",\"sub_code\":\"ACQ.ACCESS_FORBIDDEN\",\"sub_msg\":\"no\"}");
    }

    @Override
    protected Answer unknownOrder() {
        return node(
                ALIPAY,
                "query",
                "{\"code\":\"40004\",\"msg\":\"Business"
                        + " Failed\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\",\"sub_msg\":\"no\"}");
    }

    @Test
    void sends_yuan_beijing_time_and_a_signature_over_every_field() {
        answers(created());

        provider.create(account(gateway()), request());

        var sent = new TreeMap<String, String>();
        Arrays.stream((seenTarget.substring(seenTarget.indexOf('?') + 1) + "&" + seenBody).split("&"))
                .forEach(pair -> sent.put(
                        pair.substring(0, pair.indexOf('=')),
                        URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8)));
        var sign = sent.remove("sign");
        var text = sent.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
        assertThat(APPLICATION.verifies(text, sign)).isTrue();
        assertThat(sent.get("biz_content"))
                .contains("\"total_amount\":\"9.90\"")
                .contains("西湖龙井");
        assertThat(sent.get("method")).isEqualTo("alipay.trade.precreate");
        assertThat(sent.get("notify_url")).isEqualTo("https://pay.example/notify/x");
    }

    @ParameterizedTest
    @CsvSource({
        "WAIT_BUYER_PAY, false, Unpaid",
        "TRADE_SUCCESS, true, Paid",
        "TRADE_FINISHED, true, Paid",
        "TRADE_CLOSED, false, Closed",
        "TRADE_CLOSED, true, Paid"
    })
    void knows_every_state_of_a_trade(String status, boolean wasPaid, String report) {
        answers(node(
                ALIPAY,
                "query",
                "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                        + "\",\"trade_no\":\"20261\",\"total_amount\":\"9.90\",\"trade_status\":\"" + status + "\""
                        + (wasPaid ? ",\"send_pay_date\":\"2026-11-21 12:00:00\"" : "") + "}"));

        var heard = provider.query(account(gateway()), attempt());

        assertThat(heard.getClass().getSimpleName()).isEqualTo(report);
        if (heard instanceof ProviderReport.Paid paid) {
            assertThat(paid.amount()).isEqualTo(Money.fen(990));
            assertThat(paid.paidAt()).isEqualTo("2026-11-21T04:00:00Z");
            assertThat(paid.wentBack())
                    .isEqualTo(
                            status.equals("TRADE_CLOSED")
                                    ? ProviderReport.WentBack.ALL
                                    : ProviderReport.WentBack.NOTHING);
        }
    }

    @Test
    void keeps_a_refund_notification_without_taking_it_for_a_payment() {
        var fields = fields("2088000000000002");
        fields.put("gmt_refund", "2026-11-21 13:00:00.123");
        fields.put("refund_fee", "1.00");

        assertThat(provider.read(account(gateway()), notification(ALIPAY, fields))
                        .report())
                .isEmpty();
    }

    /** Without the id nothing tells its repetition from news, although everything in it is signed. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty"})
    void refuses_a_notification_without_its_id(String id) {
        var fields = fields("2088000000000002");
        if (id.equals("missing")) fields.remove("notify_id");
        else fields.put("notify_id", "");

        assertThatThrownBy(() -> provider.read(account(gateway()), notification(ALIPAY, fields)))
                .isInstanceOfSatisfying(
                        ProviderFailure.class, e -> assertThat(e.kind()).isEqualTo(ProviderFailure.Kind.NOT_AUTHENTIC))
                .hasMessageContaining("notify_id");
    }

    @Test
    void refuses_a_form_that_names_a_field_twice() {
        var good = paid();
        var body = (new String(good.body(), StandardCharsets.UTF_8) + "&total_amount=9.90")
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> provider.read(account(gateway()), new RawNotification("POST", "", Map.of(), body)))
                .hasMessageContaining("twice");
    }

    @Test
    void accepts_the_published_notification() throws Exception {
        var fields = Arrays.stream(resource("paid.canonical").split("&"))
                .collect(Collectors.toMap(p -> p.substring(0, p.indexOf('=')), p -> p.substring(p.indexOf('=') + 1)));
        fields.put("sign", resource("paid.sign"));
        fields.put("sign_type", "RSA2");

        assertThat(AlipaySignature.rsaCheckV1(fields, resource("alipay-public.key"), "utf-8", "RSA2"))
                .isTrue();
    }

    private static String resource(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/provider/alipay", name))
                .strip();
    }

    @Test
    void leaves_the_jvms_certificate_checks_as_they_were() {
        assertThat(Security.getProperty("jdk.certpath.disabledAlgorithms")).contains("MD5");
    }

    @ParameterizedTest
    @CsvSource({"appId, x, appId", "privateKey, x, privateKey", "alipayPublicKey, x, alipayPublicKey", "mchId, x, mchId"
    })
    void refuses_an_account_by_the_key_that_is_wrong(String key, String value, String named) {
        var changed = Json.createObjectBuilder(node()).add(key, value).build();
        var account =
                new AccountSettings(id, 0, AlipayProvider.NAME, "h5", changed, URI.create("https://x/gateway.do"));

        assertThatThrownBy(() -> provider.check(account))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void refuses_the_applications_own_public_key_in_place_of_alipays() {
        var changed = Json.createObjectBuilder(node())
                .add("alipayPublicKey", APPLICATION.publicBase64())
                .build();
        var account =
                new AccountSettings(id, 0, AlipayProvider.NAME, "h5", changed, URI.create("https://x/gateway.do"));

        assertThatThrownBy(() -> provider.check(account)).hasMessageContaining("own public key");
    }
}
