package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.otherprovider.Pair;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProviderContract;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.undertow.util.HttpString;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every adapter guarantees, for an account of API v3 with a public key. */
class V3ProviderTest extends PaymentProviderContract {
    static final Pair MERCHANT = Pair.make("1900000001");
    static final Pair WECHAT = Pair.make("wechat");
    static final Pair OTHER = Pair.make("other");
    static final String V3_KEY = "abcdefghijklmnopqrstuvwxyz012345";
    static final String KEY_ID = "PUB_KEY_ID_0119000000012026";

    final WxpayProvider provider = WxpayAdapter.of(transport(), CLOCK, null);
    final UUID id = UUID.randomUUID();

    static JsonObject node() {
        return Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", "1900000001")
                .add("version", 3)
                .add("v3Key", V3_KEY)
                .add("appCertContent", MERCHANT.certificatePem().replace("\n", "\\n"))
                .add("appPrivateKeyContent", MERCHANT.privatePem())
                .add("wxpayPublicKeyId", KEY_ID)
                .add("wxpayPublicKeyContent", WECHAT.publicPem())
                .build();
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected AccountSettings account(URI gateway) {
        return new AccountSettings(
                id, gateway.getPort(), WxpayPresentation.NAME, "h5", node(), URI.create(gateway + "/a/prefix"));
    }

    @Override
    protected String payType() {
        return "wxpay_h5";
    }

    @Override
    protected String secret() {
        return V3_KEY;
    }

    static Map<String, String> signed(Pair by, String body, Instant at) {
        var timestamp = Long.toString(at.getEpochSecond());
        var headers = new HashMap<String, String>();
        headers.put("Wechatpay-Timestamp", timestamp);
        headers.put("Wechatpay-Nonce", "n0nce");
        headers.put("Wechatpay-Serial", KEY_ID);
        headers.put("Wechatpay-Signature", by.sign(timestamp + "\nn0nce\n" + body + "\n"));
        return headers;
    }

    static String transaction(String mchid, String state) {
        return Json.createObjectBuilder()
                .add("appid", "wx8888888888888888")
                .add("mchid", mchid)
                .add("out_trade_no", NUMBER)
                .add("transaction_id", "4200000000202611210000000001")
                .add("trade_state", state)
                .add(
                        "success_time",
                        NOON.atOffset(ZoneOffset.ofHours(8))
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString())
                .add("payer", Json.createObjectBuilder().add("openid", "o1"))
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", 990)
                                .add("payer_total", 890) // the payer had a coupon
                                .add("currency", "CNY"))
                .build()
                .toString();
    }

