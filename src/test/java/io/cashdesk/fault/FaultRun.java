package io.cashdesk.fault;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Machine;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.SteeredClock;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Two nodes on one database, providers in another process, merchants and networks with faults, and rounds of orders
 * through all of it. A round ends with the faults switched off, time to settle, and the audit. {@code FaultIT} runs one
 * short round, the long version in {@code src/bench} as many as fit into an hour.
 */
public final class FaultRun implements AutoCloseable {
    private static final Map<FaultyNetwork.Fault, Integer> TO_PROVIDERS = Map.of(
            FaultyNetwork.Fault.REQUEST_LOST, 20,
            FaultyNetwork.Fault.ANSWER_LOST, 25,
            FaultyNetwork.Fault.ANSWER_SLOW, 15,
            FaultyNetwork.Fault.REQUEST_SLOW, 10,
            FaultyNetwork.Fault.REQUEST_TWICE, 20,
            FaultyNetwork.Fault.BAD_GATEWAY_BEFORE, 15,
            FaultyNetwork.Fault.BAD_GATEWAY_AFTER, 20);

    private static final Map<FaultyNetwork.Fault, Integer> TO_US = Map.of(
            FaultyNetwork.Fault.REQUEST_LOST, 50,
            FaultyNetwork.Fault.ANSWER_LOST, 50,
            FaultyNetwork.Fault.ANSWER_SLOW, 30,
            FaultyNetwork.Fault.REQUEST_SLOW, 40,
            FaultyNetwork.Fault.REQUEST_TWICE, 60,
            FaultyNetwork.Fault.BAD_GATEWAY_BEFORE, 30,
            FaultyNetwork.Fault.BAD_GATEWAY_AFTER, 30);

    /** How long our nodes wait for a provider; slow messages of the network take longer. */
    private static final int PROVIDER_SECONDS = 2;

    private static final Duration SLOW = Duration.ofMillis(2_800);

    /** An attempt that failed so often is only queried from then on, until it expires. */
    private static final int SENT_AGAIN = 5;

    private final SimulatedProviders providers;
    private final List<Node> nodes;
    private final String database;
    private FaultyNetwork out;
    private final FaultyNetwork in;
    private final WrongClock clock;

    /**
     * How long and how hard a round is.
     *
     * @param orders how many orders a round has
     * @param concurrent how many are executed at the same time
     * @param duration over how long they begin
     * @param kills how often in a round a node is killed, the nodes in turn
     * @param unchanged what has not come to rest afterwards must make progress within this time, on a machine that is
     *     not busy, and all of it must be at rest after twice as long; on a busy machine both are up to doubled. More
     *     than the longest back-off between two queries that a round of this duration reaches
     */
    public record Size(int orders, int concurrent, Duration duration, int kills, Duration unchanged) {}

    /** The result of a round. */
    public record Outcome(
            long seed,
            int orders,
            int paidTrades,
            int refunds,
            int webhooks,
            int faultyAnswers,
            int networkFaults,
            int kills,
            Duration played,
            Duration settled,
            List<String> differences) {
        /** Everything that is needed to find the cause. */
        public String report() {
            return "seed " + seed + ": " + differences.size() + " differences\n\n" + String.join("\n\n", differences);
        }
    }

    private FaultRun(
            SimulatedProviders providers, List<Node> nodes, String database, FaultyNetwork in, WrongClock clock) {
        this.clock = clock;
        this.providers = providers;
        this.nodes = nodes;
        this.database = database;
        this.in = in;
    }

    /**
     * Starts both nodes.
     *
     * @param name what their names begin with
     * @param provider the server whose simulator is the providers; none of the tested nodes
     */
    public static FaultRun start(String name, Node provider, long seed) {
        var nodes = Collections.synchronizedList(new ArrayList<Node>());
        var in = new FaultyNetwork(seed + 1, TO_US, SLOW.plusSeconds(3), () -> shuffled(nodes));
        var database = TestDatabase.fresh();
        var settings = Map.of("CASHDESK_PROVIDER_TIMEOUT_SECONDS", Integer.toString(PROVIDER_SECONDS));
        var clock = new SteeredClock(name + "-two");
        var withClock = new HashMap<>(clock.settings());
        withClock.putAll(settings);
        nodes.add(Nodes.start(name + "-one", database, in.base().toString(), settings));
        nodes.add(Nodes.start(name + "-two", database, in.base().toString(), withClock));
        var wrong = new WrongClock(clock, database);
        return new FaultRun(new SimulatedProviders(provider), List.copyOf(nodes), database, in, wrong);
    }

    private static List<URI> shuffled(List<Node> nodes) {
        var bases = new ArrayList<URI>();
        synchronized (nodes) {
            nodes.forEach(n -> bases.add(n.base()));
        }
        Collections.shuffle(bases);
        return bases;
    }

