package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** WeChat Pay's side of API v3. */
final class V3Wire implements ProviderWire {
    static final String V3_KEY = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
    static final String PUBLIC_KEY_ID = "PUB_KEY_ID_0116000000012026010100000000000001";
    static final String CERTIFICATE_SERIAL = "440024045C4A427599D09BB4E3DE0279F2E813FD";
    private static final String MERCHANT_SERIAL = "5F1C72E2A8931B72A2E13AF8DEE92471EB397115";
    private static final Pattern AUTHORIZATION = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** With which key WeChat Pay signs. Both modes have the same key pair here. */
    enum Keys {
        /** A public key in the account's configuration, as new merchants have. */
        PUBLIC_KEY(PUBLIC_KEY_ID),
        /** Platform certificates that are fetched. */
        CERTIFICATE(CERTIFICATE_SERIAL);

        private final String serial;

        Keys(String serial) {
            this.serial = serial;
        }
    }

    private final Keys keys;
    private final WxpayProvider provider;

    V3Wire(Keys keys) {
        this.keys = keys;
        this.provider = WxpayAdapter.of(WireTest.transport(), CLOCK, daemonThreads());
    }

    private static ManagedExecutorService daemonThreads() {
        Executor threads = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        return (ManagedExecutorService) Proxy.newProxyInstance(
                V3Wire.class.getClassLoader(),
                new Class<?>[] {ManagedExecutorService.class},
                (proxy, method, arguments) -> method.invoke(threads, arguments));
    }

    @Override
    public String row() {
        return "wxpay v3 " + keys;
    }

    @Override
    public WxpayProvider provider() {
        return provider;
    }

    /** The serial number in WeChat Pay's signature headers. */
    String serial() {
        return keys.serial;
    }

    @Override
    public JsonObject node() {
        var node = Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", "1600000001")
                .add("version", 3)
                .add("v3Key", V3_KEY)
                .add("appCertContent", Recorded.text("wxpay/merchant-certificate.pem"))
                .add("appPrivateKeyContent", Recorded.text("wxpay/merchant-private.pem"))
                .build();
        return keys == Keys.PUBLIC_KEY ? withPublicKey(node) : node;
    }

    static JsonObject withPublicKey(JsonObject node) {
        return Json.createObjectBuilder(node)
                .add("wxpayPublicKeyId", PUBLIC_KEY_ID)
                .add("wxpayPublicKeyContent", Recorded.text("wxpay/wechat-public.pem"))
                .build();
    }

    @Override
    public URI gateway(URI server) {
        return URI.create(server + "/behind/a/proxy");
    }

    @Override
    public List<String> secrets() {
        return List.of(
                V3_KEY,
                Recorded.text("wxpay/merchant-private.pem")
                        .lines()
                        .skip(3)
                        .findFirst()
                        .orElseThrow());
    }

    // keys

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

    /** Verifies a request as WeChat Pay does: over its path without the prefix of a proxy. */
    static boolean isAuthorized(Request request) {
        var fields = new HashMap<String, String>();
        var matcher = AUTHORIZATION.matcher(request.headers().getOrDefault("Authorization", ""));
        while (matcher.find()) fields.put(matcher.group(1), matcher.group(2));
        var target = request.path().substring(request.path().indexOf("/v3/"))
                + (request.query().isEmpty() ? "" : "?" + request.query());
        var text = String.join(
                "\n", request.method(), target, fields.get("timestamp"), fields.get("nonce_str"), request.body(), "");
        return "1600000001".equals(fields.get("mchid"))
                && MERCHANT_SERIAL.equals(fields.get("serial_no"))
                && Recorded.sign(text, Recorded.text("wxpay/merchant-private.pem"))
                        .equals(fields.get("signature"));
    }

    // notifications

    static RawNotification notification(String event, String type, String content, String serial, Instant at) {
        return notification(event, type, content, type, '"' + type + '"', serial, at);
    }

    /**
     * @param associated with what the content is encrypted
     * @param sent the JSON value of {@code associated_data}; empty if there is none
     */
    RawNotification notification(String event, String type, String content, String associated, String sent) {
        return notification(event, type, content, associated, sent, serial(), NOW);
    }

