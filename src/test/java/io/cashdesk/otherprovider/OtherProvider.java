package io.cashdesk.otherprovider;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * WeChat Pay and Alipay in a process of their own that is not our WAR: written from their documents once more, sharing no line
 * with the adapters or the simulator. Tests configure live accounts with what {@code GET /control/accounts} hands out.
 */
public final class OtherProvider {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter WALL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final Pattern AUTH = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final Map<String, Order> orders = new ConcurrentHashMap<>();
    private final Pair wechat = Pair.make("wechat-platform");
    private final Pair alipay = Pair.make("alipay-platform");
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ExecutorService notifying = Executors.newFixedThreadPool(16);
    private volatile long delayMillis;

    /** A merchant's account: who he is, his keys, and whether certificates are used. */
    private record Account(
            String provider, String merchantNo, String appId, Pair keys, String v3Key, boolean certificates) {}

    private static final class Order {
        final Account account;
        final String number;
        final long fen;
        final String notifyUrl;
        final String request;
        final Instant expiry;
        volatile boolean scanned;
        volatile String state = "NOTPAY";
        volatile long told;
        volatile Instant paidAt;
        final String code;
        final String transaction = "42" + digits(26);
        final List<Integer> answers = java.util.Collections.synchronizedList(new ArrayList<>());

        Order(Account account, String number, long fen, String notifyUrl, String request, Instant expiry) {
            this.account = account;
            this.number = number;
            this.fen = fen;
            this.told = fen;
            this.notifyUrl = notifyUrl;
            this.request = request;
            this.expiry = expiry;
            this.code = account.provider().equals("wxpay")
                    ? "weixin://wxpay/bizpayurl?pr=" + digits(10)
                    : "https://qr.alipay.com/bax" + digits(20);
        }
    }

    public static void main(String[] args) throws Exception {
        var provider = new OtherProvider();
        for (var certificates : new boolean[] {false, true}) {
            provider.add(new Account(
                    "wxpay", "19" + digits(8), "wx" + digits(16), Pair.make("merchant"), digits(32), certificates));
            provider.add(new Account(
                    "alipay", "2088" + digits(12), "2021" + digits(12), Pair.make("app"), "", certificates));
        }
        var server = Undertow.builder()
                .addHttpListener(Integer.parseInt(args[0]), "127.0.0.1")
                .setWorkerThreads(64)
                .setHandler(new BlockingHandler(provider::handle))
                .build();
        server.start();
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    private void add(Account account) {
        accounts.put(account.merchantNo(), account);
        accounts.put(account.appId(), account);
    }

    static String digits(int n) {
        return Pair.RANDOM.ints(n, 0, 10).mapToObj(Integer::toString).collect(Collectors.joining());
    }

    private void handle(HttpServerExchange exchange) throws Exception {
        var body = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var path = exchange.getRequestPath();
        if (path.startsWith("/control/")) control(exchange, path.substring(9));
        else if (path.startsWith("/wechat/v3/")) wechat(exchange, body);
        else if (path.equals("/alipay/gateway.do")) alipay(exchange, body);
        else send(exchange, 404, "text/plain", "nothing here");
    }

    // control

    private void control(HttpServerExchange exchange, String what) throws Exception {
        switch (what) {
            case "accounts" ->
                send(
                        exchange,
                        200,
                        "application/json",
                        configuration(exchange.getHostAndPort()).toString());
            case "delay" -> {
                delayMillis = Long.parseLong(query(exchange, "ms"));
                send(exchange, 200, "text/plain", "ok");
            }
            case "pay" -> send(exchange, 200, "application/json", pay(exchange).toString());
            case "order" ->
                send(
                        exchange,
                        200,
                        "application/json",
                        show(orders.get(query(exchange, "number"))).toString());
            case "notify" -> send(exchange, 200, "text/plain", orders.get(query(exchange, "number")).notifyUrl);
            case "sign" -> send(exchange, 200, "text/plain", signedAhead(query(exchange, "prefix")));
            default -> send(exchange, 404, "text/plain", "no such control");
        }
    }

    /** For load tests: the notifications of many Alipay orders, signed before anybody measures. */
    private String signedAhead(String prefix) {
        return orders.values().parallelStream()
                .filter(o -> o.number.startsWith(prefix) && o.account.provider().equals("alipay"))
                .map(o -> {
                    o.scanned = true;
                    o.paidAt = Instant.now();
                    o.state = "SUCCESS";
                    return alipayNotification(o, false);
                })
                .collect(Collectors.joining("\n"));
    }

    private static String query(HttpServerExchange exchange, String name) {
        var values = exchange.getQueryParameters().get(name);
        return values == null ? "" : values.getFirst();
    }

    private static JsonObject show(Order order) {
        if (order == null) return Json.createObjectBuilder().add("known", false).build();
        var answers = Json.createArrayBuilder();
        order.answers.forEach(answers::add);
        return Json.createObjectBuilder()
                .add("known", true)
                .add("state", order.state)
                .add("fen", order.fen)
                .add("answers", answers)
                .build();
    }

    private JsonObject configuration(String host) {
        var all = Json.createObjectBuilder();
        for (var account : List.copyOf(accounts.values())) {
            var node = Json.createObjectBuilder().add("appId", account.appId()).add("mchId", account.merchantNo());
            if (account.provider().equals("wxpay")) {
                node.add("version", 3)
                        .add("v3Key", account.v3Key())
                        .add("appCertContent", account.keys().certificatePem().replace("\n", "\\n"))
                        .add("appPrivateKeyContent", account.keys().privatePem().replace("\n", "\\n"))
                        .add("gateway", "http://" + host + "/wechat");
                if (!account.certificates()) {
                    node.add("wxpayPublicKeyId", "PUB_KEY_ID_011900000000")
                            .add("wxpayPublicKeyContent", wechat.publicPem().replace("\n", "\\n"));
                }
            } else {
                node.add("privateKey", account.keys().privateBase64())
                        .add("gateway", "http://" + host + "/alipay/gateway.do");
                if (account.certificates()) {
                    node.add("appCertContent", account.keys().certificatePem())
                            .add("alipayPublicCertContent", alipay.certificatePem())
                            .add("alipayRootCertContent", alipay.certificatePem());
                } else {
                    node.add("alipayPublicKey", alipay.publicBase64());
                }
            }
            all.add(account.provider() + (account.certificates() ? "-certificates" : "-keys"), node);
        }
        return all.build();
    }

    private JsonObject pay(HttpServerExchange exchange) throws Exception {
        var order = orders.get(query(exchange, "number"));
        var times = query(exchange, "times").isEmpty() ? 1 : Integer.parseInt(query(exchange, "times"));
        var fault = query(exchange, "fault");
        order.scanned = true;
        if (fault.equals("amount")) order.told = order.fen + 1;
        if (!fault.equals("forged")) {
            order.paidAt = Instant.now();
            order.state = fault.equals("returned") ? "RETURNED" : "SUCCESS";
        }
        if (fault.equals("silent") || fault.equals("returned")) return show(order);
        var elsewhere = query(exchange, "to");
        var to = elsewhere.isEmpty() ? order.notifyUrl : elsewhere;
        var forged = fault.equals("forged");
        if (forged) order.paidAt = Instant.now();
        var message = order.account.provider().equals("wxpay") ? null : alipayNotification(order, forged);
        var gate = new CountDownLatch(1);
        var sent = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < times; i++) {
            sent.add(CompletableFuture.supplyAsync(() -> tell(order, to, message, forged, gate), notifying));
        }
        gate.countDown();
        for (var answer : sent) order.answers.add(answer.get(20, TimeUnit.SECONDS));
        return show(order);
    }

