package io.cashdesk.fault;

import io.cashdesk.testing.Node;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Merchants' servers and payers, who execute the plans and record the answers that promised something. */
final class OrderLoad {
    private static final int TRIES = 12;

    /**
     * Codes that mean "not yet": a refund is unknown, a call runs, an attempt cannot be closed now, too many attempts.
     */
    private static final Set<Integer> LATER = Set.of(2004, 2008, 2010, 2021);

    private static final Duration UNTIL_PAID = Duration.ofSeconds(25);

    private final List<Node> nodes;
    private final SimulatedProviders providers;
    private final Map<OrderPlan.Policy, String> keys;
    private final Map<OrderPlan.Policy, String> openids;
    private final Map<OrderPlan.Policy, String> apps;
    private final ConcurrentLinkedQueue<Promise> promises = new ConcurrentLinkedQueue<>();
    private final Map<String, ConcurrentLinkedQueue<String>> timeline = new ConcurrentHashMap<>();

    /** What an answer of ours said that must stay true. */
    enum Kind {
        PAID,
        CLOSED,
        REFUND_ACCEPTED
    }

    /** @param refund the merchant's number of the refund, with its amount, or null */
    record Promise(String number, Kind kind, String refund, long fen) {}

    /**
     * @param keys API keys
     * @param openids the users of the mini-programs, who are logged in
     * @param apps the bundle ids of the merchants' apps
     */
    OrderLoad(
            List<Node> nodes,
            SimulatedProviders providers,
            Map<OrderPlan.Policy, String> keys,
            Map<OrderPlan.Policy, String> openids,
            Map<OrderPlan.Policy, String> apps) {
        this.nodes = nodes;
        this.providers = providers;
        this.keys = keys;
        this.openids = openids;
        this.apps = apps;
    }

    ConcurrentLinkedQueue<Promise> promises() {
        return promises;
    }

    /** The calls about an order and their answers, to find the cause of a difference. */
    List<String> timeline(String number) {
        return List.copyOf(timeline.getOrDefault(number, new ConcurrentLinkedQueue<>()));
    }

    private void note(OrderPlan plan, String what) {
        timeline.computeIfAbsent(plan.number(), k -> new ConcurrentLinkedQueue<>())
                .add(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + what);
    }

    void execute(OrderPlan plan) {
        var random = new Random(plan.draw());
        if (!plan.faults().isEmpty()) providers.setFaults(plan.number(), plan.faults());
        switch (plan.scenario()) {
            case PAYS -> {
                var code = create(plan, plan.first(), 0);
                pause(random.nextInt(3_000));
                pay(plan, plan.first(), code);
            }
            case REQUESTED_TWICE_AT_ONCE -> {
                var other = CompletableFuture.supplyAsync(() -> create(plan, plan.first(), 0));
                var one = create(plan, plan.first(), 0);
                var two = other.join();
                pay(plan, plan.first(), two.isPresent() ? two : one);
                if (two.isPresent() && one.isPresent() && !one.equals(two)) payer(plan, one.get());
            }
            case SWITCHES_AND_PAYS_BOTH -> {
                var one = create(plan, plan.first(), 0);
                one.ifPresent(code -> {
                    if (random.nextBoolean()) providers.open(code);
                });
                pause(random.nextInt(1_000));
                var two = create(plan, plan.second(), 0);
                var both = random.nextBoolean() ? List.of(one, two) : List.of(two, one);
                for (var code : both) {
                    code.ifPresent(c -> payer(plan, c));
                    pause(random.nextInt(1_500));
                }
            }
            case SWITCHES_WHILE_PAYING -> {
                var one = create(plan, plan.first(), 0);
                var paying = CompletableFuture.runAsync(() -> one.ifPresent(c -> payer(plan, c)));
                var two = create(plan, plan.second(), 0);
                paying.join();
                two.ifPresent(c -> payer(plan, c));
            }
            case PAYS_AT_THE_DEADLINE -> {
                // deadlines are whole seconds; most pay in the last of them, some just too late
                var deadline = (System.currentTimeMillis() + 6_000 + random.nextInt(5_000)) / 1_000 * 1_000;
                var code = create(plan, plan.first(), deadline);
                pause(deadline - System.currentTimeMillis() + random.nextInt(1_500) - 1_300);
                code.ifPresent(c -> payer(plan, c));
            }
            case PAYS_AFTER_CLOSE -> {
                var code = create(plan, plan.first(), 0);
                code.ifPresent(c -> {
                    if (random.nextInt(3) == 0) providers.open(c);
                });
                close(plan);
                pause(random.nextInt(1_500));
                code.ifPresent(c -> payer(plan, c));
            }
            case PAYS_WHILE_CLOSING -> {
                var code = create(plan, plan.first(), 0);
                code.ifPresent(c -> {
                    if (random.nextBoolean()) providers.open(c);
                });
                var closing = CompletableFuture.runAsync(() -> close(plan));
                pause(random.nextInt(60));
                code.ifPresent(c -> payer(plan, c));
                closing.join();
            }
            case PAYS_BY_PAYMENT_CODE -> charge(plan, random);
            case NEVER_PAYS -> create(plan, plan.first(), 0);
            case NEVER_PAYS_AND_IS_CLOSED -> {
                create(plan, plan.first(), 0);
                close(plan);
            }
        }
        if (plan.polls() || !plan.refunds().isEmpty()) {
            if (untilPaid(plan, random)) refundPayment(plan);
        }
    }

