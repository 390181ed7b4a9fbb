package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
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
    @Inject
    Books books;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Clock clock;

    static Map<String, String> decoded(String... forms) {
        var fields = new TreeMap<String, String>();
        for (var form : forms) {
            for (var pair : form.split("&")) {
                int at = pair.indexOf('=');
                if (at <= 0) continue;
                fields.put(
                        URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }

    /** The token with which an application of this id may act for another merchant. */
    static String appAuthToken(String appId) {
        return "202601BB" + appId;
    }

    /** The application that signed these fields. */
    Books.Account caller(Map<String, String> fields) {
        for (var name : new String[] {"method", "app_id", "sign", "sign_type", "timestamp", "version", "charset"}) {
            if (fields.getOrDefault(name, "").isEmpty()) {
                throw new AlipayRules.Refused(
                        "40001", "isv.missing-" + name.replace('_', '-').replace("sign", "signature"), "缺少参数 " + name);
            }
        }
        if (!fields.get("sign_type").equals("RSA2")) throw invalid("signature-type");
        if (!fields.get("version").equals("1.0")) throw invalid("version");
        if (!fields.get("charset").equalsIgnoreCase("utf-8")) throw invalid("charset");
        try {
            LocalDateTime.parse(fields.get("timestamp"), DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
        } catch (DateTimeException e) {
            throw invalid("timestamp");
        }
        var account = books.accountByAppId("alipay", fields.get("app_id")).orElseThrow(() -> invalid("app-id"));
        if (account.certificates() && !account.serial().equals(fields.get("app_cert_sn"))) {
            throw new AlipayRules.Refused("40001", "isv.missing-app-cert-sn", "应用公钥证书序列号不正确");
        }
        var signed = new TreeMap<>(fields);
        signed.remove("sign");
        if (!Keys.verify(AlipayMessages.canonical(signed), fields.get("sign"), account.publicKey()))
            throw invalid("signature");
        var token = fields.getOrDefault("app_auth_token", "");
        if (!token.isEmpty() && !token.equals(appAuthToken(account.appId()))) {
            throw new AlipayRules.Refused("20001", "aop.invalid-app-auth-token", "无效的应用授权令牌");
        }
        return account;
    }

    private static AlipayRules.Refused invalid(String what) {
        return new AlipayRules.Refused("40002", "isv.invalid-" + what, "无效的参数：" + what);
    }

    static JsonObject content(Map<String, String> fields) {
        try (var reader = Json.createReader(new StringReader(fields.getOrDefault("biz_content", "")))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw AlipayRules.business("INVALID_PARAMETER", "参数有误：biz_content");
        }
    }

    /** The node's exact characters are what is signed. */
    String signed(Books.Account account, String name, JsonObject node) {
        var text = node.toString();
        var platform = accounts.platform("alipay");
        var certificate = account != null && account.certificates()
                ? "\"alipay_cert_sn\":\""
                        + Keys.alipaySerial("CN=Simulated alipay", new BigInteger(platform.serial(), 16)) + "\","
                : "";
        return "{\"" + name + "\":" + text + "," + certificate + "\"sign\":\"" + Keys.sign(text, platform.privateKey())
                + "\"}";
    }

    /** The shop's page with what Alipay says of a payment in a browser; no proof, only a hint. */
    String backToShop(Books.Account account, Books.Trade trade, AlipayBooks.Detail detail) {
        var fields = new TreeMap<String, String>();
        fields.put("app_id", account.appId());
        fields.put("auth_app_id", account.appId());
        fields.put("charset", "utf-8");
        fields.put("method", "alipay.trade." + detail.product() + ".return");
        fields.put("out_trade_no", trade.number());
        fields.put("seller_id", account.mchNo());
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
