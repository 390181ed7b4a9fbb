package io.cashdesk.otherprovider;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * WeChat Pay and Alipay in a process of their own that is not our WAR: implemented from their documents a third time,
 * without a line of the adapters or the simulator. Tests configure live accounts with the answer of {@code GET
 * /control/accounts}.
 */
public final class OtherProvider {
    private final State state = new State();
    private final OtherWechat wechat = new OtherWechat(state);
    private final OtherAlipay alipay = new OtherAlipay(state);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ExecutorService notifying = Executors.newFixedThreadPool(16);

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
        state.accounts.put(account.merchantNo(), account);
        state.accounts.put(account.appId(), account);
    }

    static String digits(int n) {
        return Pair.RANDOM.ints(n, 0, 10).mapToObj(Integer::toString).collect(Collectors.joining());
    }

    private void handle(HttpServerExchange exchange) throws Exception {
        var body = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var path = exchange.getRequestPath();
        if (path.startsWith("/control/")) control(exchange, path.substring(9));
        else if (path.startsWith("/wechat/v3/")) wechat.serve(exchange, body);
        else if (path.equals("/alipay/gateway.do")) alipay.serve(exchange, body);
        else Http.send(exchange, 404, "text/plain", "nothing here");
    }

    private void control(HttpServerExchange exchange, String what) throws Exception {
        switch (what) {
            case "accounts" ->
                Http.send(
                        exchange,
                        200,
                        "application/json",
                        configuration(exchange.getHostAndPort()).toString());
            case "delay" -> {
                state.delayMillis = Long.parseLong(query(exchange, "ms"));
                Http.send(exchange, 200, "text/plain", "ok");
            }
            case "outcomes" -> {
                var outcomes = new ConcurrentLinkedQueue<Outcome>();
                for (var text : query(exchange, "of").split(",")) outcomes.add(Outcome.parse(text));
                state.outcomes.put(query(exchange, "number"), outcomes);
                Http.send(exchange, 200, "text/plain", "ok");
            }
            case "created" ->
                Http.send(
                        exchange,
                        200,
                        "application/json",
                        Json.createArrayBuilder(List.copyOf(state.created))
                                .build()
                                .toString());
            case "pay" ->
                Http.send(exchange, 200, "application/json", pay(exchange).toString());
            case "order" ->
                Http.send(
                        exchange,
                        200,
                        "application/json",
                        show(state.orders.get(query(exchange, "number"))).toString());
            case "notify" ->
                Http.send(exchange, 200, "text/plain", state.orders.get(query(exchange, "number")).notifyUrl);
            case "sign" -> Http.send(exchange, 200, "text/plain", signedAhead(query(exchange, "prefix")));
            case "copy" -> {
                copy(exchange);
                Http.send(exchange, 200, "text/plain", "ok");
            }
            default -> Http.send(exchange, 404, "text/plain", "no such control");
        }
    }

    /** For load tests: the notifications of many Alipay orders, signed before the measurement begins. */
    private String signedAhead(String prefix) {
        return state.orders.values().parallelStream()
                .filter(o -> o.number.startsWith(prefix) && o.account.provider().equals("alipay"))
                .map(o -> {
                    o.scanned = true;
                    o.paidAt = Instant.now();
                    o.state = "SUCCESS";
                    return alipay.notification(o, false);
                })
                .collect(Collectors.joining("\n"));
    }

    /** For load tests: so many more orders like this one, with the numbers prefix1, prefix2, … */
    private void copy(HttpServerExchange exchange) {
        var order = state.orders.get(query(exchange, "number"));
        for (int i = 1; i <= Integer.parseInt(query(exchange, "count")); i++) {
            var number = query(exchange, "prefix") + i;
            state.orders.put(
                    number, new Order(order.account, number, order.fen, order.notifyUrl, order.request, order.expiry));
        }
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
        for (var account : List.copyOf(state.accounts.values())) {
            var node = Json.createObjectBuilder().add("appId", account.appId()).add("mchId", account.merchantNo());
            if (account.provider().equals("wxpay")) {
                node.add("version", 3)
                        .add("v3Key", account.v3Key())
                        .add("appCertContent", account.keys().certificatePem().replace("\n", "\\n"))
                        .add("appPrivateKeyContent", account.keys().privatePem().replace("\n", "\\n"))
                        .add("gateway", "http://" + host + "/wechat");
                if (!account.certificates()) {
                    node.add("wxpayPublicKeyId", "PUB_KEY_ID_011900000000")
                            .add(
                                    "wxpayPublicKeyContent",
                                    wechat.platform.publicPem().replace("\n", "\\n"));
                }
            } else {
                node.add("privateKey", account.keys().privateBase64())
                        .add("gateway", "http://" + host + "/alipay/gateway.do");
                if (account.certificates()) {
                    node.add("appCertContent", account.keys().certificatePem())
                            .add("alipayPublicCertContent", alipay.platform.certificatePem())
                            .add("alipayRootCertContent", alipay.platform.certificatePem());
                } else {
                    node.add("alipayPublicKey", alipay.platform.publicBase64());
                }
            }
            all.add(account.provider() + (account.certificates() ? "-certificates" : "-keys"), node);
        }
        return all.build();
    }

    private JsonObject pay(HttpServerExchange exchange) throws Exception {
        var order = state.orders.get(query(exchange, "number"));
        var times = query(exchange, "times").isEmpty() ? 1 : Integer.parseInt(query(exchange, "times"));
        var faults = List.of(query(exchange, "fault").split(","));
        var forged = faults.contains("forged");
        order.scanned = true;
        if (faults.contains("amount")) order.reportedFen = order.fen + 1;
        var stranger = faults.contains("stranger");
        if (stranger) order.reportedMerchant = "2999999999";
        // Alipay's answer to a query names no seller, so that there the payment is in the notification alone
        if (!forged && !(stranger && order.account.provider().equals("alipay"))) {
            // older: another system of the merchant used the number before
            order.paidAt = faults.contains("older") ? Instant.now().minus(Duration.ofHours(1)) : Instant.now();
            order.state = faults.contains("returned") ? "RETURNED" : "SUCCESS";
        }
        if (faults.contains("silent") || faults.contains("returned")) return show(order);
        var elsewhere = query(exchange, "to");
        var to = elsewhere.isEmpty() ? order.notifyUrl : elsewhere;
        if (order.paidAt == null) order.paidAt = Instant.now();
        var message = order.account.provider().equals("wxpay") ? null : alipay.notification(order, forged);
        var gate = new CountDownLatch(1);
        var sent = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < times; i++) {
            sent.add(
                    CompletableFuture.supplyAsync(() -> sendNotification(order, to, message, forged, gate), notifying));
        }
        gate.countDown();
        for (var answer : sent) order.answers.add(answer.get(20, TimeUnit.SECONDS));
        return show(order);
    }

    /** Sends one notification; the HTTP status of its answer, or -1. */
    private int sendNotification(Order order, String to, String form, boolean forged, CountDownLatch gate) {
        try {
            gate.await();
            var request = HttpRequest.newBuilder(URI.create(to)).timeout(Duration.ofSeconds(5));
            if (form == null) {
                var body = OtherWechat.notification(order);
                request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
                wechat.signatureHeaders(order.account, forged ? body + "x" : body)
                        .forEach(request::header);
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
}
