package io.cashdesk.otherprovider;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/** WeChat Pay, API v3: Native orders, queries, closing, certificates and notifications. */
final class OtherWechat {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final Pattern AUTHORIZATION = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final State state;

    /** The key pair that signs as the platform. */
    final Pair platform = Pair.make("wechat-platform");

    OtherWechat(State state) {
        this.state = state;
    }

    /** One call of a merchant. */
    void serve(HttpServerExchange exchange, String body) throws Exception {
        var target = exchange.getRequestURI().substring("/wechat".length())
                + (exchange.getQueryString().isEmpty() ? "" : "?" + exchange.getQueryString());
        var account = caller(exchange, target, body);
        if (account == null) {
            Http.send(exchange, 401, "application/json", "{\"code\":\"SIGN_ERROR\",\"message\":\"签名错误\"}");
        } else if (target.startsWith("/v3/certificates")) {
            answer(
                    exchange,
                    account,
                    account.certificates() ? 200 : 404,
                    certificates(account).toString());
        } else if (target.equals("/v3/pay/transactions/native")) {
            makeNative(exchange, account, body);
        } else if (target.startsWith("/v3/pay/transactions/out-trade-no/")) {
            order(exchange, account, target.substring("/v3/pay/transactions/out-trade-no/".length()));
        } else {
            Http.send(exchange, 404, "application/json", "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"?\"}");
        }
    }

