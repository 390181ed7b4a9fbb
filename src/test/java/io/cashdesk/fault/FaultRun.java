package io.cashdesk.fault;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Two nodes on one database, providers in another process, merchants and a network that fail, and rounds of orders through all of
 * it. A round ends with the faults switched off, time to settle, and the audit. {@code FaultIT} plays one short round, the long
 * version in {@code src/bench} as many as an hour holds.
 */
public final class FaultRun implements AutoCloseable {
    private static final Map<Wire.Hit, Integer> TO_PROVIDERS = Map.of(
            Wire.Hit.REQUEST_LOST, 20,
            Wire.Hit.ANSWER_LOST, 25,
            Wire.Hit.ANSWER_SLOW, 15,
            Wire.Hit.REQUEST_SLOW, 10,
            Wire.Hit.REQUEST_TWICE, 20,
            Wire.Hit.BAD_GATEWAY_BEFORE, 15,
            Wire.Hit.BAD_GATEWAY_AFTER, 20);

    private static final Map<Wire.Hit, Integer> TO_US = Map.of(
            Wire.Hit.REQUEST_LOST, 50,
            Wire.Hit.ANSWER_LOST, 50,
            Wire.Hit.ANSWER_SLOW, 30,
            Wire.Hit.REQUEST_SLOW, 40,
            Wire.Hit.REQUEST_TWICE, 60,
            Wire.Hit.BAD_GATEWAY_BEFORE, 30,
            Wire.Hit.BAD_GATEWAY_AFTER, 30);

    /** How long our nodes wait for a provider; the network's slowness is longer. */
    private static final int PROVIDER_SECONDS = 2;

    private static final Duration SLOW = Duration.ofMillis(2_800);

    /** An attempt that came to nothing so often is only asked about from then on, until its end. */
    private static final int SENT_AGAIN = 5;

    private final Simulated providers;
    private final List<Node> nodes;
    private final String database;
    private Wire out;
    private final Wire in;

    /**
     * How much of it.
     *
     * @param orders how many orders a round has
     * @param atOnce how many are played at the same moment
     * @param storm over how long they begin
     * @param kills how often in a round a node is killed, the nodes in turn
     * @param settle how long all of it may take to come to rest afterwards
     */
    public record Size(int orders, int atOnce, Duration storm, int kills, Duration settle) {}

    /** What a round came to. */
    public record Outcome(
            long seed,
            int orders,
            int paidTrades,
            int refunds,
            int webhooks,
            int deliveriesSpoilt,
            int networkHits,
            int kills,
            Duration played,
            Duration settled,
            List<String> differences) {
        /** Everything that somebody needs who wants to know why. */
        public String report() {
            return "seed " + seed + ": " + differences.size() + " differences\n\n" + String.join("\n\n", differences);
        }
    }

    private FaultRun(Simulated providers, List<Node> nodes, String database, Wire in) {
        this.providers = providers;
        this.nodes = nodes;
        this.database = database;
        this.in = in;
    }

    /**
     * Starts both nodes.
     *
     * @param name what their names begin with
     * @param provider the server whose simulator plays the providers; none of the nodes
     */
    public static FaultRun start(String name, Node provider, long seed) {
        var nodes = Collections.synchronizedList(new ArrayList<Node>());
        var in = new Wire(seed + 1, TO_US, SLOW.plusSeconds(3), () -> shuffled(nodes));
        var database = TestDatabase.fresh();
        var settings = Map.of("CASHDESK_PROVIDER_TIMEOUT_SECONDS", Integer.toString(PROVIDER_SECONDS));
        for (var which : List.of("-one", "-two")) {
            nodes.add(Nodes.start(name + which, database, in.base().toString(), settings));
        }
        return new FaultRun(new Simulated(provider), List.copyOf(nodes), database, in);
    }

    private static List<URI> shuffled(List<Node> nodes) {
        var bases = new ArrayList<URI>();
        synchronized (nodes) {
            nodes.forEach(n -> bases.add(n.base()));
        }
        Collections.shuffle(bases);
        return bases;
    }

