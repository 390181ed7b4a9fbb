package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Customers of a shop that collects through live providers while our servers are disturbed. Each call is repeated until
 * it succeeds, as merchants and providers do, on the next node, as a load balancer does. Every refusal in between must
 * be a clear one.
 */
final class Customers implements AutoCloseable {
    /** Codes that mean "try again": a call is running, no answer of the provider yet, no database, outcome unknown. */
    private static final Set<Integer> CLEAR = Set.of(2008, 3004, 5001, 5002);

    private final List<Node> nodes;
    private final String key;
    private final OtherProviderProcess provider;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<CompletableFuture<Void>> buying = new ArrayList<>();
    private volatile boolean open;

    Customers(List<Node> nodes, String key, OtherProviderProcess provider) {
        this.nodes = nodes;
        this.key = key;
        this.provider = provider;
    }

    /** Starts this many customers; each makes one order after the other. */
    Customers start(int howMany) {
        open = true;
        IntStream.range(0, howMany)
                .forEach(c -> buying.add(CompletableFuture.runAsync(
                        () -> {
                            while (open) orderAndPay();
                        },
                        threads)));
        return this;
    }

    /** No order is begun any more; those that were begun are finished. */
    Set<String> finish() throws Exception {
        open = false;
        for (var customer : buying) customer.get(150, TimeUnit.SECONDS);
        return acknowledged();
    }

    /** The orders that we have answered as paid. */
    Set<String> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    /** How many orders and notifications were refused until now. */
    int refused() {
        return refused.get();
    }

    String orderAndPay() {
        var number = Shop.number();
        untilAccepted(number, () -> created(number));
        untilAccepted(number, () -> notified(number));
        acknowledged.add(number);
        return number;
    }

    private boolean created(String number) {
        Node.Answer answer;
        try {
            answer = next().createPayment(key, number.hashCode() % 2 == 0 ? "wxpay" : "alipay", number, 990);
        } catch (UncheckedIOException unreachable) {
            if (nodes.size() > 1) return false; // a load balancer tries the next node
            throw unreachable;
        }
        if (answer.status() == 200) return true;
        var ours = answer.contentType().startsWith("application/problem+json");
        // the server itself while it stops or starts: a load balancer tries the next node
        if (nodes.size() > 1 && !ours && (answer.status() == 503 || answer.status() == 404)) return false;
        assertThat(ours).as("%s %s", answer.status(), answer.body()).isTrue();
        assertThat(answer.json().getInt("code")).as(answer.body()).isIn(CLEAR);
        refused.incrementAndGet();
        return false;
    }

    /** The provider notifies that it was paid; true if we have acknowledged it. */
    boolean notified(String number) {
        var path = URI.create(provider.get("notify?number=" + number).body()).getPath();
        var to = URLEncoder.encode(next().base().resolve(path).toString(), StandardCharsets.UTF_8);
        var answers = provider.get("pay?number=" + number + "&to=" + to).json().getJsonArray("answers");
        var done = answers.getInt(answers.size() - 1) / 100 == 2;
        if (!done) refused.incrementAndGet();
        return done;
    }

    private Node next() {
        return nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size()));
    }

    private static void untilAccepted(String number, BooleanSupplier call) {
        Eventually.within(Duration.ofMinutes(2), number + " is accepted", call);
    }

    /** The order is paid by one receipt, and nothing needs a person. */
    static void assertPaidOnce(String database, String number) {
        var row = TestDatabase.text(database, """
                select string_agg(o.state || coalesce(' ' || o.needs_person, ''), ', ') || ', receipts: ' ||
                    (select count(*) from receipt r where r.order_id in
                    (select id from pay_order where out_trade_no = ?))
                from pay_order o
                where o.out_trade_no = ?
                """, number, number);
        assertThat(row).as(number).isEqualTo("PAID, receipts: 1");
    }

    @Override
    public void close() {
        open = false;
        threads.shutdownNow();
    }
}
