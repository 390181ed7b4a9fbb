package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.ProviderFailure.Kind.DECLINED;
import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static io.cashdesk.provider.ProviderFailure.Kind.OUTCOME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WeChat Pay's side, written from its documents with the JDK alone. */
abstract class WxpayContract extends ProviderWireContract {
    static final String V3_KEY = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
    static final String PUBLIC_KEY_ID = "PUB_KEY_ID_0116000000012026010100000000000001";
    static final String CERTIFICATE_SERIAL = "440024045C4A427599D09BB4E3DE0279F2E813FD";
    private static final String MERCHANT_SERIAL = "5F1C72E2A8931B72A2E13AF8DEE92471EB397115";
    private static final Pattern AUTHORIZED = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final WxpayProvider provider = new WxpayProvider();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Under which serial WeChat Pay signs here. */
    abstract String serial();

    @BeforeEach
    void build() {
        provider.transport = transport();
        provider.clock = CLOCK;
        provider.executor = (ManagedExecutorService) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ManagedExecutorService.class},
                (proxy, method, arguments) -> method.invoke(threads, arguments));
    }

    @AfterEach
    void stopThreads() {
        threads.shutdown();
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected JsonObject node() {
        return Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", "1600000001")
                .add("version", 3)
                .add("v3Key", V3_KEY)
                .add("appCertContent", Recorded.text("wxpay/merchant-certificate.pem"))
                .add("appPrivateKeyContent", Recorded.text("wxpay/merchant-private.pem"))
                .build();
    }

    static JsonObject withPublicKey(JsonObject node) {
        return Json.createObjectBuilder(node)
                .add("wxpayPublicKeyId", PUBLIC_KEY_ID)
                .add("wxpayPublicKeyContent", Recorded.text("wxpay/wechat-public.pem"))
                .build();
    }

    @Override
    protected URI gateway(URI server) {
        return URI.create(server + "/behind/a/proxy");
    }

    @Override
    protected List<String> secrets() {
        return List.of(
                V3_KEY,
                Recorded.text("wxpay/merchant-private.pem")
                        .lines()
                        .skip(3)
                        .findFirst()
                        .orElseThrow());
    }

    // what it says

    static String encrypted(String text, String nonce, String associated) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(V3_KEY.getBytes(StandardCharsets.US_ASCII), "AES"),
                    new GCMParameterSpec(128, nonce.getBytes(StandardCharsets.US_ASCII)));
            cipher.updateAAD(associated.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, String> signed(String serial, Instant at, String nonce, String body) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json; charset=utf-8");
        headers.put("Request-ID", "08F4A0C9A006101A18-268435461");
        headers.put("Wechatpay-Serial", serial);
        headers.put("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
        headers.put("Wechatpay-Timestamp", String.valueOf(at.getEpochSecond()));
        headers.put("Wechatpay-Nonce", nonce);
        headers.put(
                "Wechatpay-Signature",
                Recorded.sign(
                        at.getEpochSecond() + "\n" + nonce + "\n" + body + "\n",
                        Recorded.text("wxpay/platform-private.pem")));
        return headers;
    }

    /** The SDK compares with the computer's own clock. */
    private static Instant today() {
        return Instant.now();
    }

    Said answer(int status, String body) {
        var headers = signed(serial(), today(), "answer", body);
        if (body.isEmpty()) headers.remove("Content-Type");
        return new Said(status, headers, body);
    }

    static RawNotification notification(String event, String type, String plain, String serial, Instant at) {
        var body = "{\"id\":\"EV-2018022511223320873\",\"create_time\":\"2026-01-01T12:00:10+08:00\","
                + "\"resource_type\":\"encrypt-resource\",\"event_type\":\"" + event + "\",\"summary\":\"支付成功\","
                + "\"resource\":{\"original_type\":\"" + type
                + "\",\"algorithm\":\"AEAD_AES_256_GCM\",\"ciphertext\":\""
                + encrypted(plain, "fdasfjihihih", type) + "\",\"associated_data\":\"" + type
                + "\",\"nonce\":\"fdasfjihihih\"}}";
        return new RawNotification(
                "POST",
                "",
                signed(serial, at, "told" + at.getEpochSecond(), body),
                body.getBytes(StandardCharsets.UTF_8));
    }

    RawNotification paidNotification(String plain) {
        return notification("TRANSACTION.SUCCESS", "transaction", plain, serial(), NOW);
    }

    @Override
    protected RawNotification paid() {
        return paidNotification(Recorded.text("wxpay/paid.json"));
    }

    @Override
    protected RawNotification paidAgain() {
        return notification(
                "TRANSACTION.SUCCESS", "transaction", Recorded.text("wxpay/paid.json"), serial(), NOW.plusSeconds(15));
    }

    @Override
    protected RawNotification paidToSomebodyElse() {
        return paidNotification(Recorded.text("wxpay/paid.json").replace("1600000001", "1600000002"));
    }

    @Override
    protected RawNotification aboutARefund() {
        return notification("REFUND.SUCCESS", "refund", Recorded.text("wxpay/refunded.json"), serial(), NOW);
    }

    @Override
    protected Said well(Asked request) {
        if (!isAuthorized(request)) return no("SIGN_ERROR").apply(request);
        if (request.path().endsWith("/v3/certificates")) return certificates();
        if (request.path().endsWith("/close")) return answer(204, "");
        if (isQuery(request)) return state("SUCCESS", NUMBER);
        return answer(200, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}");
    }

    /** Verifies a request as WeChat Pay does: over what came, less what a proxy put before the path. */
    private static boolean isAuthorized(Asked request) {
        var given = new HashMap<String, String>();
        var matcher = AUTHORIZED.matcher(request.headers().getOrDefault("Authorization", ""));
        while (matcher.find()) given.put(matcher.group(1), matcher.group(2));
        var target = request.path().substring(request.path().indexOf("/v3/"))
                + (request.query().isEmpty() ? "" : "?" + request.query());
        var text = String.join(
                "\n", request.method(), target, given.get("timestamp"), given.get("nonce_str"), request.body(), "");
        return "1600000001".equals(given.get("mchid"))
                && MERCHANT_SERIAL.equals(given.get("serial_no"))
                && Recorded.sign(text, Recorded.text("wxpay/merchant-private.pem"))
                        .equals(given.get("signature"));
    }

    private Said certificates() {
        var pem = Recorded.text("wxpay/platform-certificate.pem") + "\n";
        var body = "{\"data\":[{\"serial_no\":\"" + CERTIFICATE_SERIAL
                + "\",\"effective_time\":\"2026-01-01T00:00:00+08:00\",\"expire_time\":\"2031-01-01T00:00:00+08:00\","
                + "\"encrypt_certificate\":{\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"61f9c719728a\","
                + "\"associated_data\":\"certificate\",\"ciphertext\":\""
                + encrypted(pem, "61f9c719728a", "certificate")
                + "\"}}]}";
        return answer(200, body);
    }

    @Override
    protected Said state(String state, String number) {
        var paid = state.equals("SUCCESS") || state.equals("REFUND");
        var body = Recorded.text(paid ? "wxpay/paid.json" : "wxpay/unpaid.json")
                .replace("\"trade_state\":\"SUCCESS\"", "\"trade_state\":\"" + state + "\"")
                .replace("\"trade_state\":\"NOTPAY\"", "\"trade_state\":\"" + state + "\"")
                .replace(NUMBER, number);
        return answer(200, body);
    }

    @Override
    protected Function<Asked, Said> no(String code) {
        var status = code.equals("SIGN_ERROR") ? 401 : code.endsWith("NOT_EXIST") ? 404 : 400;
        return request -> answer(status, "{\"code\":\"" + code + "\",\"message\":\"不行\"}");
    }

    @Override
    protected Said unsigned(Said said) {
        var headers = new LinkedHashMap<>(said.headers());
        headers.keySet().removeIf(name -> name.startsWith("Wechatpay-"));
        return new Said(said.status(), headers, said.body());
    }

    @Override
    protected Said badlySigned(Said said) {
        var headers = new LinkedHashMap<>(said.headers());
        headers.put("Wechatpay-Nonce", "another");
        return new Said(said.status(), headers, said.body());
    }

    @Override
    protected String unknownOrder() {
        return "ORDER_NOT_EXIST";
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
        return request.method().equals("GET") && request.path().contains("/out-trade-no/");
    }

    // asking for money

    @Test
    void asks_in_wechats_words_under_the_gateways_own_path() {
        server.answers(this::well);
        var other = Json.createObjectBuilder()
                .add("attach", "shop 7")
                .add("scene_info", Json.createObjectBuilder().add("device_id", "7"))
                .build();

        var prompt = ((Creates) provider()).create(account(), request(other));

        assertThat(prompt)
                .isEqualTo(new PaymentPrompt.ScanQrCode(
                        "weixin://wxpay/bizpayurl?pr=JyC91EIz1",
                        Json.createObjectBuilder()
                                .add("codeUrl", "weixin://wxpay/bizpayurl?pr=JyC91EIz1")
                                .build(),
                        Optional.of(Duration.ofHours(2))));
        var asked = server.asked().get(server.asked().size() - 1);
        assertThat(asked.path()).isEqualTo("/behind/a/proxy/v3/pay/transactions/native");
        assertThat(asked.headers()).containsEntry("Wechatpay-Serial", serial());
        assertThat(WxpayClient.object(asked.body())).isEqualTo(WxpayClient.object("""
            {"appid":"wx8888888888888888","mchid":"1600000001","description":"测试商品 \\"tea\\" 🍵",
            "out_trade_no":"T202601010001","time_expire":"2026-01-01T12:05:00+08:00",
            "notify_url":"https://pay.example.com/notify/x/1","amount":{"total":990,"currency":"CNY"},
            "attach":"shop 7","scene_info":{"device_id":"7"}}\
            """));
    }

    @Test
    void asks_about_a_number_with_signs_in_it() {
        server.answers(request -> isQuery(request) ? state("NOTPAY", "AB_1-2*3|4") : well(request));

        var report = ((Queries) provider()).query(account(), attempt("AB_1-2*3|4"));

        assertThat(report.attemptNo()).isEqualTo("AB_1-2*3|4");
        assertThat(server.asked())
                .last()
                .satisfies(a -> assertThat(isAuthorized(a)).isTrue());
    }

    @ParameterizedTest
    @CsvSource({
        "400, PARAM_ERROR, DECLINED",
        "403, NO_AUTH, DECLINED",
        "429, FREQUENCY_LIMITED, DECLINED",
        "401, SIGN_ERROR, DECLINED",
        "500, SYSTEM_ERROR, OUTCOME_UNKNOWN",
        "400, SYSTEMERROR, OUTCOME_UNKNOWN",
        "503, , OUTCOME_UNKNOWN",
        "404, , OUTCOME_UNKNOWN"
    })
    void a_refusal_is_a_no_only_where_wechat_decided(int status, String code, String kind) {
        var account = account();
        warmUp(account);
        server.answers(answer(status, code == null ? "" : "{\"code\":\"" + code + "\",\"message\":\"不行\"}"));

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .hasToString(kind);
    }

    @Test
    void a_proxy_may_write_the_names_of_headers_in_small_letters() {
        server.answers(request -> {
            var said = well(request);
            var headers = new TreeMap<String, String>();
            said.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
            return new Said(said.status(), headers, said.body());
        });

        assertThat(((Creates) provider()).create(account(), request())).isInstanceOf(PaymentPrompt.ScanQrCode.class);
    }

    @Test
    void an_answer_with_an_old_signature_is_not_believed() {
        var account = account();
        warmUp(account);
        var body = "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}";
        server.answers(new Said(200, signed(serial(), today().minusSeconds(400), "old", body), body));

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isEqualTo(OUTCOME_UNKNOWN);
    }

    @Test
    void a_verified_answer_about_another_merchant_is_not_ours() {
        server.answers(request -> isQuery(request)
                ? answer(200, Recorded.text("wxpay/paid.json").replace("1600000001", "1600000002"))
                : well(request));

        var failure = failure(() -> ((Queries) provider()).query(account(), attempt(NUMBER)));

        assertThat(failure.kind()).isEqualTo(NOT_AUTHENTIC);
    }

    // closing it

    private ProviderReport close(Function<Asked, Said> answer) {
        var account = account();
        warmUp(account);
        server.answers(request -> isQuery(request) ? state("SUCCESS", NUMBER) : answer.apply(request));
        return ((Closes) provider()).close(account, attempt(NUMBER));
    }

    @Test
    void says_paid_if_the_payer_was_faster_than_the_close() {
        assertThat(close(no("ORDERPAID"))).isInstanceOf(ProviderReport.Paid.class);
        assertThat(close(no("ORDER_PAID"))).isInstanceOf(ProviderReport.Paid.class);
    }

    @Test
    void says_unpaid_if_the_payer_is_typing_his_password() {
        var accepted = close(r -> answer(202, "{\"code\":\"USERPAYING\",\"message\":\"用户支付中\"}"));

        assertThat(accepted)
                .isInstanceOfSatisfying(
                        ProviderReport.Unpaid.class,
                        u -> assertThat(u.payerIsPaying()).isTrue());
        assertThat(close(no("USERPAYING"))).isInstanceOf(ProviderReport.Unpaid.class);
    }

    @Test
    void says_closed_if_it_was_closed_before() {
        assertThat(close(no("ORDER_CLOSED"))).isInstanceOf(ProviderReport.Closed.class);
    }

    // being told

    @Test
    void rejects_a_notification_that_is_too_old_or_from_the_future() {
        for (var seconds : new int[] {-301, -3600, 301}) {
            var raw = notification(
                    "TRANSACTION.SUCCESS",
                    "transaction",
                    Recorded.text("wxpay/paid.json"),
                    serial(),
                    NOW.plusSeconds(seconds));

            var failure = failure(() -> provider().read(account(), raw));

            assertThat(failure.kind()).isEqualTo(NOT_AUTHENTIC);
            assertThat(failure).hasMessageContaining("five minutes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WECHATPAY/SIGNTEST/abc", "WECHATPAY/SIGNTEST/", "not base64!", ""})
    void rejects_a_probe_and_whatever_else_is_no_signature(String signature) {
        var good = paid();
        var headers = new HashMap<>(good.headers());
        headers.put("Wechatpay-Signature", signature);
        var probe = new RawNotification("POST", "", headers, good.body());

        assertThat(failure(() -> provider().read(account(), probe)).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wechatpay-Serial", "Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature"})
    void rejects_a_notification_without_one_of_its_headers(String missing) {
        var good = paid();
        var headers = new HashMap<>(good.headers());
        headers.remove(missing);

        var failure = failure(() -> provider().read(account(), new RawNotification("POST", "", headers, good.body())));

        assertThat(failure.kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"appid\":\"wx8888888888888888\"=>\"appid\":\"wx0\"",
                "\"mchid\":\"1600000001\",=>",
                "\"total\":990=>\"total\":9.9",
                "\"total\":990=>\"total\":\"990\"",
                "\"transaction_id\":\"4200000001202601010000000001\",=>",
                "2026-01-01T12:00:09+08:00=>yesterday",
                "\"amount\":{=>\"sum\":{"
            })
    void rejects_a_payment_in_which_something_is_missing_or_malformed(String change) {
        var at = change.indexOf("=>");
        var plain = Recorded.text("wxpay/paid.json").replace(change.substring(0, at), change.substring(at + 2));

        var failure = failure(() -> provider().read(account(), paidNotification(plain)));

        assertThat(failure.kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void thanks_without_a_body_and_refuses_in_wechats_words() {
        assertThat(provider().acknowledgement(paid()).status()).isEqualTo(204);
        assertThat(provider().refusal(paid(), false, "no").status()).isEqualTo(401);
        assertThat(provider().refusal(paid(), true, "later").status()).isEqualTo(500);
        assertThat(provider().refusal(paid(), true, "later").body())
                .isEqualTo("{\"code\":\"FAIL\",\"message\":\"later\"}");
    }

    // the configuration

    @ParameterizedTest
    @CsvSource({
        "v3Key, too-short",
        "v3Key, ''",
        "mchId, 16000x",
        "mchId, ''",
        "appId, ''",
        "appId, wx 8",
        "appCertContent, ''",
        "appCertContent, nonsense",
        "appPrivateKeyContent, nonsense",
        "appPrivateKeyContent, -----BEGIN RSA PRIVATE KEY-----",
        "wxpayPublicKeyId, 440024045C4A427599D09BB4E3DE0279F2E813FD",
        "wxpayPublicKeyContent, nonsense",
        "version, 1"
    })
    void refuses_a_wrong_key_by_its_name(String key, String value) {
        var wrong =
                Json.createObjectBuilder(withPublicKey(node())).add(key, value).build();

        assertThatThrownBy(() -> provider().check(settings(wrong, gateway(server.address()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @Test
    void refuses_a_private_key_that_is_not_the_certificates() {
        var wrong = with("appPrivateKeyContent", Recorded.text("wxpay/published-key.pem"));

        assertThatThrownBy(() -> provider().check(settings(wrong, gateway(server.address()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("appPrivateKeyContent");
    }

    @ParameterizedTest
    @CsvSource({
        "short, false",
        "sixsix, true",
        "A_b-c*d|9, true",
        "with space, false",
        "12345678901234567890123456789012, true",
        "123456789012345678901234567890123, false",
        "dot.dot, false",
        "订单订单订单, false"
    })
    void knows_which_numbers_fit(String number, boolean fits) {
        assertThat(provider().fits(number)).isEqualTo(fits);
    }

    @Test
    void a_declined_refusal_says_what_wechat_said() {
        var account = account();
        warmUp(account);
        server.answers(no("PARAM_ERROR"));

        var failure = failure(() -> ((Creates) provider()).create(account, request()));

        assertThat(failure.kind()).isEqualTo(DECLINED);
        assertThat(failure).hasMessage("不行");
    }
}