    /** One round: a storm, a calm, an audit. */
    public Outcome round(long seed, Size size) throws Exception {
        var prefix = "F" + Long.toString(Math.abs(seed % 1_000_000_007L), 36);
        var plans = new LinkedHashMap<String, Plan>();
        for (int i = 0; i < size.orders(); i++) {
            var plan = Plan.draw(seed, prefix, i, size.storm().toMillis());
            plans.put(plan.number(), plan);
        }
        try (var wire = new Wire(seed + 2, TO_PROVIDERS, SLOW, () -> List.of(providers.gateways()));
                var ears = new Ears(seed + 3)) {
            out = wire;
            in.faulty(true);
            var keys = new EnumMap<Plan.House, String>(Plan.House.class);
            var merchantNumbers = new ArrayList<String>();
            var pids = new ArrayList<String>();
            for (var house : Plan.House.values()) {
                var pid = prefix + "-" + house.name().toLowerCase(java.util.Locale.ROOT);
                pids.add(pid);
                keys.put(house, open(pid, house, ears, merchantNumbers));
            }
            var market = new Market(nodes, providers, keys);
            var begun = System.nanoTime();
            storm(seed, size, plans, market);
            var played = Duration.ofNanos(System.nanoTime() - begun);
            var books = new Where(merchantNumbers.toArray(String[]::new), pids.toArray(String[]::new));
            return audit(seed, size, plans, market, ears, books, played);
        }
    }

    /** A merchant with accounts at both providers and two endpoints, one of which hears of payments alone; his key. */
    private String open(String pid, Plan.House house, Ears ears, List<String> merchantNumbers) {
        var node = nodes.get(0);
        var key = node.merchant(pid, "live");
        check(node.manage(
                "PUT",
                "merchants/" + pid,
                Json.createObjectBuilder().add("late_payment", house.late).add("duplicate_payment", house.duplicate)));
        var rows = Json.createObjectBuilder();
        providers.accounts(pid, out.base()).forEach((provider, account) -> {
            merchantNumbers.add(account.getString("mchId"));
            rows.add(provider, Json.createObjectBuilder().add("h5", account));
        });
        check(node.manage("PUT", "merchants/" + pid + "/providers", rows));
        for (var endpoint : List.of("all", "payments")) {
            var path = "/" + pid + "/" + endpoint;
            var body = Json.createObjectBuilder().add("url", ears.url(path)).add("mode", "live");
            if (endpoint.equals("payments")) {
                var wanted = Json.createArrayBuilder();
                Arrays.asList("payment.paid", "payment.closed", "payment.late", "payment.duplicate")
                        .forEach(wanted::add);
                body.add("events", wanted);
            }
            var answer = node.manage("PUT", "merchants/" + pid + "/webhooks/" + endpoint, body);
            check(answer);
            ears.knows(path, answer.json().getString("secret"));
        }
        return key;
    }

    private static void check(Node.Answer answer) {
        if (answer.status() != 200) throw new IllegalStateException(answer.body());
    }