    static RawNotification notification(String transaction, Instant at) {
        var body = Json.createObjectBuilder()
                .add("id", UUID.randomUUID().toString()) // may differ in every repetition
                .add("event_type", "TRANSACTION.SUCCESS")
                .add("resource_type", "encrypt-resource")
                .add(
                        "resource",
                        Json.createObjectBuilder()
                                .add("algorithm", "AEAD_AES_256_GCM")
                                .add("ciphertext", Pair.encrypt(transaction, V3_KEY, "123456789012", "transaction"))
                                .add("associated_data", "transaction")
                                .add("nonce", "123456789012"))
                .build()
                .toString();
        return new RawNotification("POST", "", signed(WECHAT, body, at), body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected RawNotification paid() {
        return notification(transaction("1900000001", "SUCCESS"), NOON);
    }

    @Override
    protected RawNotification paidToAnotherMerchant() {
        return notification(transaction("1900000002", "SUCCESS"), NOON);
    }

    private static Answer signedAnswer(Pair by, int status, String json) {
        return (exchange, body) -> {
            signed(by, json, Instant.now())
                    .forEach((n, v) -> exchange.getResponseHeaders().put(new HttpString(n), v));
            send(exchange, status, "application/json", json);
        };
    }

    @Override
    protected Answer created() {
        return signedAnswer(WECHAT, 200, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=abc\"}");
    }

    @Override
    protected Answer createdWithAnotherKey() {
        return signedAnswer(OTHER, 200, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=abc\"}");
    }

    @Override
    protected Answer declined() {
        return (exchange, body) -> send(exchange, 403, "application/json", "{\"code\":\"NO_AUTH\",\"message\":\"no\"}");
    }

    @Override
    protected Answer unknownOrder() {
        return (exchange, body) ->
                send(exchange, 404, "application/json", "{\"code\":\"ORDER_NOT_EXIST\",\"message\":\"no\"}");
    }

    @Test
    void signs_the_path_without_the_prefix_of_the_gateway() {
        answers((exchange, body) -> {
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            assertThat(exchange.getRequestURI()).isEqualTo("/a/prefix/v3/pay/transactions/native");
            var timestamp = authorization.replaceAll(".*timestamp=\"(\\d+)\".*", "$1");
            var nonce = authorization.replaceAll(".*nonce_str=\"(\\w+)\".*", "$1");
            var signature = authorization.replaceAll(".*signature=\"([^\"]+)\".*", "$1");
            var message = "POST\n/v3/pay/transactions/native\n" + timestamp + "\n" + nonce + "\n" + body + "\n";
            assertThat(MERCHANT.verifies(message, signature)).isTrue();
            assertThat(authorization).contains("serial_no=\"" + MERCHANT.serial() + "\"");
            created().to(exchange, body);
        });

        provider.create(account(gateway()), request());

        assertThat(seenBody)
                .contains("\"total\":990")
                .contains("\"time_expire\":\"")
                .contains("+08:00\"")
                .contains("西湖龙井");
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESS, Paid",
        "REFUND, Paid",
        "NOTPAY, Unpaid",
        "PAYERROR, Unpaid",
        "USERPAYING, Unpaid",
        "ACCEPT, Unpaid",
        "CLOSED, Closed",
        "REVOKED, Closed"
    })
    void every_state_of_an_order_has_a_report(String state, String report) {
        answers(signedAnswer(WECHAT, 200, transaction("1900000001", state)));

        assertThat(provider.query(account(gateway()), attempt()).getClass().getSimpleName())
                .isEqualTo(report);
    }

    @Test
    void of_a_refunded_order_a_part_may_be_left() {
        answers(signedAnswer(WECHAT, 200, transaction("1900000001", "REFUND")));

        assertThat(provider.query(account(gateway()), attempt()))
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.wentBack()).isEqualTo(ProviderReport.WentBack.AT_LEAST_A_PART));
    }

    @Test
    void an_unknown_state_is_a_failure_that_names_it() {
        answers(signedAnswer(WECHAT, 200, transaction("1900000001", "MAYBE")));

        assertThatThrownBy(() -> provider.query(account(gateway()), attempt())).hasMessageContaining("MAYBE");
    }

    @Test
    void closes_with_204_and_reports_a_payment_made_before() {
        answers((exchange, body) -> {
            signed(WECHAT, "", Instant.now())
                    .forEach((n, v) -> exchange.getResponseHeaders().put(new HttpString(n), v));
            exchange.setStatusCode(204);
            exchange.endExchange();
        });
        assertThat(provider.close(account(gateway()), attempt())).isInstanceOf(ProviderReport.Closed.class);

        answers((exchange, body) -> {
            if (exchange.getRequestURI().endsWith("/close")) {
                send(exchange, 400, "application/json", "{\"code\":\"ORDERPAID\",\"message\":\"paid\"}");
            } else {
                signedAnswer(WECHAT, 200, transaction("1900000001", "SUCCESS")).to(exchange, body);
            }
        });
        assertThat(provider.close(account(gateway()), attempt())).isInstanceOf(ProviderReport.Paid.class);
    }

    @Test
    void rejects_a_notification_older_than_five_minutes() {
        assertThatThrownBy(() -> provider.read(
                        account(gateway()), notification(transaction("1900000001", "SUCCESS"), NOON.minusSeconds(301))))
                .isInstanceOfSatisfying(
                        ProviderFailure.class, f -> assertThat(f.kind()).isEqualTo(ProviderFailure.Kind.NOT_AUTHENTIC));
    }

    @Test
    void rejects_a_signature_probe() {
        var good = paid();
        var headers = new HashMap<>(good.headers());
        headers.put("Wechatpay-Signature", "WECHATPAY/SIGNTEST/" + headers.get("Wechatpay-Signature"));

        assertThatThrownBy(
                        () -> provider.read(account(gateway()), new RawNotification("POST", "", headers, good.body())))
                .hasMessageContaining("probe");
    }

    @ParameterizedTest
    @CsvSource({
        "v3Key, short, v3Key",
        "mchId, abc, mchId",
        "appCertContent, x, appCertContent",
        "appPrivateKeyContent, x, appPrivateKeyContent",
        "wxpayPublicKeyId, x, wxpayPublicKeyId",
        "wxpayPublicKeyContent, '', wxpayPublicKeyContent",
        "version, 2, key",
        "version, 1, version",
        "version, x, version"
    })
    void refuses_an_invalid_value_and_names_its_key(String key, String value, String named) {
        var changed = Json.createObjectBuilder(node()).add(key, value).build();
        var account = new AccountSettings(id, 0, WxpayPresentation.NAME, "h5", changed, URI.create("https://x"));

        assertThatThrownBy(() -> provider.check(account))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({"3, true", "3.0, true", "3e0, true", "3.5, false", "4294967299, false", "-3, false", "1e999, false"})
    void takes_a_version_that_is_a_whole_number(BigDecimal version, boolean taken) {
        var changed = Json.createObjectBuilder(node()).add("version", version).build();
        var account = new AccountSettings(id, 0, WxpayPresentation.NAME, "h5", changed, URI.create("https://x"));

        if (taken) provider.check(account);
        else assertThatThrownBy(() -> provider.check(account)).hasMessageContaining("version");
    }

    @Test
    void accepts_order_numbers_of_6_to_32_characters() {
        assertThat(provider.fits("a|b*c-")).isTrue();
        assertThat(provider.fits("short")).isFalse();
        assertThat(provider.fits("x".repeat(33))).isFalse();
    }
}