    /** One round: load with faults, time to settle without faults, an audit. */
    public Outcome round(long seed, Size size) throws Exception {
        var prefix = "F" + Long.toString(Math.abs(seed % 1_000_000_007L), 36);
        var plans = new LinkedHashMap<String, OrderPlan>();
        for (int i = 0; i < size.orders(); i++) {
            var plan = OrderPlan.draw(seed, prefix, i, size.duration().toMillis());
            plans.put(plan.number(), plan);
        }
        try (var network = new FaultyNetwork(seed + 2, TO_PROVIDERS, SLOW, () -> List.of(providers.gateways()));
                var receiver = new MerchantReceiver(seed + 3)) {
            out = network;
            in.faulty(true);
            var merchants = merchants(prefix, receiver);
            var round = new Round(
                    seed,
                    size,
                    plans,
                    merchants,
                    new OrderLoad(nodes, providers, merchants.keys(), merchants.openids(), merchants.apps()));
            var begun = System.nanoTime();
            execute(round);
            var played = Duration.ofNanos(System.nanoTime() - begun);
            receiver.faulty(false);
            return audit(round, receiver, played);
        }
    }

    /** One round: its orders, by number, its merchants, and who executes the orders. */
    private record Round(long seed, Size size, Map<String, OrderPlan> plans, Merchants merchants, OrderLoad load) {}

    /**
     * The merchants of a round, one for each policy.
     *
     * @param keys their API keys
     * @param openids the users of their mini-programs, who are logged in
     * @param apps the bundle ids of their apps
     * @param numbers their numbers at the providers
     * @param pids their names here
     */
    private record Merchants(
            Map<OrderPlan.Policy, String> keys,
            Map<OrderPlan.Policy, String> openids,
            Map<OrderPlan.Policy, String> apps,
            String[] numbers,
            String[] pids) {}

    private Merchants merchants(String prefix, MerchantReceiver receiver) {
        var keys = new EnumMap<OrderPlan.Policy, String>(OrderPlan.Policy.class);
        var openids = new EnumMap<OrderPlan.Policy, String>(OrderPlan.Policy.class);
        var apps = new EnumMap<OrderPlan.Policy, String>(OrderPlan.Policy.class);
        var numbers = new ArrayList<String>();
        var pids = new ArrayList<String>();
        for (var policy : OrderPlan.Policy.values()) {
            var pid = prefix + "-" + policy.name().toLowerCase(Locale.ROOT);
            pids.add(pid);
            keys.put(policy, merchant(pid, policy, receiver, numbers));
            openids.put(policy, miniProgram(pid, keys.get(policy)));
            apps.put(policy, app(pid));
        }
        return new Merchants(keys, openids, apps, numbers.toArray(String[]::new), pids.toArray(String[]::new));
    }

    /** A merchant with accounts at all providers and two endpoints, one of them only for payments; its API key. */
    private String merchant(String pid, OrderPlan.Policy policy, MerchantReceiver receiver, List<String> numbers) {
        var node = nodes.get(0);
        var key = node.merchant(pid, "live");
        check(node.manage(
                "PUT",
                "merchants/" + pid,
                Json.createObjectBuilder()
                        .add("late_payment", policy.late)
                        .add("duplicate_payment", policy.duplicate)));
        var rows = Json.createObjectBuilder();
        providers.accounts(pid, out.base(), policy.dialect, policy.douyin).forEach((provider, account) -> {
            numbers.add(account.getString(provider.equals(SimulatedProviders.APPLE) ? "bundleId" : "mchId"));
            rows.add(
                    provider,
                    switch (provider) {
                        case "vkspay" -> Json.createObjectBuilder(account);
                        case SimulatedProviders.VIRTUAL ->
                            Json.createObjectBuilder().add("mp-weixin", account);
                        case SimulatedProviders.DOUYIN ->
                            Json.createObjectBuilder().add("mp-toutiao", account);
                        case SimulatedProviders.APPLE ->
                            Json.createObjectBuilder().add("app-plus", account);
                        default -> Json.createObjectBuilder().add("h5", account);
                    });
        });
        check(node.manage("PUT", "merchants/" + pid + "/providers", rows));
        for (var endpoint : List.of("all", "payments")) {
            var path = "/" + pid + "/" + endpoint;
            var body = Json.createObjectBuilder().add("url", receiver.url(path)).add("mode", "live");
            if (endpoint.equals("payments")) {
                var events = Json.createArrayBuilder();
                Arrays.asList("payment.paid", "payment.closed", "payment.late", "payment.duplicate")
                        .forEach(events::add);
                body.add("events", events);
            }
            var answer = node.manage("PUT", "merchants/" + pid + "/webhooks/" + endpoint, body);
            check(answer);
            receiver.addSecret(path, answer.json().getString("secret"));
        }
        return key;
    }