    private void storm(long seed, Size size, Map<String, Plan> plans, Market market) throws Exception {
        var players = Executors.newScheduledThreadPool(size.atOnce());
        var played = new ArrayList<Future<?>>();
        for (var plan : plans.values()) {
            played.add(players.schedule(() -> market.play(plan), plan.startsAt(), TimeUnit.MILLISECONDS));
        }
        var trouble = CompletableFuture.runAsync(() -> trouble(seed, size));
        for (var one : played) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("seed " + seed + ": a player broke", e.getCause());
            }
        }
        players.shutdown();
        trouble.get();
    }

    /** Kills and restarts one node after the other, and once lets nobody listen at the providers. */
    private void trouble(long seed, Size size) {
        var random = new Random(seed + 4);
        var pause = size.storm().toMillis() / (size.kills() + 1);
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

    private Outcome audit(
            long seed, Size size, Map<String, Plan> plans, Market market, Ears ears, Where books, Duration played)
            throws InterruptedException {
        out.faulty(false);
        in.faulty(false);
        ears.faulty(false);
        plans.values().stream().filter(p -> !p.faults().isEmpty()).forEach(p -> providers.dial(p.number(), List.of()));
        var start = System.nanoTime();
        var until = start + size.settle().toNanos();
        List<String> pending;
        do {
            TimeUnit.SECONDS.sleep(1);
            providers.finishSlowRefunds(books.merchantNumbers());
            pending = pending(books);
        } while (!pending.isEmpty() && System.nanoTime() < until);
        var settled = Duration.ofNanos(System.nanoTime() - start);
        var ours = Ours.read(database, books.pids());
        var trades = providers.trades(books.merchantNumbers());
        var refunds = providers.refunds(books.merchantNumbers());
        var thankedFor = providers.thankedFor(books.merchantNumbers());
        var promises = List.copyOf(market.promises());
        var differences = new Audit(plans, trades, refunds, thankedFor, ours, ears.heard(), promises).differences();
        var told = new ArrayList<String>();
        out.overlaps().forEach(deed -> told.add("two calls at once with one number: " + deed));
        pending.forEach(p -> told.add("not at rest after " + settled.toSeconds() + " s: " + p));
        var byNumber = differences.stream()
                .collect(Collectors.groupingBy(Audit.Difference::number, TreeMap::new, Collectors.toList()));
        byNumber.forEach((number, several) ->
                told.add(several.stream().map(Audit.Difference::toString).collect(Collectors.joining("\n"))
                        + "\n      plan:     " + plans.get(number) + "\n      diary:    "
                        + String.join("\n                ", market.diary(number))));
        var hits = hits(out) + hits(in);
        return new Outcome(
                seed,
                plans.size(),
                (int) trades.stream().filter(Simulated.Trade::paid).count(),
                ours.refunds().size(),
                ours.events().size(),
                (int) ears.spoilt(),
                hits,
                size.kills(),
                played,
                settled,
                told);
    }

    /** Whose books: the merchants' numbers at the providers, and their names here. */
    private record Where(String[] merchantNumbers, String[] pids) {}

    private static int hits(Wire wire) {
        return wire.hits().values().stream().mapToInt(n -> n.intValue()).sum();
    }

    /** What still moves. Codes that nobody has scanned may stay open until their end, and so may what waits for a person. */
    private List<String> pending(Where books) {
        var found = new ArrayList<String>();
        var now = Instant.now();
        var ours = Ours.read(database, books.pids());
        var receipts = ours.receipts().stream()
                .map(r -> r.provider() + r.merchantNo() + r.transactionId())
                .collect(Collectors.toSet());
        for (var trade : providers.trades(books.merchantNumbers())) {
            var known = receipts.contains(trade.provider() + trade.merchantNo() + trade.transactionId());
            if (trade.paid() && !known && !trade.state().equals("REVOKED")) found.add("unheard money: " + trade);
            if (trade.state().equals("USERPAYING")) found.add("a payer at the till: " + trade);
        }
        var hidden = providers.refunds(books.merchantNumbers()).stream()
                .filter(r -> r.state().equals("HIDDEN"))
                .map(Simulated.Refund::number)
                .collect(Collectors.toSet());
        ours.refunds().stream()
                .filter(r -> r.open() && !hidden.contains(r.refundNo()))
                .forEach(r -> found.add(r.toString()));
        ours.attempts().stream()
                .filter(a -> List.of("CALLING", "CLOSING").contains(a.state())
                        || (a.state().equals("UNKNOWN") && a.asks() <= SENT_AGAIN))
                .forEach(a -> found.add(a.toString()));
        ours.deliveries().stream().filter(d -> d.state().equals("WAITING")).forEach(d -> found.add(d.toString()));
        for (var order : ours.orders()) {
            var open = ours.attempts().stream()
                    .anyMatch(a -> a.order().equals(order.id())
                            && a.open()
                            && a.expiresAt().plusSeconds(12).isAfter(now));
            var overdue = order.state().equals("UNPAID")
                    && order.needsPerson() == null
                    && order.expiresAt().isBefore(now);
            if (overdue && !open) found.add("past its deadline: " + order);
        }
        return found;
    }

    @Override
    public void close() {
        nodes.forEach(Node::stop);
        in.close();
    }
}