    /** The code that the payer is shown; empty if the merchant gave up. */
    private Optional<String> create(OrderPlan plan, String provider, long deadline) {
        var data = order(plan);
        if (deadline != 0) data.add("time_expire", deadline);
        var request = Json.createObjectBuilder().add("provider", provider);
        switch (provider) {
            case SimulatedProviders.VIRTUAL -> {
                request.add("context", platform("mp-weixin"));
                data.add("openid", openids.get(plan.policy()));
                data.add(
                        "wxpay_virtual", // a coin is a fen
                        Json.createObjectBuilder()
                                .add("mode", "short_series_coin")
                                .add("buy_quantity", plan.fen()));
            }
            case SimulatedProviders.DOUYIN -> request.add("context", platform("mp-toutiao"));
            case SimulatedProviders.APPLE -> {
                request.add("context", platform("app-plus"));
                data.add("productid", "coins60");
            }
            default -> request.add("needQRcode", true);
        }
        var body = request.add("data", data).build().toString();
        for (int i = 0; i < TRIES; i++) {
            var answer = call(plan, "createPayment", body);
            if (answer.isPresent() && answer.get().getInt("code", 1) == 0) {
                var info = answer.get().getJsonObject("orderInfo");
                var code = opened(plan, provider, info);
                if (!plan.faults().isEmpty()) {
                    SimulatedProviders.gatewayNo(code)
                            .or(() -> SimulatedProviders.token(code))
                            .ifPresent(no -> providers.setFaults(no, plan.faults()));
                }
                return Optional.of(code);
            }
            if (answer.isPresent() && refusedForGood(answer.get())) return Optional.empty();
            pause(400 + ThreadLocalRandom.current().nextInt(400));
        }
        return Optional.empty();
    }

    private static jakarta.json.JsonObjectBuilder platform(String name) {
        return Json.createObjectBuilder().add("PLATFORM", name);
    }

    /** What the payer's device then pays with. */
    private String opened(OrderPlan plan, String provider, JsonObject info) {
        return switch (provider) {
            case SimulatedProviders.VIRTUAL -> providers.openVirtual(info);
            case SimulatedProviders.DOUYIN -> providers.openDouyin(info);
            case SimulatedProviders.APPLE -> SimulatedProviders.openApple(info, apps.get(plan.policy()), plan.fen());
            default -> info.getString("codeUrl");
        };
    }

    private static jakarta.json.JsonObjectBuilder order(OrderPlan plan) {
        return Json.createObjectBuilder()
                .add("out_trade_no", plan.number())
                .add("total_fee", plan.fen())
                .add("subject", "茶 " + plan.index())
                .add("type", "goods");
    }

    /** Whether the refusal is final, so that trying again is of no use. */
    private static boolean refusedForGood(JsonObject answer) {
        var code = answer.getInt("code", 5000);
        return code > 0 && code < 5000 && !LATER.contains(code) && code / 1000 != 3;
    }

    private void charge(OrderPlan plan, Random random) {
        var wechat = plan.first().equals("wxpay");
        var tail =
                List.of("1000", "1000", "0002", "0003", "0004", "0005", "0006").get(random.nextInt(7));
        var digits = new StringBuilder(wechat ? "13" : "28");
        for (int i = 0; i < 12; i++) digits.append(random.nextInt(10));
        var data = order(plan).add("auth_code", digits + tail);
        if (wechat) data.add("store_id", "S1");
        var body = Json.createObjectBuilder()
                .add("provider", plan.first())
                .add("data", data)
                .build()
                .toString();
        for (int i = 0; i < 4; i++) {
            var answer = call(plan, "createPayment", body);
            if (answer.isPresent() && (answer.get().getInt("code", 1) == 0 || refusedForGood(answer.get()))) return;
            pause(700);
        }
    }

