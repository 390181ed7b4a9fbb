package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Who may come in at Alipay, and what goes out signed. */
@ApplicationScoped
class AlipayGate {
    private static final Map<String, String> WORDS = Map.of(
            "10000", "Success",
            "10003", "order success pay inprocess",
            "20000", "Service Currently Unavailable",
            "20001", "Insufficient Token Permissions",
            "40001", "Missing Required Arguments",
            "40002", "Invalid Arguments",
            "40004", "Business Failed",
            "40006", "Insufficient Permissions");

    @Inject
    Books books;

    @Inject
    AlipayBooks alipay;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Clock clock;

    /**
     * Who asks.
     *
     * @param application whose key has signed
     * @param seller whose trades it is about: the application's own merchant, or the one that it may act for
     */
    record Caller(Books.Account application, Books.Account seller) {
        /** The application's id if it acts for another, otherwise an empty text. */
        String onBehalf() {
            return application.id().equals(seller.id()) ? "" : application.appId();
        }
    }

    /** @throws AlipayRules.Refused if somebody has spoiled the percent signs */
    static Map<String, String> decoded(String... forms) {
        var fields = new TreeMap<String, String>();
        for (var form : forms) {
            for (var pair : form.split("&")) {
                int at = pair.indexOf('=');
                if (at <= 0) continue;
                try {
                    fields.put(
                            URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
                            URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw invalid("parameter");
                }
            }
        }
        return fields;
    }

    /** Believes who has signed these fields, if everything about them is right. */
    Caller caller(Map<String, String> fields) {
        for (var name : new String[] {"method", "app_id", "sign", "sign_type", "timestamp", "version", "charset"}) {
            if (fields.getOrDefault(name, "").isEmpty()) {
                throw missing(name.replace('_', '-').replace("sign", "signature"));
            }
        }
        if (!fields.get("sign_type").equals("RSA2")) throw invalid("signature-type");
        if (!fields.get("version").equals("1.0")) throw invalid("version");
        if (!fields.get("charset").equalsIgnoreCase("utf-8")) throw invalid("charset");
        if (!fields.getOrDefault("format", "JSON").equalsIgnoreCase("JSON")) throw invalid("format");
        if (!fields.getOrDefault("encrypt_type", "").isEmpty()) throw invalid("encrypt-type");
        try {
            LocalDateTime.parse(fields.get("timestamp"), DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
        } catch (DateTimeException e) {
            throw invalid("timestamp");
        }
        var account = books.accountByAppId("alipay", fields.get("app_id")).orElseThrow(() -> invalid("app-id"));
        if (account.certificates()) checkCertificates(account, fields);
        var signed = new TreeMap<>(fields);
        signed.remove("sign");
        if (!Keys.verify(AlipayMessages.canonical(signed), fields.get("sign"), account.publicKey())) {
            throw invalid("signature");
        }
        checkAddress(fields, "notify_url", 256);
        checkAddress(fields, "return_url", 2048);
        return new Caller(account, seller(account, fields.getOrDefault("app_auth_token", "")));
    }

    private void checkCertificates(Books.Account account, Map<String, String> fields) {
        if (!account.serial().equals(fields.get("app_cert_sn"))) throw missing("app-cert-sn");
        if (!platformSerial().equals(fields.get("alipay_root_cert_sn"))) throw missing("alipay-root-cert-sn");
    }

    /** The one certificate that we have is root and signer in one. */
    private String platformSerial() {
        var serial = accounts.platform("alipay").serial();
        return Keys.alipaySerial("CN=Simulated alipay", new BigInteger(serial, 16));
    }

    private static void checkAddress(Map<String, String> fields, String name, int most) {
        var url = fields.getOrDefault(name, "");
        if (url.isEmpty()) return;
        if (url.length() > most || !url.matches("https?://[^\\s/]+.*")) throw AlipayRules.parameter(name);
    }

    private Books.Account seller(Books.Account application, String token) {
        if (token.isEmpty()) return application;
        return alipay.authorization(token)
                .filter(a -> a.applicationId().equals(application.id()))
                .map(a -> books.account(a.sellerId()))
                .orElseThrow(() -> new AlipayRules.Refused("20001", "aop.invalid-app-auth-token", "无效的应用授权令牌"));
    }

    private static AlipayRules.Refused missing(String what) {
        return new AlipayRules.Refused("40001", "isv.missing-" + what, "缺少参数：" + what);
    }

    static AlipayRules.Refused invalid(String what) {
        return new AlipayRules.Refused("40002", "isv.invalid-" + what, "无效的参数：" + what);
    }

    /** A refusal that is none: the outcome is open. */
    static AlipayRules.Refused unknown() {
        return new AlipayRules.Refused("20000", "isp.unknow-error", "系统繁忙");
    }

    static JsonObject content(Map<String, String> fields) {
        try (var reader = Json.createReader(new StringReader(fields.getOrDefault("biz_content", "")))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw AlipayRules.parameter("biz_content");
        }
    }

    /** With its code, unless it has another one already, and the words for it. */
    static JsonObject success(JsonObjectBuilder answer) {
        var node = answer.build();
        var code = node.getString("code", "10000");
        return Json.createObjectBuilder()
                .add("code", code)
                .add("msg", WORDS.get(code))
                .addAll(Json.createObjectBuilder(node))
                .build();
    }

    static JsonObject refusal(AlipayRules.Refused refused) {
        return Json.createObjectBuilder()
                .add("code", refused.code)
                .add("msg", WORDS.get(refused.code))
                .add("sub_code", refused.subCode)
                .add("sub_msg", refused.getMessage())
                .build();
    }

    /**
     * The answer as it leaves. Its slashes are escaped as the real one's are, and the node's exact characters are what is signed.
     *
     * @param account who is answered, or null if nobody knows
     * @param fault what happens to the signature, or null
     */
    String signed(Books.Account account, String name, JsonObject node, Fault fault) {
        var plain = node.toString();
        var text = plain.replace("/", "\\/");
        if (fault == Fault.ANSWER_REFUSED_UNSIGNED) return "{\"" + name + "\":" + text + "}";
        var toSign = fault == Fault.ANSWER_BADLY_SIGNED ? text + " " : text;
        if (fault == Fault.ANSWER_SIGNED_UNESCAPED) toSign = plain;
        var certificate =
                account != null && account.certificates() ? "\"alipay_cert_sn\":\"" + platformSerial() + "\"," : "";
        var sign = Keys.sign(toSign, accounts.platform("alipay").privateKey());
        return "{\"" + name + "\":" + text + "," + certificate + "\"sign\":\"" + sign + "\"}";
    }

    /** What Alipay's SDK in an app hands back after a payment: a JSON text, signed like an answer of the gateway. */
    String appResult(Caller caller, Books.Trade trade) {
        var node = success(Json.createObjectBuilder()
                .add("app_id", caller.application().appId())
                .add("auth_app_id", caller.seller().appId())
                .add("charset", "utf-8")
                .add("out_trade_no", trade.number())
                .add("seller_id", caller.seller().mchNo())
                .add("timestamp", AlipayMessages.time(clock.instant()))
                .add("total_amount", AlipayMessages.yuan(trade.reported()))
                .add("trade_no", trade.transactionId()));
        var whole = signed(caller.application(), "alipay_trade_app_pay_response", node, null);
        return whole.substring(0, whole.length() - 1) + ",\"sign_type\":\"RSA2\"}";
    }

    /** The shop's page with what Alipay says of a payment in a browser; no proof, only a hint. */
    String backToShop(Books.Account seller, Books.Trade trade, AlipayBooks.Detail detail) {
        var fields = new TreeMap<String, String>();
        fields.put("app_id", detail.appId().isEmpty() ? seller.appId() : detail.appId());
        fields.put("auth_app_id", seller.appId());
        fields.put("charset", "utf-8");
        fields.put("method", "alipay.trade." + detail.product().method + ".return");
        fields.put("out_trade_no", trade.number());
        fields.put("seller_id", seller.mchNo());
        fields.put("timestamp", AlipayMessages.time(clock.instant()));
        fields.put("total_amount", AlipayMessages.yuan(trade.reported()));
        fields.put("trade_no", trade.transactionId());
        fields.put("version", "1.0");
        fields.put(
                "sign",
                Keys.sign(
                        AlipayMessages.canonical(fields),
                        accounts.platform("alipay").privateKey()));
        fields.put("sign_type", "RSA2");
        var query = fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return detail.returnUrl() + (detail.returnUrl().contains("?") ? "&" : "?") + query;
    }
}
