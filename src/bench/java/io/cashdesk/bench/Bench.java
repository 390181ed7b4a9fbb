package io.cashdesk.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures the most used calls and their limits in one run: the real server, a real PostgreSQL, the provider in its own
 * process, a maintained load generator. Prints a table for {@code docs/performance.md}. Run: {@code mvn -Pbench verify
 * -DskipITs}.
 */
public final class Bench {
    private static final int RUNS = 3;

    /** Of each run; a multiple of {@link Work#USERS}. */
    private static final int NOTIFICATIONS = 4_000;

    private static final Path WORK = Path.of("target/bench");
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private final Installation installation;
    private final LoadGenerator generator;

    private Bench(Installation installation) {
        this.installation = installation;
        this.generator = installation.loadGenerator();
    }

    public static void main(String[] args) throws Exception {
        Processes.endWithThis(LONGEST);
        try (var installation = new Installation(WORK)) {
            new Bench(installation).measure();
        }
        System.exit(0); // the embedded PostgreSQL stops with this process
    }

    private void measure() throws Exception {
        generator.run(List.of(
                installation.constant("constant", Work.Length.seconds(0, 10)),
                installation.query("query", Installation.UNPAID, Work.Length.seconds(0, 25)),
                installation.precreate("create", "WARM", Work.Length.seconds(0, 25))));
        var time = Work.Length.seconds(0, 20);
        var constant = median(repeated(installation.constant("constant", time)));
        var query = median(repeated(installation.query("query", Installation.UNPAID, time)));
        var create = median(repeated(installation.precreate("create", "BENCH", time)));
        var rsa = RsaLimit.perSecond();
        var notification = median(notifications());
        var pgbench = PgbenchLimit.perSecond(WORK);

        row("constant JSON (limit of queryPayment)", constant, "");
        row(
                "queryPayment, unpaid, from the stored order",
                query,
                ratio(query.perSecond(), constant.perSecond()) + " of the constant (target 0.3)");
        row(
                "createPayment with a provider round trip (Alipay precreate)",
                create,
                ratio(create.perSecond(), rsa) + " of " + Math.round(rsa) + " RSA-2048 signatures/s of one core (JDK)");
        row(
                "notification, verified, paid, acknowledged (Alipay)",
                notification,
                pgbench.isEmpty()
                        ? "no pgbench on this machine"
                        : ratio(notification.perSecond(), pgbench.getAsDouble()) + " of pgbench's "
                                + Math.round(pgbench.getAsDouble()) + "/s (target 0.25)");
        System.out.printf(
                "resident memory of the server's JVM after all of it: %d MB%n", installation.residentMegabytes());
    }

    private static List<Work> repeated(Work work) {
        return IntStream.rangeClosed(1, RUNS)
                .mapToObj(i -> work.named(work.name() + " " + i))
                .toList();
    }

    private List<Work> notifications() throws Exception {
        var works = new ArrayList<Work>();
        for (int i = 1; i <= RUNS; i++) {
            var prefix = "BENCH" + i + "N";
            installation.copyUnpaid(prefix, NOTIFICATIONS);
            works.add(installation.notifications("notification " + i, prefix, prefix + "1"));
        }
        return works;
    }

    private Rate median(List<Work> works) throws Exception {
        return generator.run(works).values().stream()
                .sorted(Comparator.comparingDouble(Rate::perSecond))
                .skip(RUNS / 2)
                .findFirst()
                .orElseThrow();
    }

    private static void row(String what, Rate rate, String beside) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %,.0f/s | %d ms | %d ms | %d | %s |%n",
                what,
                rate.perSecond(),
                rate.p50(),
                rate.p99(),
                rate.failed(),
                beside);
    }

    private static String ratio(double one, double other) {
        return String.format(Locale.ROOT, "%.2f", one / other);
    }
}