    /** Enters where the notifications of the merchant's app go; its bundle id. */
    private String app(String pid) {
        var account = account(pid, SimulatedProviders.APPLE);
        var address = in.base().resolve("/notify/" + SimulatedProviders.APPLE + "/" + account.getKey());
        providers.notifiedAt(account.getValue(), address);
        return account.getValue();
    }

    /** The id of the merchant's account at a provider, and of its application there. */
    private Map.Entry<String, String> account(String pid, String provider) {
        return Sql.of(database, """
                        select a.id::text, a.app_id
                        from provider_account a
                        join merchant m on m.id = a.merchant_id
                        where m.pid = ? and a.provider = ?
                        """, row -> Map.entry(row.getString(1), row.getString(2)), pid, provider)
                .get(0);
    }

    /** Enters the push address of the merchant's mini-program and logs its user in; the user's openid. */
    private String miniProgram(String pid, String key) {
        var account = account(pid, SimulatedProviders.VIRTUAL);
        var address = in.base().resolve("/notify/" + SimulatedProviders.VIRTUAL + "/" + account.getKey());
        Eventually.within(
                Duration.ofSeconds(30),
                "the push address is verified",
                () -> providers.pushedTo(account.getValue(), address));
        Eventually.within(Duration.ofSeconds(30), "the user is logged in", () -> loggedIn(account.getValue(), key));
        return SimulatedProviders.openid(account.getValue());
    }

    /** False if the answer got lost on its way; a code can be used once. */
    private boolean loggedIn(String appId, String key) {
        var body = "{\"code\":\"" + providers.loginCode(appId) + "\"}";
        return nodes.get(0).pay("code2SessionWeixin", key, body).status() == 200;
    }

    private static void check(Node.Answer answer) {
        if (answer.status() != 200) throw new IllegalStateException(answer.body());
    }

    /** Executes every order at its time, while nodes are killed. */
    private void execute(Round round) throws Exception {
        var executor = Executors.newScheduledThreadPool(round.size().concurrent());
        var orders = new ArrayList<Future<?>>();
        for (var plan : round.plans().values()) {
            orders.add(executor.schedule(() -> round.load().execute(plan), plan.startsAt(), TimeUnit.MILLISECONDS));
        }
        var kills = CompletableFuture.runAsync(() -> killNodes(round.seed(), round.size()));
        var leaps = CompletableFuture.runAsync(
                () -> clock.run(round.seed() + 5, round.size().duration()));
        for (var order : orders) {
            try {
                order.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("seed " + round.seed() + ": an order broke off", e.getCause());
            }
        }
        executor.shutdown();
        kills.get();
        clock.end();
        leaps.get();
    }

