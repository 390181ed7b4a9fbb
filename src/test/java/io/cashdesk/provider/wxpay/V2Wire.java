package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.otherprovider.Pair;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** WeChat Pay's side of API v2. */
final class V2Wire implements ProviderWire {
    static final String KEY = "192006250b4c09247ec02edce69f6a2d";
    static final String MCH = "1600000001";
    static final Pair MERCHANT = Pair.make(MCH);
    private static final String PFX = p12(MERCHANT);

    private final WxpayProvider provider = WxpayAdapter.of(WireTest.transport(), CLOCK, null);

    /** The file of the merchant console in Base64; its password is the merchant number. */
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
    public String row() {
        return "wxpay v2";
    }

    @Override
    public WxpayProvider provider() {
        return provider;
    }

    @Override
    public JsonObject node() {
        return Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", MCH)
                .add("version", 2)
                .add("key", KEY)
                .add("pfx", PFX)
                .build();
    }

    @Override
    public URI gateway(URI server) {
        return URI.create(server + "/behind/a/proxy");
    }

    @Override
    public List<String> secrets() {
        return List.of(KEY, PFX.lines().skip(3).findFirst().orElseThrow());
    }

    // signatures, encryption and XML

    static String sign(Map<String, String> fields, String key, boolean hmac) {
        var text = new TreeMap<>(fields)
                        .entrySet().stream()
                                .filter(f -> !f.getKey().equals("sign")
                                        && !f.getValue().isEmpty())
                                .map(f -> f.getKey() + "=" + f.getValue())
                                .collect(Collectors.joining("&"))
                + "&key=" + key;
        try {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            if (!hmac)
                return hex(MessageDigest.getInstance("MD5").digest(bytes)).toUpperCase(Locale.ROOT);
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return hex(mac.doFinal(bytes)).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String md5(String text) {
        try {
            return hex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        var hex = new StringBuilder();
        for (var b : bytes) hex.append(String.format("%02x", b & 0xff));
        return hex.toString();
    }

    static String xml(Map<String, String> fields) {
        return xml("xml", fields);
    }

    static String xml(String root, Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> "<" + f.getKey() + "><![CDATA[" + f.getValue() + "]]></" + f.getKey() + ">")
                .collect(Collectors.joining("", "<" + root + ">", "</" + root + ">"));
    }

    static String signedXml(Map<String, String> fields, String key, boolean hmac) {
        var signed = new TreeMap<>(fields);
        signed.put("sign", sign(fields, key, hmac));
        return xml(signed);
    }

    static String encrypt(String text, String key) {
        try {
            var cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(md5(key).getBytes(StandardCharsets.US_ASCII), "AES"));
            return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The fields of a request; it must contain one level of fields and nothing else. */
    static Map<String, String> read(String xml) {
        if (!xml.startsWith("<xml>") || !xml.endsWith("</xml>")) throw new AssertionError(xml);
        var inner = xml.substring("<xml>".length(), xml.length() - "</xml>".length());
        var matcher = Pattern.compile("\\G<([a-z_0-9]+)><!\\[CDATA\\[(.*?)]]></\\1>", Pattern.DOTALL)
                .matcher(inner);
        var fields = new TreeMap<String, String>();
        int end = 0;
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2).replace("]]]]><![CDATA[>", "]]>"));
            end = matcher.end();
        }
        if (end != inner.length()) throw new AssertionError(xml);
        return fields;
    }

    /** The fields of a request without those that every request has. */
    static Map<String, String> sent(Request request) {
        var fields = read(request.body());
        assertThat(fields.get("nonce_str")).hasSize(32);
        assertThat(fields.get("sign")).isNotEmpty();
        fields.keySet().removeAll(List.of("appid", "mch_id", "nonce_str", "sign"));
        return fields;
    }

    // notifications

    static RawNotification notification(String xml) {
        return new RawNotification("POST", "", Map.of(), xml.getBytes(StandardCharsets.UTF_8));
    }

    private static RawNotification signed(Map<String, String> fields) {
        return notification(signedXml(fields, KEY, false));
    }