    private int tell(Order order, String to, String form, boolean forged, CountDownLatch gate) {
        try {
            gate.await();
            var request = HttpRequest.newBuilder(URI.create(to)).timeout(Duration.ofSeconds(5));
            if (form == null) {
                var body = wechatNotification(order);
                request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
                signedByWechat(order.account, forged ? body + "x" : body).forEach(request::header);
            } else {
                request.header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            return -1;
        }
    }

    // WeChat Pay

    private void wechat(HttpServerExchange exchange, String body) throws Exception {
        var target = exchange.getRequestURI().substring("/wechat".length())
                + (exchange.getQueryString().isEmpty() ? "" : "?" + exchange.getQueryString());
        var account = wechatCaller(exchange, target, body);
        if (account == null) {
            send(exchange, 401, "application/json", "{\"code\":\"SIGN_ERROR\",\"message\":\"签名错误\"}");
        } else if (target.startsWith("/v3/certificates")) {
            answer(
                    exchange,
                    account,
                    account.certificates() ? 200 : 404,
                    certificates(account).toString());
        } else if (target.equals("/v3/pay/transactions/native")) {
            wechatNative(exchange, account, body);
        } else if (target.startsWith("/v3/pay/transactions/out-trade-no/")) {
            wechatOrder(exchange, account, target.substring("/v3/pay/transactions/out-trade-no/".length()));
        } else {
            send(exchange, 404, "application/json", "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"?\"}");
        }
    }

    private Account wechatCaller(HttpServerExchange exchange, String target, String body) {
        var header = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        if (header == null || !header.startsWith("WECHATPAY2-SHA256-RSA2048 ")) return null;
        var fields = new TreeMap<String, String>();
        var matcher = AUTH.matcher(header);
        while (matcher.find()) fields.put(matcher.group(1), matcher.group(2));
        var account = accounts.get(fields.getOrDefault("mchid", ""));
        if (account == null || !account.keys().serial().equals(fields.get("serial_no"))) return null;
        if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(fields.get("timestamp"))) > 300) return null;
        var text = exchange.getRequestMethod() + "\n" + target + "\n" + fields.get("timestamp") + "\n"
                + fields.get("nonce_str") + "\n" + body + "\n";
        return account.keys().verifies(text, fields.get("signature")) ? account : null;
    }

    private void wechatNative(HttpServerExchange exchange, Account account, String body) throws Exception {
        var wish = object(body);
        var bad = !account.merchantNo().equals(wish.getString("mchid"))
                || !account.appId().equals(wish.getString("appid"))
                || !wish.getString("out_trade_no").matches("[0-9A-Za-z_|*-]{6,32}")
                || wish.getString("notify_url").contains("?");
        if (bad) {
            send(exchange, 400, "application/json", "{\"code\":\"PARAM_ERROR\",\"message\":\"参数错误\"}");
            return;
        }
        var fresh = new Order(
                account,
                wish.getString("out_trade_no"),
                wish.getJsonObject("amount").getInt("total"),
                wish.getString("notify_url"),
                body,
                OffsetDateTime.parse(wish.getString("time_expire")).toInstant());
        var order = orders.merge(fresh.number, fresh, (old, now) -> old);
        pause(delayMillis);
        if (order.state.equals("SUCCESS")) refuse(exchange, "ORDERPAID");
        else if (order.state.equals("CLOSED")) refuse(exchange, "ORDER_CLOSED");
        else if (!order.request.equals(body)) refuse(exchange, "INVALID_REQUEST");
        else answer(exchange, account, 200, "{\"code_url\":\"" + order.code + "\"}");
    }

    private void wechatOrder(HttpServerExchange exchange, Account account, String rest) throws Exception {
        var closing = rest.endsWith("/close");
        var raw = closing ? rest.substring(0, rest.length() - 6) : rest.substring(0, rest.indexOf('?'));
        var order = orders.get(URLDecoder.decode(raw, StandardCharsets.UTF_8));
        if (order == null) {
            send(exchange, 404, "application/json", "{\"code\":\"ORDER_NOT_EXIST\",\"message\":\"订单不存在\"}");
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
                .add("mchid", order.account.merchantNo())
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
                                    .add("total", order.told)
                                    .add(
                                            "payer_total",
                                            Math.max(
                                                    1,
                                                    order.told - 1)) // a discount: the payer pays less than the order
                                    .add("currency", "CNY")
                                    .add("payer_currency", "CNY"));
        }
        return json.build();
    }

    private static String wechatNotification(Order order) {
        var nonce = digits(12);
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
        var nonce = digits(12);
        return Json.createObjectBuilder()
                .add(
                        "data",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("serial_no", wechat.serial())
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
                                                                        wechat.certificatePem(),
                                                                        account.v3Key(),
                                                                        nonce,
                                                                        "certificate")))))
                .build();
    }

    private Map<String, String> signedByWechat(Account account, String body) {
        var timestamp = Long.toString(Instant.now().getEpochSecond());
        var nonce = digits(32);
        return Map.of(
                "Wechatpay-Timestamp",
                timestamp,
                "Wechatpay-Nonce",
                nonce,
                "Wechatpay-Serial",
                account.certificates() ? wechat.serial() : "PUB_KEY_ID_011900000000",
                "Wechatpay-Signature-Type",
                "WECHATPAY2-SHA256-RSA2048",
                "Wechatpay-Signature",
                wechat.sign(timestamp + "\n" + nonce + "\n" + body + "\n"));
    }

    private void refuse(HttpServerExchange exchange, String code) throws IOException {
        send(exchange, 400, "application/json", "{\"code\":\"" + code + "\",\"message\":\"…\"}");
    }

    private void answer(HttpServerExchange exchange, Account account, int status, String body) throws IOException {
        signedByWechat(account, body)
                .forEach((n, v) -> exchange.getResponseHeaders().put(new HttpString(n), v));
        send(exchange, status, "application/json; charset=utf-8", body);
    }

    // Alipay

    private void alipay(HttpServerExchange exchange, String body) throws Exception {
        var fields = new TreeMap<String, String>();
        for (var pair : (exchange.getQueryString() + "&" + body).split("&")) {
            var at = pair.indexOf('=');
            if (at > 0) fields.put(decode(pair.substring(0, at)), decode(pair.substring(at + 1)));
        }
        var account = accounts.get(fields.getOrDefault("app_id", ""));
        var signature = fields.remove("sign");
        var right = account != null
                && signature != null
                && account.keys().verifies(join(fields), signature)
                && (!account.certificates()
                        || fields.getOrDefault("app_cert_sn", "").length() == 32);
        if (!right) {
            node(
                    exchange,
                    account,
                    "error",
                    Json.createObjectBuilder()
                            .add("code", "40002")
                            .add("msg", "Invalid Arguments")
                            .add("sub_code", "isv.invalid-signature"));
            return;
        }
        var content = object(fields.get("biz_content"));
        var number = content.getString("out_trade_no");
        var method = fields.get("method");
        if (method.equals("alipay.trade.precreate")) {
            precreate(exchange, account, fields.get("notify_url"), content);
            return;
        }
        var order = orders.get(number);
        if (order == null || !order.scanned) {
            node(exchange, account, method, no("ACQ.TRADE_NOT_EXIST"));
        } else if (method.equals("alipay.trade.query")) {
            node(exchange, account, method, trade(order));
        } else if (order.state.equals("NOTPAY")) {
            order.state = "CLOSED";
            node(exchange, account, method, yes().add("out_trade_no", number));
        } else {
            node(exchange, account, method, no("ACQ.TRADE_STATUS_ERROR"));
        }
    }

    private void precreate(HttpServerExchange exchange, Account account, String notifyUrl, JsonObject content)
            throws IOException {
        var yuan = new java.math.BigDecimal(content.getString("total_amount"));
        var fresh = new Order(
                account,
                content.getString("out_trade_no"),
                yuan.movePointRight(2).longValueExact(),
                notifyUrl,
                content.toString(),
                LocalDateTime.parse(content.getString("time_expire"), WALL).toInstant(CHINA));
        var order = orders.merge(fresh.number, fresh, (old, now) -> old);
        pause(delayMillis);
        node(
                exchange,
                account,
                "alipay.trade.precreate",
                yes().add("out_trade_no", order.number).add("qr_code", order.code));
    }

    private static JsonObjectBuilder trade(Order order) {
        var returned = order.state.equals("RETURNED");
        var paid = order.state.equals("SUCCESS");
        var json = yes().add("out_trade_no", order.number)
                .add("trade_no", order.transaction)
                .add(
                        "trade_status",
                        paid
                                ? "TRADE_SUCCESS"
                                : returned || order.state.equals("CLOSED") ? "TRADE_CLOSED" : "WAIT_BUYER_PAY")
                .add("total_amount", yuan(order.told))
                .add("buyer_user_id", "2088000000000009");
        return paid || returned ? json.add("send_pay_date", WALL.format(order.paidAt.atOffset(CHINA))) : json;
    }

    private String alipayNotification(Order order, boolean forged) {
        var fields = new TreeMap<String, String>();
        fields.put("app_id", order.account.appId());
        fields.put("charset", "utf-8");
        fields.put("gmt_payment", WALL.format(order.paidAt.atOffset(CHINA)));
        fields.put("notify_id", digits(34));
        fields.put("notify_time", WALL.format(OffsetDateTime.now(CHINA)));
        fields.put("notify_type", "trade_status_sync");
        fields.put("out_trade_no", order.number);
        fields.put("refund_fee", "0.00"); // documented payment notifications carry it
        fields.put("seller_id", order.account.merchantNo());
        fields.put("subject", "一个 + 新字段 & 中文");
        fields.put("total_amount", yuan(order.told));
        fields.put("trade_no", order.transaction);
        fields.put("trade_status", "TRADE_SUCCESS");
        fields.put("version", "1.0");
        fields.put("a_field_of_the_future", "must not be dropped");
        var sign = alipay.sign(join(fields) + (forged ? "x" : ""));
        fields.put("sign", sign);
        fields.put("sign_type", "RSA2");
        return fields.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static JsonObjectBuilder yes() {
        return Json.createObjectBuilder().add("code", "10000").add("msg", "Success");
    }

    private static JsonObjectBuilder no(String code) {
        return Json.createObjectBuilder()
                .add("code", "40004")
                .add("msg", "Business Failed")
                .add("sub_code", code);
    }

    private void node(HttpServerExchange exchange, Account account, String method, JsonObjectBuilder content)
            throws IOException {
        var text = content.build().toString();
        var certificate = account != null && account.certificates()
                ? ",\"alipay_cert_sn\":\"" + alipay.alipaySerial() + "\""
                : "";
        var body = "{\"" + method.replace('.', '_') + "_response\":" + text + certificate + ",\"sign\":\""
                + alipay.sign(text) + "\"}";
        send(exchange, 200, "text/html;charset=utf-8", body);
    }

    private static String join(Map<String, String> fields) {
        return fields.entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
    }

    private static String yuan(long fen) {
        return String.format("%d.%02d", fen / 100, fen % 100);
    }

    // wire

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpServerExchange exchange, int status, String type, String body) throws IOException {
        exchange.setStatusCode(status);
        if (!body.isEmpty()) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
            exchange.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        exchange.endExchange();
    }
}
