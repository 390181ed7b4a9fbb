package io.cashdesk.bench;

import io.cashdesk.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a change of the hot paths with what was before, in less than five minutes: {@code mvn -Pbench verify
 * -DskipITs -Dbench.main=io.cashdesk.bench.QuickBench}. The same works are measured with few orders and with 20,000
 * unpaid orders of eight provider accounts, about which the sweeper queries; and the bytes that a paid order takes.
 * Fails if a request fails. The result is also in {@code target/quick-bench/result.md}.
 */
public final class QuickBench {
    private static final Path WORK = Path.of("target/quick-bench");
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private static final String CONSTANT = "constant JSON";
    private static final String UNPAID = "queryPayment, unpaid";
    private static final String PAID = "queryPayment, paid";
    private static final String PAGE = "createPayment without a provider call (Alipay page)";
    private static final String PRECREATE = "createPayment with a provider round trip (Alipay precreate)";
    private static final String NOTIFICATION = "notification, verified, paid, acknowledged (Alipay)";

    private static final int FIRST_ORDERS = 1_600;
    private static final int NOTIFICATIONS = 3_200;
    private static final int ACCOUNTS = 8;
    private static final int WAITING_OF_EACH = 2_500;

    /** How long an order without {@code time_expire} lives; the waiting orders were created within this time. */
    private static final Duration LIFE = Duration.ofHours(2);

    private final Installation installation;
    private final LoadGenerator generator;
    private final long begun = System.nanoTime();

    private QuickBench(Installation installation) {
        this.installation = installation;
        this.generator = installation.loadGenerator();
    }

    public static void main(String[] args) throws Exception {
        var from = System.nanoTime();
        Processes.endWithThis(LONGEST);
        try (var installation = new Installation(WORK)) {
            new QuickBench(installation).measure();
        }
        System.out.printf("the quick bench took %d s%n", secondsSince(from));
        System.exit(0); // the embedded PostgreSQL stops with this process
    }

    private void measure() throws Exception {
        step("limits: RSA signatures and pgbench");
        var rsa = new Limit("RSA-2048 signatures/s of one core", RsaLimit.perSecond());
        var pgbench =
                new Limit("pgbench transactions/s", PgbenchLimit.perSecond(WORK).orElse(Double.NaN));
        step("the first " + FIRST_ORDERS + " paid orders: warm-up, and the size of an order");
        var sizes = sizes();
        step("few orders");
        var few = works("FEW", 5);
        step(ACCOUNTS * WAITING_OF_EACH + " unpaid orders");
        addWaitingOrders();
        var from = System.nanoTime();
        var queriesBefore = queries();
        var waiting = works("MANY", 2);
        var sweeper = String.format(
                "While they were waiting, the sweeper sent %.0f queries per second about them; %,d of them were still"
                        + " unpaid at the end.",
                (queries() - queriesBefore) / (double) secondsSince(from), stillWaiting());
        var constant = new Limit("constant responses/s", few.get(CONSTANT).perSecond());
        var limits = Map.of(UNPAID, constant, PAID, constant, PAGE, rsa, PRECREATE, rsa, NOTIFICATION, pgbench);
        var result = QuickBenchResult.table(few, waiting, limits) + "\n" + sweeper + "\n\n" + sizes;
        Files.writeString(WORK.resolve("result.md"), result);
        System.out.println("\n" + result);
    }

    private void step(String what) {
        System.out.printf("%4d s: %s%n", secondsSince(begun), what);
    }

    private static long secondsSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toSeconds();
    }

    /** Creates the first orders and pays them, which also warms the server up. */
    private String sizes() throws Exception {
        var before = DatabaseSize.now(installation.dbUrl());
        run(List.of(installation.precreate("first orders", "FIRST", Work.Length.requests(FIRST_ORDERS))));
        run(List.of(installation.notifications("first notifications", "FIRST", "FIRSTx1")));
        // a few may still have been queried, and then it is the answer that pays them
        mustBePaid(installation.paid("FIRST", 1) + installation.paid("FIRST", 0), FIRST_ORDERS);
        return DatabaseSize.now(installation.dbUrl()).perOrderSince(before, FIRST_ORDERS);
    }

    /**
     * @param prefix of the numbers of the orders that are made for it
     * @param warmUp seconds before each work is measured: the compiler is still busy when the first ones begin
     */
    private Map<String, Rate> works(String prefix, int warmUp) throws Exception {
        installation.copyUnpaid(prefix + "N", NOTIFICATIONS);
        var notification = installation.notifications(NOTIFICATION, prefix + "N", prefix + "N1");
        installation.settle();
        var rates = run(List.of(
                installation.constant(CONSTANT, Work.Length.seconds(warmUp, 6)),
                installation.query(UNPAID, Installation.UNPAID, Work.Length.seconds(warmUp, 8)),
                installation.query(PAID, Installation.PAID, Work.Length.seconds(warmUp, 8)),
                installation.page(PAGE, prefix + "P", Work.Length.seconds(warmUp, 10)),
                installation.precreate(PRECREATE, prefix + "C", Work.Length.seconds(warmUp, 10)),
                notification));
        mustBePaid(installation.paid(prefix + "N", 1), NOTIFICATIONS);
        return rates;
    }

    private Map<String, Rate> run(List<Work> works) throws Exception {
        var rates = generator.run(works);
        var failed = new ArrayList<String>();
        rates.forEach((work, rate) -> {
            if (rate.failed() > 0) failed.add(work + ": " + rate.failed() + " requests failed");
        });
        if (!failed.isEmpty()) throw new IllegalStateException(String.join("; ", failed));
        return new LinkedHashMap<>(rates);
    }

    private static void mustBePaid(long paid, long orders) {
        if (paid != orders) throw new IllegalStateException(paid + " of " + orders + " orders were paid");
    }

    private void addWaitingOrders() throws Exception {
        for (int i = 1; i <= ACCOUNTS; i++) {
            var number = "WAITING_" + i;
            installation.create(installation.merchant("bench-waiting-" + i), number);
            OrderCopies.waiting(installation.dbUrl(), number, number + "x", WAITING_OF_EACH, LIFE);
        }
    }

    /** How often the providers were queried about the waiting orders, since they were made. */
    private long queries() {
        return TestDatabase.number(
                installation.dbUrl(), "select sum(queries) from attempt where attempt_no like 'WAITING%'");
    }

    private long stillWaiting() {
        return TestDatabase.number(
                installation.dbUrl(),
                "select count(*) from pay_order where state = 'UNPAID' and out_trade_no like 'WAITING%'");
    }
}
