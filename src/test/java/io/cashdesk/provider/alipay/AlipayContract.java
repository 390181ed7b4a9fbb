package io.cashdesk.provider.alipay;

import static io.cashdesk.provider.ProviderFailure.Kind.DECLINED;
import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static io.cashdesk.provider.ProviderFailure.Kind.OUTCOME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.api.internal.util.AlipayLogger;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Asked;
import io.cashdesk.provider.ProviderServer.Said;
import io.cashdesk.provider.ProviderWireContract;
import io.cashdesk.provider.Queries;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Recorded;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Alipay's side, written from its documents with the JDK alone. */
abstract class AlipayContract extends ProviderWireContract {
    private static final String CHECKS = "jdk.certpath.disabledAlgorithms";

    private final AlipayProvider provider = new AlipayProvider();

    @BeforeEach
    void build() {
        AlipaySdk.tameSdk();
        provider.sdk = new AlipaySdk();
        provider.sdk.transport = transport();
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected JsonObject node() {
        return Json.createObjectBuilder()
                .add("appId", "2021000000000001")
                .add("mchId", "2088000000000002")
                .add("privateKey", Recorded.text("alipay/application-private.key"))
                .add("website", true)
                .build();
    }

    @Override
    protected URI gateway(URI server) {
        return URI.create(server + "/behind/a/proxy/gateway.do");
    }

    @Override
    protected List<String> secrets() {
        return List.of(Recorded.text("alipay/application-private.key").substring(200, 260));
    }

    // what it says

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    static Map<String, String> decoded(String form) {
        var fields = new TreeMap<String, String>();
        for (var pair : form.split("&")) {
            if (pair.isEmpty()) continue;
            var at = pair.indexOf('=');
            fields.put(
                    URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static String joined(Map<String, String> fields) {
        return new TreeMap<>(fields)
                .entrySet().stream()
                        .filter(e -> !e.getValue().isEmpty())
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("&"));
    }

    static Map<String, String> recorded(String... changes) {
        var fields = new LinkedHashMap<String, String>();
        Recorded.text("alipay/paid.properties").lines().forEach(line -> {
            var at = line.indexOf('=');
            fields.put(line.substring(0, at), line.substring(at + 1));
        });
        for (int i = 0; i < changes.length; i += 2) fields.put(changes[i], changes[i + 1]);
        return fields;
    }

    /** The signature stands first: the last sign of a Base64 text can be changed without changing the bytes it means. */
    static RawNotification form(Map<String, String> fields, String sign) {
        var all = new LinkedHashMap<String, String>();
        all.put("sign", sign);
        all.put("sign_type", "RSA2");
        all.putAll(fields);
        var text = all.entrySet().stream()
                .map(e -> e.getKey() + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&"));
        return new RawNotification(
                "POST",
                "",
                Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    static RawNotification notification(String... changes) {
        var fields = recorded(changes);
        return form(fields, Recorded.sign(joined(fields), Recorded.text("alipay/alipay-private.key")));
    }

    @Override
    protected RawNotification paid() {
        return notification();
    }

    @Override
    protected RawNotification paidAgain() {
        return notification("notify_time", "2026-01-01 12:04:10");
    }

    @Override
    protected RawNotification paidToSomebodyElse() {
        return notification("seller_id", "2088000000000009");
    }

    @Override
    protected RawNotification aboutARefund() {
        return notification(
                "gmt_refund", "2026-01-01 12:10:00.123", "refund_fee", "1.00", "out_biz_no", "T202601010001-1");
    }

    /** What comes beside the node; certificate mode names the certificate there. */
    String beside() {
        return "";
    }

    Said answer(String method, String node) {
        var sign = Recorded.sign(node, Recorded.text("alipay/alipay-private.key"));
        return wrapped(method, node, "," + beside() + "\"sign\":\"" + sign + "\"");
    }

    private static Said wrapped(String method, String node, String after) {
        return new Said(
                200,
                Map.of("Content-Type", "text/html;charset=utf-8"),
                "{\"" + method.replace('.', '_') + "_response\":" + node + after + "}");
    }

    static String method(Asked request) {
        return decoded(request.query()).get("method");
    }

    @Override
    protected Said well(Asked request) {
        if (!isAuthorized(request)) return no("isv.invalid-signature").apply(request);
        return switch (method(request)) {
            case "alipay.trade.precreate" ->
                answer(
                        method(request),
                        "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                                + "\",\"qr_code\":\"https://qr.alipay.com/bax00000000000000000000\"}");
            case "alipay.trade.close" ->
                answer(
                        method(request),
                        "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                                + "\",\"trade_no\":\"2026010122001400000000000001\"}");
            default -> state("TRADE_SUCCESS", NUMBER);
        };
    }

    private static boolean isAuthorized(Asked request) {
        var fields = decoded(request.query());
        fields.putAll(decoded(request.body()));
        var sign = fields.remove("sign");
        return "2021000000000001".equals(fields.get("app_id"))
                && Recorded.sign(joined(fields), Recorded.text("alipay/application-private.key"))
                        .equals(sign);
    }

    @Override
    protected Said state(String state, String number) {
        var name = state.replace(" after refund", "");
        var paid = Recorded.text(
                name.equals("TRADE_SUCCESS") || name.equals("TRADE_FINISHED") || !name.equals(state)
                        ? "alipay/paid.json"
                        : "alipay/unpaid.json");
        return answer(
                "alipay.trade.query",
                paid.replace("\"TRADE_SUCCESS\"", "\"" + name + "\"")
                        .replace("\"WAIT_BUYER_PAY\"", "\"" + name + "\"")
                        .replace(NUMBER, number));
    }

    private Function<Asked, Said> refusal(String code, String sub) {
        return request -> answer(
                method(request),
                "{\"code\":\"" + code + "\",\"msg\":\"Business Failed\",\"sub_code\":\"" + sub
                        + "\",\"sub_msg\":\"不行\"}");
    }

    @Override
    protected Function<Asked, Said> no(String code) {
        return refusal(code.startsWith("ACQ.") ? "40004" : "40002", code);
    }

    @Override
    protected Said unsigned(Said said) {
        return new Said(said.status(), said.headers(), said.body().replaceAll(",\"sign\":\"[^\"]*\"", ""));
    }

    @Override
    protected Said badlySigned(Said said) {
        return new Said(
                said.status(), said.headers(), said.body().replaceFirst("\"msg\":\"Success\"", "\"msg\":\"success\""));
    }

    @Override
    protected String unknownOrder() {
        return "ACQ.TRADE_NOT_EXIST";
    }

    @Override
    protected String alreadyPaid() {
        return "ACQ.TRADE_HAS_SUCCESS";
    }

    @Override
    protected String orderRefusal() {
        return "ACQ.ACCESS_FORBIDDEN";
    }

    @Override
    protected Map<String, Class<? extends ProviderReport>> states() {
        var states = new LinkedHashMap<String, Class<? extends ProviderReport>>();
        states.put("TRADE_SUCCESS", ProviderReport.Paid.class);
        states.put("TRADE_FINISHED", ProviderReport.Paid.class);
        states.put("TRADE_CLOSED after refund", ProviderReport.Paid.class);
        states.put("TRADE_CLOSED", ProviderReport.Closed.class);
        states.put("WAIT_BUYER_PAY", ProviderReport.Unpaid.class);
        return states;
    }

    @Override
    protected boolean isQuery(Asked request) {
        return "alipay.trade.query".equals(method(request));
    }

    // the leash

    @Test
    void the_jvms_certificate_checks_are_what_they_were() {
        server.answers(this::well);

        ((Creates) provider()).create(account(), request());

        assertThat(Security.getProperty(CHECKS)).contains("MD2", "RSA keySize < 1024");
    }

    /** Looked up rather than listened to: in tests another library takes the SDK's log away before it can be heard. */
    @Test
    void the_sdks_loggers_of_whole_requests_are_off() throws ReflectiveOperationException {
        var switchedOn = AlipayLogger.class.getDeclaredField("needEnableLogger");
        switchedOn.setAccessible(true);

        assertThat(switchedOn.getBoolean(null)).isFalse();
    }

    // asking for money

    @Test
    void asks_in_alipays_words_and_yuan() {
        server.answers(this::well);
        var other = Json.createObjectBuilder().add("store_id", "7").build();

        var prompt = ((Creates) provider()).create(account(), request(other));

        var url = "https://qr.alipay.com/bax00000000000000000000";
        assertThat(prompt)
                .isEqualTo(new PaymentPrompt.ScanQrCode(
                        url,
                        Json.createObjectBuilder()
                                .add("code", "10000")
                                .add("msg", "Success")
                                .add("outTradeNo", NUMBER)
                                .add("codeUrl", url)
                                .build(),
                        Optional.of(Duration.ofHours(2))));
        var asked = server.asked().get(0);
        assertThat(asked.path()).isEqualTo("/behind/a/proxy/gateway.do");
        assertThat(decoded(asked.query()))
                .containsEntry("method", "alipay.trade.precreate")
                .containsEntry("sign_type", "RSA2")
                .containsEntry("notify_url", "https://pay.example.com/notify/x/1");
        try (var reader =
                Json.createReader(new StringReader(decoded(asked.body()).get("biz_content")))) {
            assertThat(reader.readObject())
                    .isEqualTo(Json.createObjectBuilder()
                            .add("out_trade_no", NUMBER)
                            .add("total_amount", "9.90")
                            .add("subject", request().subject())
                            .add("time_expire", "2026-01-01 12:05:00")
                            .add("store_id", "7")
                            .build());
        }
    }

    @Test
    void reads_an_answer_whose_slashes_are_escaped() {
        server.answers(request -> answer(
                method(request),
                "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                        + "\",\"qr_code\":\"https:\\/\\/qr.alipay.com\\/bax0\"}"));

        var prompt = ((Creates) provider()).create(account(), request());

        assertThat(prompt.orderInfo().asJsonObject().getString("codeUrl")).isEqualTo("https://qr.alipay.com/bax0");
    }

    @ParameterizedTest
    @CsvSource({
        "40004, ACQ.TOTAL_FEE_EXCEED, DECLINED",
        "40004, ACQ.SYSTEM_ERROR, OUTCOME_UNKNOWN",
        "40001, isv.missing-app-id, DECLINED",
        "40002, isv.invalid-signature, DECLINED",
        "40005, isv.app-call-limited, DECLINED",
        "40006, isv.insufficient-isv-permissions, DECLINED",
        "20001, aop.invalid-app-auth-token, DECLINED",
        "20000, isp.unknow-error, OUTCOME_UNKNOWN",
        "10003, '', OUTCOME_UNKNOWN",
        "77777, NEW.CODE, OUTCOME_UNKNOWN"
    })
    void switches_on_the_code_and_never_on_what_the_sdk_calls_success(String code, String sub, String kind) {
        server.answers(refusal(code, sub));

        assertThat(failure(() -> ((Creates) provider()).create(account(), request()))
                        .kind())
                .hasToString(kind);
    }

    @Test
    void believes_an_unsigned_no_only_of_the_gateway_and_never_about_a_trade() {
        var account = account();
        server.answers(request -> unsigned(no("ACQ.TRADE_HAS_CLOSE").apply(request)));
        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isEqualTo(OUTCOME_UNKNOWN);
        server.answers(request -> unsigned(no("ACQ.TRADE_NOT_EXIST").apply(request)));
        assertThat(failure(() -> ((Queries) provider()).query(account, attempt(NUMBER)))
                        .kind())
                .isEqualTo(OUTCOME_UNKNOWN);

        server.answers(request -> unsigned(no("isv.invalid-app-id").apply(request)));

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isEqualTo(DECLINED);
    }

    @Test
    void a_code_for_another_order_is_not_shown() {
        server.answers(
                request -> answer(
                        method(request),
                        "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"T9\",\"qr_code\":\"https://qr.alipay.com/x\"}"));

        assertThat(failure(() -> ((Creates) provider()).create(account(), request()))
                        .kind())
                .isEqualTo(OUTCOME_UNKNOWN);
    }

    // closing it

    @ParameterizedTest
    @ValueSource(strings = {"ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS"})
    void says_paid_if_the_payer_was_faster_than_the_close(String code) {
        server.answers(request -> isQuery(request) ? state("TRADE_SUCCESS", NUMBER) : no(code).apply(request));

        assertThat(((Closes) provider()).close(account(), attempt(NUMBER))).isInstanceOf(ProviderReport.Paid.class);
    }

    // being told

    @Test
    void reads_a_payment_that_can_no_longer_be_refunded_as_paid() {
        assertThat(provider()
                        .read(account(), notification("trade_status", "TRADE_FINISHED"))
                        .report())
                .get()
                .isInstanceOf(ProviderReport.Paid.class);
    }

    @Test
    void reads_a_close_as_a_close_and_a_full_refund_as_neither() {
        var closed = notification("trade_status", "TRADE_CLOSED", "gmt_payment", "");
        var refunded =
                notification("trade_status", "TRADE_CLOSED", "gmt_refund", "2026-01-02 10:00:00", "refund_fee", "9.90");

        assertThat(provider().read(account(), closed).report()).get().isInstanceOf(ProviderReport.Closed.class);
        assertThat(provider().read(account(), refunded).report()).isEmpty();
    }

    @Test
    void a_close_of_what_was_paid_is_left_to_a_question() {
        assertThat(provider()
                        .read(account(), notification("trade_status", "TRADE_CLOSED"))
                        .report())
                .isEmpty();
    }

    @Test
    void hears_nothing_of_a_trade_that_waits() {
        assertThat(provider()
                        .read(account(), notification("trade_status", "WAIT_BUYER_PAY"))
                        .report())
                .isEmpty();
    }

    @Test
    void verifies_fields_that_nobody_has_heard_of() {
        assertThat(provider()
                        .read(account(), notification("brand_new_field", "a=b&c"))
                        .report())
                .isPresent();
    }

    @Test
    void takes_a_certificates_number_inside_or_outside_of_the_signed_text() {
        var inside = notification("alipay_cert_sn", "687b59193f3f462dd5336e5abf83c5d8");
        var sign = Recorded.sign(joined(recorded()), Recorded.text("alipay/alipay-private.key"));
        var outside = form(recorded("alipay_cert_sn", "687b59193f3f462dd5336e5abf83c5d8"), sign);

        assertThat(provider().read(account(), inside).report()).isPresent();
        assertThat(provider().read(account(), outside).report()).isPresent();
    }

    @Test
    void rejects_a_form_that_names_a_field_twice() {
        var good = paid();
        var twice = new RawNotification(
                "POST", "", good.headers(), (good.text() + "&total_amount=9.90").getBytes(StandardCharsets.UTF_8));

        assertThat(failure(() -> provider().read(account(), twice)).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void rejects_every_signature_but_rsa2() {
        var good = paid();
        for (var type : new String[] {"RSA", "rsa2", "", "HMAC"}) {
            var other = new RawNotification(
                    "POST",
                    "",
                    good.headers(),
                    good.text().replace("sign_type=RSA2", "sign_type=" + type).getBytes(StandardCharsets.UTF_8));

            assertThat(failure(() -> provider().read(account(), other)).kind())
                    .as(type)
                    .isEqualTo(NOT_AUTHENTIC);
        }
    }

    @Test
    void rejects_what_the_application_signed_itself() {
        var own = form(recorded(), Recorded.sign(joined(recorded()), Recorded.text("alipay/application-private.key")));

        assertThat(failure(() -> provider().read(account(), own)).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void rejects_what_is_meant_for_another_application() {
        assertThat(failure(() -> provider().read(account(), notification("app_id", "2021000000000009")))
                        .kind())
                .isEqualTo(NOT_AUTHENTIC);
    }

    @ParameterizedTest
    @CsvSource({
        "total_amount, 9.901",
        "total_amount, -9.90",
        "total_amount, ''",
        "trade_no, ''",
        "gmt_payment, yesterday"
    })
    void rejects_a_payment_in_which_something_is_missing_or_malformed(String field, String value) {
        assertThat(failure(() -> provider().read(account(), notification(field, value)))
                        .kind())
                .isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void thanks_and_refuses_in_alipays_words() {
        assertThat(provider().acknowledgement(paid()).body()).isEqualTo("success");
        assertThat(provider().acknowledgement(paid()).mediaType()).startsWith("text/plain");
        assertThat(provider().refusal(paid(), true, "later").body()).isEqualTo("failure");
        assertThat(provider().refusal(paid(), false, "no").status()).isBetween(400, 499);
        assertThat(provider().refusal(paid(), true, "later").status()).isBetween(500, 599);
    }

    // the published vector

    @Test
    void believes_the_documented_notification_and_no_other() {
        var fields = new LinkedHashMap<String, String>();
        for (var pair : Recorded.text("alipay/paid.canonical").split("&")) {
            fields.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        var sign = Recorded.text("alipay/paid.sign");

        var news = provider().read(account(), form(fields, sign));
        fields.put("total_amount", "0.02");

        assertThat(news.report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.amount().minor()).isEqualTo(1));
        assertThat(failure(() -> provider().read(account(), form(fields, sign))).kind())
                .isEqualTo(NOT_AUTHENTIC);
    }

    // the configuration

    @Test
    void takes_a_private_key_in_armour() {
        var armoured = with(
                "privateKey",
                "-----BEGIN PRIVATE KEY-----\\n" + Recorded.text("alipay/application-private.key")
                        + "\\n-----END PRIVATE KEY-----\\n");

        provider().check(settings(armoured, gateway(server.address())));
    }

    @Test
    void goes_to_alipays_sandbox_if_it_is_told_so_and_knows_no_other_gateway() {
        var sandbox = Json.createObjectBuilder(node()).add("sandbox", true).build();

        provider().check(settings(sandbox, provider().configuration().gateway()));

        assertThat(AlipaySdk.address(
                        settings(sandbox, provider().configuration().gateway())))
                .contains("alipaydev.com");
        assertThat(AlipaySdk.address(settings(node(), provider().configuration().gateway())))
                .isEqualTo("https://openapi.alipay.com/gateway.do");
    }

    @Test
    void without_a_seller_the_application_is_who_we_are() {
        var without = settings(Json.createObjectBuilder(node()).remove("mchId").build(), gateway(server.address()));

        assertThat(provider().identity(without).merchantNo()).isEqualTo("2021000000000001");
        assertThat(provider().read(without, paid()).report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        p -> assertThat(p.merchantNo()).isEqualTo("2021000000000001"));
    }

    @ParameterizedTest
    @CsvSource({"appId, ''", "appId, wx1", "mchId, shop", "privateKey, ''", "privateKey, nonsense"})
    void refuses_a_wrong_key_by_its_name(String key, String value) {
        assertThatThrownBy(() -> provider().check(settings(with(key, value), gateway(server.address()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({"a, true", "A_9, true", "a-b, false", "a|b, false", "'', false", "订单, false"})
    void knows_which_numbers_fit(String number, boolean fits) {
        assertThat(provider().fits(number)).isEqualTo(fits);
        assertThat(provider().fits("a".repeat(64))).isTrue();
        assertThat(provider().fits("a".repeat(65))).isFalse();
    }
}