    private Account caller(HttpServerExchange exchange, String target, String body) {
        var header = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        if (header == null || !header.startsWith("WECHATPAY2-SHA256-RSA2048 ")) return null;
        var fields = new TreeMap<String, String>();
        var matcher = AUTHORIZATION.matcher(header);
        while (matcher.find()) fields.put(matcher.group(1), matcher.group(2));
        var account = state.accounts.get(fields.getOrDefault("mchid", ""));
        if (account == null || !account.keys().serial().equals(fields.get("serial_no"))) return null;
        if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(fields.get("timestamp"))) > 300) return null;
        var text = exchange.getRequestMethod() + "\n" + target + "\n" + fields.get("timestamp") + "\n"
                + fields.get("nonce_str") + "\n" + body + "\n";
        return account.keys().verifies(text, fields.get("signature")) ? account : null;
    }

    private void makeNative(HttpServerExchange exchange, Account account, String body) throws Exception {
        var wanted = Http.object(body);
        var bad = !account.merchantNo().equals(wanted.getString("mchid"))
                || !account.appId().equals(wanted.getString("appid"))
                || !wanted.getString("out_trade_no").matches("[0-9A-Za-z_|*-]{6,32}")
                || wanted.getString("notify_url").contains("?");
        if (bad) {
            Http.send(exchange, 400, "application/json", "{\"code\":\"PARAM_ERROR\",\"message\":\"参数错误\"}");
            return;
        }
        var fresh = new Order(
                account,
                wanted.getString("out_trade_no"),
                wanted.getJsonObject("amount").getInt("total"),
                wanted.getString("notify_url"),
                body,
                OffsetDateTime.parse(wanted.getString("time_expire")).toInstant());
        var outcome = state.outcomeOf(fresh.number);
        if (!outcome.taken()) {
            fail(exchange, outcome);
            return;
        }
        var order = state.orders.merge(fresh.number, fresh, (old, now) -> old);
        Http.pause(state.delayMillis);
        if (!outcome.prompt()) {
            fail(exchange, outcome);
            return;
        }
        if (order.state.equals("SUCCESS")) refuse(exchange, "ORDERPAID");
        else if (order.state.equals("CLOSED")) refuse(exchange, "ORDER_CLOSED");
        else if (!order.request.equals(body)) refuse(exchange, "INVALID_REQUEST");
        else answer(exchange, account, 200, "{\"code_url\":\"" + order.code + "\"}");
    }

    private static void fail(HttpServerExchange exchange, Outcome outcome) throws IOException {
        var body = "{\"code\":\"" + outcome.code() + "\",\"message\":\"…\"}";
        Http.send(exchange, outcome.status(), "application/json", outcome.code().isEmpty() ? "…" : body);
    }

    private void order(HttpServerExchange exchange, Account account, String rest) throws Exception {
        var closing = rest.endsWith("/close");
        var raw = closing ? rest.substring(0, rest.length() - 6) : rest.substring(0, rest.indexOf('?'));
        var order = state.orders.get(URLDecoder.decode(raw, StandardCharsets.UTF_8));
        if (order == null) {
            Http.send(exchange, 404, "application/json", "{\"code\":\"ORDER_NOT_EXIST\",\"message\":\"订单不存在\"}");
        } else if (!closing) {
            answer(exchange, account, 200, transaction(order).toString());
        } else if (order.state.equals("SUCCESS")) {
            refuse(exchange, "ORDERPAID");
        } else {
            order.state = "CLOSED";
            answer(exchange, account, 204, "");
        }
    }

    private static JsonObject transaction(Order order) {
        var paid = order.state.equals("SUCCESS") || order.paidAt != null;
        var json = Json.createObjectBuilder()
                .add("appid", order.account.appId())
                .add("mchid", order.reportedMerchant)
                .add("out_trade_no", order.number)
                .add("trade_state", order.state.equals("RETURNED") ? "REFUND" : paid ? "SUCCESS" : order.state)
                .add("trade_state_desc", "…");
        if (paid) {
            json.add("transaction_id", order.transaction)
                    .add("trade_type", "NATIVE")
                    .add("bank_type", "OTHERS")
                    .add(
                            "success_time",
                            order.paidAt.atOffset(CHINA).withNano(0).toString())
                    .add("payer", Json.createObjectBuilder().add("openid", "oOther"))
                    .add(
                            "amount",
                            Json.createObjectBuilder()
                                    .add("total", order.reportedFen)
                                    .add(
                                            "payer_total",
                                            Math.max(
                                                    1,
                                                    order.reportedFen
                                                            - 1)) // a discount: the payer pays less than the order
                                    .add("currency", "CNY")
                                    .add("payer_currency", "CNY"));
        }
        return json.build();
    }

    /** The body of the notification of a payment. */
    static String notification(Order order) {
        var nonce = OtherProvider.digits(12);
        var sealed = Pair.encrypt(transaction(order).toString(), order.account.v3Key(), nonce, "transaction");
        return Json.createObjectBuilder()
                .add("id", UUID.randomUUID().toString())
                .add("create_time", OffsetDateTime.now(CHINA).withNano(0).toString())
                .add("resource_type", "encrypt-resource")
                .add("event_type", "TRANSACTION.SUCCESS")
                .add("summary", "支付成功")
                .add(
                        "resource",
                        Json.createObjectBuilder()
                                .add("original_type", "transaction")
                                .add("algorithm", "AEAD_AES_256_GCM")
                                .add("ciphertext", sealed)
                                .add("associated_data", "transaction")
                                .add("nonce", nonce))
                .build()
                .toString();
    }

    private JsonObject certificates(Account account) {
        var nonce = OtherProvider.digits(12);
        return Json.createObjectBuilder()
                .add(
                        "data",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("serial_no", platform.serial())
                                        .add("effective_time", "2026-01-01T00:00:00+08:00")
                                        .add("expire_time", "2031-01-01T00:00:00+08:00")
                                        .add(
                                                "encrypt_certificate",
                                                Json.createObjectBuilder()
                                                        .add("algorithm", "AEAD_AES_256_GCM")
                                                        .add("nonce", nonce)
                                                        .add("associated_data", "certificate")
                                                        .add(
                                                                "ciphertext",
                                                                Pair.encrypt(
                                                                        platform.certificatePem(),
                                                                        account.v3Key(),
                                                                        nonce,
                                                                        "certificate")))))
                .build();
    }

    /** The headers that sign this body. */
    Map<String, String> signatureHeaders(Account account, String body) {
        var timestamp = Long.toString(Instant.now().getEpochSecond());
        var nonce = OtherProvider.digits(32);
        return Map.of(
                "Wechatpay-Timestamp",
                timestamp,
                "Wechatpay-Nonce",
                nonce,
                "Wechatpay-Serial",
                account.certificates() ? platform.serial() : "PUB_KEY_ID_011900000000",
                "Wechatpay-Signature-Type",
                "WECHATPAY2-SHA256-RSA2048",
                "Wechatpay-Signature",
                platform.sign(timestamp + "\n" + nonce + "\n" + body + "\n"));
    }

    private void refuse(HttpServerExchange exchange, String code) throws IOException {
        Http.send(exchange, 400, "application/json", "{\"code\":\"" + code + "\",\"message\":\"…\"}");
    }

    private void answer(HttpServerExchange exchange, Account account, int status, String body) throws IOException {
        signatureHeaders(account, body)
                .forEach((n, v) -> exchange.getResponseHeaders().put(new HttpString(n), v));
        Http.send(exchange, status, "application/json; charset=utf-8", body);
    }
}