    private void pay(OrderPlan plan, String provider, Optional<String> shown) {
        if (shown.isEmpty() || payer(plan, shown.get())) return;
        create(plan, provider, 0).filter(fresh -> !fresh.equals(shown.get())).ifPresent(fresh -> payer(plan, fresh));
    }

    private boolean payer(OrderPlan plan, String code) {
        if (SimulatedProviders.token(code).isPresent()) {
            buy(plan, code);
            return true;
        }
        var paid = providers.pay(code);
        note(plan, "the payer " + (paid ? "pays " : "cannot pay ") + code);
        return paid;
    }

    /** The app repeats what it bought until the server has accepted it; only then the device forgets the purchase. */
    private void buy(OrderPlan plan, String code) {
        var bought = providers.buy(code);
        note(plan, "the payer buys " + bought.getString("transaction_id"));
        var body = Json.createObjectBuilder()
                .add("out_trade_no", plan.number())
                .add("transaction_receipt", bought.getString("signedTransaction"))
                .add("transaction_identifier", bought.getString("transaction_id"))
                .build()
                .toString();
        for (int i = 0; i < TRIES * 3; i++) {
            var answer = call(plan, "verifyReceipt", body);
            if (answer.isPresent() && answer.get().getInt("code", 1) == 0) {
                if (answer.get().getBoolean("has_paid")) promises.add(new Promise(plan.number(), Kind.PAID, null, 0));
                return;
            }
            pause(1_000);
        }
    }

    private void close(OrderPlan plan) {
        var body = "{\"out_trade_no\":\"" + plan.number() + "\"}";
        for (int i = 0; i < TRIES; i++) {
            var answer = call(plan, "closePayment", body);
            if (answer.isPresent() && answer.get().getInt("code", 1) == 0) {
                promises.add(new Promise(plan.number(), Kind.CLOSED, null, 0));
                return;
            }
            if (answer.isPresent() && refusedForGood(answer.get())) return;
            pause(500);
        }
    }

    private boolean untilPaid(OrderPlan plan, Random random) {
        var until = System.nanoTime() + UNTIL_PAID.toNanos();
        var await = random.nextBoolean() ? ",\"await_notify\":true,\"await_max_time\":5" : "";
        var body = "{\"out_trade_no\":\"" + plan.number() + "\"" + await + "}";
        while (System.nanoTime() < until) {
            var answer = call(plan, "queryPayment", body);
            if (answer.isPresent() && answer.get().getBoolean("orderPaid", false)) {
                promises.add(new Promise(plan.number(), Kind.PAID, null, 0));
                return true;
            }
            if (answer.isPresent() && answer.get().getInt("status", 0) == -1) return false;
            pause(1_000 + random.nextInt(1_000));
        }
        return false;
    }

    private void refundPayment(OrderPlan plan) {
        for (var group : plan.refunds()) {
            CompletableFuture.allOf(group.stream()
                            .map(planned -> CompletableFuture.runAsync(() -> refundPayment(plan, planned)))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    private void refundPayment(OrderPlan plan, OrderPlan.PlannedRefund planned) {
        var body = Json.createObjectBuilder().add("out_trade_no", plan.number()).add("out_refund_no", planned.number());
        if (planned.fen() > 0) body.add("refund_fee", planned.fen());
        var text = body.build().toString();
        for (int i = 0; i < 5; i++) {
            var answer = call(plan, "refund", text);
            if (answer.isPresent() && answer.get().getInt("code", 1) == 0) {
                var fen = answer.get().getJsonNumber("refund_fee").longValueExact();
                promises.add(new Promise(plan.number(), Kind.REFUND_ACCEPTED, planned.number(), fen));
                return;
            }
            if (answer.isPresent() && refusedForGood(answer.get())) return;
            pause(600);
        }
    }

    /** One call to a random node; empty if no answer arrived, or none that is ours. */
    private Optional<JsonObject> call(OrderPlan plan, String call, String body) {
        var node = nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
        try {
            var answer = node.pay(call, keys.get(plan.policy()), body);
            note(plan, call + " → " + answer.status() + " " + shortened(answer.body()));
            return Optional.of(answer.json());
        } catch (UncheckedIOException | JsonException unreachable) {
            note(plan, call + " → " + unreachable.getMessage());
            return Optional.empty();
        }
    }

    private static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    private static void pause(long millis) {
        try {
            if (millis > 0) TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
