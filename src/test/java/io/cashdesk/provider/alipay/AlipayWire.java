package io.cashdesk.provider.alipay;

import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Alipay's side. */
final class AlipayWire implements ProviderWire {
    /** With which keys the account verifies Alipay's signatures. Both modes have the same key pair here. */
    enum Keys {
        PUBLIC_KEY,
        CERTIFICATE
    }

    private final Keys keys;
    private final AlipayProvider provider = new AlipayProvider();

    AlipayWire(Keys keys) {
        this.keys = keys;
        AlipaySdk.tameSdk();
        provider.sdk = new AlipaySdk();
        provider.sdk.transport = WireTest.transport();
        provider.sdk.clock = CLOCK;
    }

    @Override
    public String row() {
        return "alipay " + keys;
    }

    @Override
    public AlipayProvider provider() {
        return provider;
    }

    @Override
    public JsonObject node() {
        var node = Json.createObjectBuilder()
                .add("appId", "2021000000000001")
                .add("mchId", "2088000000000002")
                .add("privateKey", Recorded.text("alipay/application-private.key"))
                .add("website", true);
        return switch (keys) {
            case PUBLIC_KEY ->
                node.add("alipayPublicKey", Recorded.text("alipay/alipay-public.key"))
                        .build();
            case CERTIFICATE ->
                node.add("appCertContent", Recorded.text("alipay/application-certificate.pem"))
                        .add("alipayPublicCertContent", Recorded.text("alipay/alipay-certificate.pem"))
                        .add("alipayRootCertContent", Recorded.text("alipay/root-certificates.pem"))
                        .build();
        };
    }

    @Override
    public URI gateway(URI server) {
        return URI.create(server + "/behind/a/proxy/gateway.do");
    }

    @Override
    public List<String> secrets() {
        return List.of(Recorded.text("alipay/application-private.key").substring(200, 260));
    }

    // forms and signatures

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

    static String joined(Map<String, String> fields) {
        return new TreeMap<>(fields)
                .entrySet().stream()
                        .filter(e -> !e.getValue().isEmpty())
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("&"));
    }

    /** The fields of a request, from its query and its body. */
    static Map<String, String> fields(Request request) {
        var fields = new TreeMap<>(decoded(request.query()));
        fields.putAll(decoded(request.body()));
        return fields;
    }

    static JsonObject content(Map<String, String> fields) {
        try (var reader = Json.createReader(new StringReader(fields.get("biz_content")))) {
            return reader.readObject();
        }
    }

    private static boolean isAuthorized(Request request) {
        var fields = fields(request);
        var sign = fields.remove("sign");
        return "2021000000000001".equals(fields.get("app_id"))
                && Recorded.sign(joined(fields), Recorded.text("alipay/application-private.key"))
                        .equals(sign);
    }

    /** Alipay's number of a certificate: the MD5 of issuer and decimal serial number. */
    static String number(String serial) {
        try {
            var text = "CN=Test Root R1,O=Test,C=CN" + serial;
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%032x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    // notifications

    static Map<String, String> recorded(String... changes) {
        var fields = new LinkedHashMap<String, String>();
        Recorded.text("alipay/paid.properties").lines().forEach(line -> {
            var at = line.indexOf('=');
            fields.put(line.substring(0, at), line.substring(at + 1));
        });
        for (int i = 0; i < changes.length; i += 2) fields.put(changes[i], changes[i + 1]);
        return fields;
    }

    /**
     * The signature is first, because the last character of a Base64 text can change without changing the decoded
     * bytes.
     */
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
    public RawNotification paid() {
        return notification();
    }

    @Override
    public RawNotification paidAgain() {
        return notification("notify_time", "2026-01-01 12:04:10");
    }

    @Override
    public RawNotification paidToAnotherMerchant() {
        return notification("seller_id", "2088000000000009");
    }

    @Override
    public RawNotification refunded() {
        return notification(
                "gmt_refund", "2026-01-01 12:10:00.123", "refund_fee", "1.00", "out_biz_no", "T202601010001-1");
    }

    // answers

    /** Answers name the certificate in certificate mode. */
    private String certificateNumber() {
        return keys == Keys.CERTIFICATE ? "\"alipay_cert_sn\":\"" + number("1002") + "\"," : "";
    }

    Answer answer(String method, String node) {
        var sign = Recorded.sign(node, Recorded.text("alipay/alipay-private.key"));
        return wrapped(method, node, "," + certificateNumber() + "\"sign\":\"" + sign + "\"");
    }

    private static Answer wrapped(String method, String node, String after) {
        return new Answer(
                200,
                Map.of("Content-Type", "text/html;charset=utf-8"),
                "{\"" + method.replace('.', '_') + "_response\":" + node + after + "}");
    }

    static String method(Request request) {
        return decoded(request.query()).get("method");
    }

    /** The answer to every request. */
    Function<Request, Answer> answers(String node) {
        return request -> answer(method(request), node);
    }

    @Override
    public Answer success(Request request) {
        if (!isAuthorized(request)) return refusal("isv.invalid-signature").apply(request);
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

    @Override
    public Answer state(String state, String number) {
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

    @Override
    public Function<Request, Answer> refusal(String code) {
        return refusal(code.startsWith("ACQ.") ? "40004" : "40002", code);
    }

    Function<Request, Answer> refusal(String code, String subCode) {
        return request -> answer(
                method(request),
                "{\"code\":\"" + code + "\",\"msg\":\"Business Failed\",\"sub_code\":\"" + subCode
                        + "\",\"sub_msg\":\"不行\"}");
    }

    @Override
    public Answer unsigned(Answer answer) {
        return new Answer(answer.status(), answer.headers(), answer.body().replaceAll(",\"sign\":\"[^\"]*\"", ""));
    }

    @Override
    public Answer wronglySigned(Answer answer) {
        return new Answer(
                answer.status(),
                answer.headers(),
                answer.body().replaceFirst("\"msg\":\"Success\"", "\"msg\":\"success\""));
    }

    @Override
    public boolean isQuery(Request request) {
        return "alipay.trade.query".equals(method(request));
    }

    // codes and states

    @Override
    public String unknownOrder() {
        return "ACQ.TRADE_NOT_EXIST";
    }

    @Override
    public String alreadyPaid() {
        return "ACQ.TRADE_HAS_SUCCESS";
    }

    @Override
    public String refusedOrder() {
        return "ACQ.ACCESS_FORBIDDEN";
    }

    @Override
    public Map<String, Class<? extends ProviderReport>> states() {
        var states = new LinkedHashMap<String, Class<? extends ProviderReport>>();
        states.put("TRADE_SUCCESS", ProviderReport.Paid.class);
        states.put("TRADE_FINISHED", ProviderReport.Paid.class);
        states.put("TRADE_CLOSED after refund", ProviderReport.Paid.class);
        states.put("TRADE_CLOSED", ProviderReport.Closed.class);
        states.put("WAIT_BUYER_PAY", ProviderReport.Unpaid.class);
        return states;
    }
}