    /** Kills and restarts one node after the other, and once makes the providers unreachable. */
    private void killNodes(long seed, Size size) {
        var random = new Random(seed + 4);
        var pause = size.duration().toMillis() / (size.kills() + 1);
        try {
            for (int i = 0; i < size.kills(); i++) {
                TimeUnit.MILLISECONDS.sleep(pause / 2 + (long) (random.nextDouble() * pause / 2));
                var node = nodes.get((i + (int) (seed & 1)) % nodes.size());
                node.kill();
                if (i == 0) out.downFor(Duration.ofMillis(1_500));
                node.start();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome audit(Round round, MerchantReceiver receiver, Duration played) throws InterruptedException {
        out.faulty(false);
        in.faulty(false);
        providers.withFaults().forEach(number -> providers.setFaults(number, List.of()));
        var merchants = round.merchants();
        var start = System.nanoTime();
        var pending = untilRest(merchants, round.size());
        var settled = Duration.ofNanos(System.nanoTime() - start);
        var ours = OurRecords.read(database, merchants.pids());
        var theirs = providers.read(merchants.numbers());
        var promises = List.copyOf(round.load().promises());
        var differences = new ArrayList<>(
                Audit.differences(new Evidence(round.plans(), theirs, ours, receiver.received(), promises)));
        clock.found().stream()
                .filter(d -> round.plans().containsKey(d.number()))
                .forEach(differences::add);
        var lines = new ArrayList<String>();
        out.overlaps().forEach(call -> lines.add("two calls at once with one number: " + call));
        pending.forEach(p -> lines.add("not at rest after " + settled.toSeconds() + " s: " + p));
        lines.addAll(describe(differences, round));
        return new Outcome(
                round.seed(),
                round.plans().size(),
                (int) theirs.trades().stream()
                        .filter(SimulatedProviders.Trade::paid)
                        .count(),
                ours.refunds().size(),
                ours.events().size(),
                (int) receiver.faultyAnswers(),
                faults(out) + faults(in),
                round.size().kills(),
                played,
                settled,
                lines);
    }

    /**
     * Something that has not come to rest.
     *
     * @param state what it is and how far it is; another query or try of the same kind changes nothing in it
     */
    private record Pending(String state, String description) {
        Pending(String description) {
            this(description, description);
        }
    }

    /** Waits until everything has come to rest; what has not, if it made no progress for too long, or is too slow. */
    private List<String> untilRest(Merchants merchants, Size size) throws InterruptedException {
        var begun = System.nanoTime();
        var changed = begun;
        var limit = size.unchanged();
        var pending = List.of(new Pending(""));
        while (!pending.isEmpty()
                && System.nanoTime() - changed < limit.toNanos()
                && System.nanoTime() - begun < limit.multipliedBy(2).toNanos()) {
            TimeUnit.SECONDS.sleep(1);
            providers.finishSlowRefunds(merchants.numbers());
            var before = states(pending);
            pending = pending(merchants);
            if (!states(pending).equals(before)) changed = System.nanoTime();
            var now = Machine.limit(size.unchanged(), size.unchanged().multipliedBy(2));
            if (now.compareTo(limit) > 0) limit = now;
        }
        return pending.stream().map(Pending::description).toList();
    }

    private static Set<String> states(List<Pending> pending) {
        return pending.stream().map(Pending::state).collect(Collectors.toSet());
    }

    /** For each order with differences: these, its plan, and the calls about it. */
    private static List<String> describe(List<Difference> differences, Round round) {
        var byNumber = differences.stream()
                .collect(Collectors.groupingBy(Difference::number, TreeMap::new, Collectors.toList()));
        return byNumber.entrySet().stream()
                .map(e -> e.getValue().stream().map(Difference::toString).collect(Collectors.joining("\n"))
                        + "\n      plan:     " + round.plans().get(e.getKey()) + "\n      timeline: "
                        + String.join("\n                ", round.load().timeline(e.getKey())))
                .toList();
    }

    private static int faults(FaultyNetwork network) {
        return network.faults().values().stream().mapToInt(n -> n.intValue()).sum();
    }

    /**
     * What has not come to rest. Codes that were never scanned may stay open until they expire, and so may everything
     * that needs a person.
     */
    private List<Pending> pending(Merchants merchants) {
        var found = new ArrayList<Pending>();
        var now = Instant.now();
        var ours = OurRecords.read(database, merchants.pids());
        var receipts = ours.receipts().stream()
                .map(r -> r.provider() + r.merchantNo() + r.transactionId())
                .collect(Collectors.toSet());
        for (var trade : providers.trades(merchants.numbers())) {
            var known = receipts.contains(trade.provider() + trade.merchantNo() + trade.transactionId());
            if (trade.paid() && !known && !trade.state().equals("REVOKED"))
                found.add(new Pending("payment without a receipt: " + trade));
            if (trade.state().equals("USERPAYING")) found.add(new Pending("a payer has not confirmed: " + trade));
        }
        var hidden = providers.refunds(merchants.numbers()).stream()
                .filter(r -> r.state().equals("HIDDEN"))
                .map(SimulatedProviders.Refund::number)
                .collect(Collectors.toSet());
        ours.refunds().stream()
                .filter(r -> r.open() && !hidden.contains(r.refundNo()) && !r.waitsForAPerson())
                .forEach(r -> found.add(new Pending(r.refundNo() + " " + r.state(), r.toString())));
        ours.attempts().stream()
                .filter(a -> a.state().equals("CLOSING")
                        // one whose node died stays CALLING, and is only queried once its order is paid elsewhere
                        || (List.of("CALLING", "UNKNOWN").contains(a.state()) && a.queries() <= SENT_AGAIN))
                .forEach(a -> found.add(new Pending(a.attemptNo() + " " + a.state(), a.toString())));
        ours.deliveries().stream()
                .filter(d -> d.state().equals("WAITING"))
                .forEach(d -> found.add(new Pending(d.event() + " " + d.path(), d.toString())));
        for (var order : ours.orders()) {
            var open = ours.attempts().stream()
                    .anyMatch(a -> a.order().equals(order.id())
                            && a.open()
                            && a.expiresAt().plusSeconds(12).isAfter(now));
            var overdue = order.state().equals("UNPAID")
                    && order.needsPerson() == null
                    && order.expiresAt().isBefore(now);
            if (overdue && !open) found.add(new Pending("past its deadline: " + order));
        }
        return found;
    }

    @Override
    public void close() {
        nodes.forEach(Node::stop);
        in.close();
    }
}
