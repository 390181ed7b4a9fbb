package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.PlatformKeys;
import io.cashdesk.simulator.Rsa;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;

/** Reads requests to Alipay's gateway and verifies who has signed them. */
@ApplicationScoped
class AlipayRequestVerifier {
    @Inject
    AccountStore accounts;

    @Inject
    AlipayAuthorizations authorizations;

    @Inject
    PlatformKeys platformKeys;

    /** The fields of a query and of a form. */
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
                    throw AlipayRefusal.invalid("parameter");
                }
            }
        }
        return fields;
    }

    /**
     * The caller who has signed these fields; refused if a parameter of the protocol, the signature or an address is
     * wrong.
     */
    AlipayCaller caller(Map<String, String> fields) {
        for (var name : new String[] {"method", "app_id", "sign", "sign_type", "timestamp", "version", "charset"}) {
            if (fields.getOrDefault(name, "").isEmpty()) {
                throw AlipayRefusal.missing(name.replace('_', '-').replace("sign", "signature"));
            }
        }
        if (!fields.get("sign_type").equals("RSA2")) throw AlipayRefusal.invalid("signature-type");
        if (!fields.get("version").equals("1.0")) throw AlipayRefusal.invalid("version");
        if (!fields.get("charset").equalsIgnoreCase("utf-8")) throw AlipayRefusal.invalid("charset");
        if (!fields.getOrDefault("format", "JSON").equalsIgnoreCase("JSON")) throw AlipayRefusal.invalid("format");
        if (!fields.getOrDefault("encrypt_type", "").isEmpty()) throw AlipayRefusal.invalid("encrypt-type");
        try {
            LocalDateTime.parse(fields.get("timestamp"), DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
        } catch (DateTimeException e) {
            throw AlipayRefusal.invalid("timestamp");
        }
        var account = accounts.byAppId(AlipayServer.NAME, fields.get("app_id"))
                .orElseThrow(() -> AlipayRefusal.invalid("app-id"));
        if (account.certificates()) checkCertificates(account, fields);
        var signed = new TreeMap<>(fields);
        signed.remove("sign");
        if (!Rsa.verify(AlipayFormat.canonical(signed), fields.get("sign"), account.publicKey())) {
            throw AlipayRefusal.invalid("signature");
        }
        checkAddress(fields, "notify_url", 256);
        checkAddress(fields, "return_url", 2048);
        return new AlipayCaller(account, seller(account, fields.getOrDefault("app_auth_token", "")));
    }

    private void checkCertificates(Account account, Map<String, String> fields) {
        if (!account.serial().equals(fields.get("app_cert_sn"))) throw AlipayRefusal.missing("app-cert-sn");
        if (!AlipayCertificates.platformSerial(platformKeys).equals(fields.get("alipay_root_cert_sn")))
            throw AlipayRefusal.missing("alipay-root-cert-sn");
    }

    private static void checkAddress(Map<String, String> fields, String name, int most) {
        var url = fields.getOrDefault(name, "");
        if (url.isEmpty()) return;
        if (url.length() > most || !url.matches("https?://[^\\s/]+.*")) throw AlipayRefusal.parameter(name);
    }

    private Account seller(Account application, String token) {
        if (token.isEmpty()) return application;
        return authorizations
                .find(token)
                .filter(a -> a.applicationId().equals(application.id()))
                .map(a -> accounts.get(a.sellerId()))
                .orElseThrow(() -> new AlipayRefusal("20001", "aop.invalid-app-auth-token", "无效的应用授权令牌"));
    }

    /** A log line of a request: its parameters are the headers, and {@code biz_content} is the body. */
    static Exchange line(Account seller, String number, Exchange.Way way, String verb, Map<String, String> fields) {
        var parameters = new TreeMap<>(fields);
        parameters.remove("biz_content");
        var method = fields.getOrDefault("method", "");
        return Exchange.of(
                        seller == null ? null : seller.id(),
                        number,
                        way,
                        verb + " " + AlipayServer.GATEWAY + " " + method)
                .headers(parameters)
                .body(fields.getOrDefault("biz_content", ""));
    }

    /** The {@code biz_content}. */
    static JsonObject content(Map<String, String> fields) {
        try (var reader = Json.createReader(new StringReader(fields.getOrDefault("biz_content", "")))) {
            return reader.readObject();
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            throw AlipayRefusal.parameter("biz_content");
        }
    }
}