    @Override
    public RawNotification paid() {
        return signed(payment());
    }

    @Override
    public RawNotification paidAgain() {
        return signed(payment("nonce_str", "another"));
    }

    @Override
    public RawNotification paidToAnotherMerchant() {
        return signed(payment("mch_id", "1600000002"));
    }

    @Override
    public RawNotification refunded() {
        return refunded("SUCCESS");
    }

    static RawNotification refunded(String state, String... changes) {
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
        put(content, changes);
        var envelope = new TreeMap<String, String>();
        envelope.put("return_code", "SUCCESS");
        envelope.put("appid", "wx8888888888888888");
        envelope.put("mch_id", MCH);
        envelope.put("nonce_str", "n");
        envelope.put("req_info", encrypt(xml("root", content), KEY));
        return notification(xml(envelope));
    }

    // answers

    /** The fields of a successful answer. */
    static Map<String, String> reply(String... more) {
        var fields = new TreeMap<String, String>();
        fields.put("return_code", "SUCCESS");
        fields.put("return_msg", "OK");
        fields.put("appid", "wx8888888888888888");
        fields.put("mch_id", MCH);
        fields.put("nonce_str", "IITRi8Iabbblz1Jc");
        fields.put("result_code", "SUCCESS");
        put(fields, more);
        return fields;
    }

    /** The fields of a payment of {@link #NUMBER}, for which the payer used a coupon of 1 yuan. */
    static Map<String, String> payment(String... changes) {
        var fields = reply();
        fields.put("openid", "oUpF8uMEb4qRXf22hE3X68TekukE");
        fields.put("trade_type", "NATIVE");
        fields.put("bank_type", "OTHERS");
        fields.put("total_fee", "990");
        fields.put("cash_fee", "890");
        fields.put("transaction_id", "1004400740201409030005092168");
        fields.put("out_trade_no", NUMBER);
        fields.put("time_end", "20260101120009");
        put(fields, changes);
        return fields;
    }

    /** @param namesAndValues alternating */
    private static void put(Map<String, String> fields, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }

    static Answer answer(Map<String, String> fields) {
        return new Answer(200, Map.of("Content-Type", "text/plain"), signedXml(fields, KEY, false));
    }

    @Override
    public Answer success(Request request) {
        var sent = read(request.body());
        var hmac = "HMAC-SHA256".equals(sent.get("sign_type"));
        if (!sign(sent, KEY, hmac).equals(sent.get("sign"))) {
            return new Answer(200, Map.of(), xml(Map.of("return_code", "FAIL", "return_msg", "签名错误")));
        }
        if (isQuery(request)) return state("SUCCESS", NUMBER);
        return answer(reply(
                "trade_type",
                "NATIVE",
                "prepay_id",
                "wx201410272009395522657a690389285100",
                "code_url",
                "weixin://wxpay/bizpayurl?pr=JyC91EIz1"));
    }

    @Override
    public Answer state(String state, String number) {
        if (state.equals("SUCCESS") || state.equals("REFUND")) {
            return answer(payment("trade_state", state, "trade_state_desc", "支付成功", "out_trade_no", number));
        }
        return answer(reply("trade_state", state, "trade_state_desc", "x", "out_trade_no", number));
    }

    @Override
    public Function<Request, Answer> refusal(String code) {
        return request -> answer(reply("result_code", "FAIL", "err_code", code, "err_code_des", "不行"));
    }

    @Override
    public Answer unsigned(Answer answer) {
        return new Answer(answer.status(), answer.headers(), answer.body().replaceAll("<sign>.*</sign>", ""));
    }

    @Override
    public Answer wronglySigned(Answer answer) {
        return new Answer(answer.status(), answer.headers(), answer.body().replace("SUCCESS", "SUCCESS "));
    }

    @Override
    public boolean isQuery(Request request) {
        return request.path().endsWith("/pay/orderquery");
    }

    // codes and states

    @Override
    public String unknownOrder() {
        return "ORDERNOTEXIST";
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