    private static RawNotification notification(
            String event, String type, String content, String associated, String sent, String serial, Instant at) {
        var body = "{\"id\":\"EV-2018022511223320873\",\"create_time\":\"2026-01-01T12:00:10+08:00\","
                + "\"resource_type\":\"encrypt-resource\",\"event_type\":\"" + event + "\",\"summary\":\"支付成功\","
                + "\"resource\":{\"original_type\":\"" + type
                + "\",\"algorithm\":\"AEAD_AES_256_GCM\",\"ciphertext\":\""
                + encrypted(content, "fdasfjihihih", associated) + "\","
                + (sent.isEmpty() ? "" : "\"associated_data\":" + sent + ",")
                + "\"nonce\":\"fdasfjihihih\"}}";
        return new RawNotification(
                "POST",
                "",
                signed(serial, at, "notify" + at.getEpochSecond(), body),
                body.getBytes(StandardCharsets.UTF_8));
    }

    RawNotification notification(String event, String type, String content) {
        return notification(event, type, content, serial(), NOW);
    }

    RawNotification paid(String content, String serial, Instant at) {
        return notification("TRANSACTION.SUCCESS", "transaction", content, serial, at);
    }

    RawNotification paid(String content) {
        return paid(content, serial(), NOW);
    }

    @Override
    public RawNotification paid() {
        return paid(Recorded.text("wxpay/paid.json"));
    }

    @Override
    public RawNotification paidAgain() {
        return paid(Recorded.text("wxpay/paid.json"), serial(), NOW.plusSeconds(15));
    }

    @Override
    public RawNotification paidToAnotherMerchant() {
        return paid(Recorded.text("wxpay/paid.json").replace("1600000001", "1600000002"));
    }

    @Override
    public RawNotification refunded() {
        return notification("REFUND.SUCCESS", "refund", Recorded.text("wxpay/refunded.json"));
    }

    // answers

    Answer answer(int status, String body) {
        return answer(status, body, NOW);
    }

    Answer answer(int status, String body, Instant at) {
        var headers = signed(serial(), at, "answer", body);
        if (body.isEmpty()) headers.remove("Content-Type");
        return new Answer(status, headers, body);
    }

    /** The answer to every request, except that certificates can still be fetched. */
    Function<Request, Answer> answers(int status, String body) {
        return request -> isFetch(request) ? success(request) : answer(status, body);
    }

    static boolean isFetch(Request request) {
        return request.path().endsWith("/v3/certificates");
    }

    @Override
    public Answer success(Request request) {
        if (!isAuthorized(request)) return refusal("SIGN_ERROR").apply(request);
        if (isFetch(request)) return certificates();
        if (request.path().endsWith("/close")) return answer(204, "");
        if (isQuery(request)) return state("SUCCESS", NUMBER);
        return answer(200, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}");
    }

    private Answer certificates() {
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
    public Answer state(String state, String number) {
        var paid = state.equals("SUCCESS") || state.equals("REFUND");
        var body = Recorded.text(paid ? "wxpay/paid.json" : "wxpay/unpaid.json")
                .replace("\"trade_state\":\"SUCCESS\"", "\"trade_state\":\"" + state + "\"")
                .replace("\"trade_state\":\"NOTPAY\"", "\"trade_state\":\"" + state + "\"")
                .replace(NUMBER, number);
        return answer(200, body);
    }

    @Override
    public Function<Request, Answer> refusal(String code) {
        var status = code.equals("SIGN_ERROR") ? 401 : code.endsWith("NOT_EXIST") ? 404 : 400;
        return request -> answer(status, "{\"code\":\"" + code + "\",\"message\":\"不行\"}");
    }

    @Override
    public Answer unsigned(Answer answer) {
        var headers = new LinkedHashMap<>(answer.headers());
        headers.keySet().removeIf(name -> name.startsWith("Wechatpay-"));
        return new Answer(answer.status(), headers, answer.body());
    }

    @Override
    public Answer wronglySigned(Answer answer) {
        var headers = new LinkedHashMap<>(answer.headers());
        headers.put("Wechatpay-Nonce", "another");
        return new Answer(answer.status(), headers, answer.body());
    }

    @Override
    public boolean isQuery(Request request) {
        return request.method().equals("GET") && request.path().contains("/out-trade-no/");
    }

    // codes and states

    @Override
    public String unknownOrder() {
        return "ORDER_NOT_EXIST";
    }

    @Override
    public String alreadyPaid() {
        return "ORDERPAID";
    }

    @Override
    public String refusedOrder() {
        return "PARAM_ERROR";
    }

    @Override
    public Map<String, Class<? extends ProviderReport>> states() {
        return WechatStates.REPORTS;
    }
}
