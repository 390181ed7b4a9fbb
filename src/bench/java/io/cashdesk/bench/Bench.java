package io.cashdesk.bench;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Measures the most used calls and their limits in one run: the real server, a real PostgreSQL, the provider in its own
 * process, a maintained load generator. Prints a table for {@code docs/performance.md}. Run: {@code mvn -Pbench verify
 * -DskipITs}.
 */
public final class Bench {
    private static final int RUNS = 3;
    private static final Path WORK = Path.of("target/bench");

    private final Node node;
    private final OtherProviderProcess provider;
    private final String key;
    private final String pid = "bench";
    private int run;

    /** The result of one run of the load generator. */
    private record Rate(double perSecond, long p50, long p99, long failed) {}

    private Bench(Node node, OtherProviderProcess provider) {
        this.node = node;
        this.provider = provider;
        this.key = provider.liveMerchant(node, pid, false);
    }

    public static void main(String[] args) throws Exception {
        Files.createDirectories(WORK);
        try (var provider = OtherProviderProcess.start()) {
            var node = Nodes.start(
                    "bench-" + System.nanoTime(),
                    TestDatabase.fresh(),
                    null,
                    Map.of("CASHDESK_PROVIDER_CALLS", "64", "JVM_OPTIONS", "-Dbench=true"));
            new Bench(node, provider).measure();
            node.stop();
        }
        System.exit(0); // the embedded PostgreSQL stops with us
    }

    private void measure() throws Exception {
        node.createPayment(key, "wxpay", "BENCH_QUERY", 990);
        load("constant", 10, "w");
        load("queryPayment", 25, "w");
        load("createPayment", 25, "WARM");

        var constant = median("constant", "c");
        var query = median("queryPayment", "q");
        var create = median("createPayment", "BENCH");
        var rsa = rsaPerSecond();
        var notification = notifications();

        row("constant JSON (limit of queryPayment)", constant, "");
        row(
                "queryPayment, unpaid, from our row",
                query,
                ratio(query.perSecond(), constant.perSecond()) + " of the constant (target 0.3)");
        row(
                "createPayment with a provider round trip (Alipay precreate)",
                create,
                ratio(create.perSecond(), rsa) + " of " + Math.round(rsa) + " RSA-2048 signatures/s of one core (JDK)");
        var pgbench = pgbench();
        row(
                "notification, verified, paid, acknowledged (Alipay)",
                notification,
                pgbench == 0
                        ? "no pgbench on this machine"
                        : ratio(notification.perSecond(), pgbench) + " of pgbench's " + Math.round(pgbench)
                                + "/s (target 0.25)");
        System.out.printf("resident memory of the server's JVM after all of it: %d MB%n", residentMegabytes());
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

    private Rate median(String work, String prefix) throws Exception {
        var rates = new ArrayList<Rate>();
        for (int i = 0; i < RUNS; i++) rates.add(load(work, 20, prefix + i + "x"));
        rates.sort((a, b) -> Double.compare(a.perSecond(), b.perSecond()));
        return rates.get(RUNS / 2);
    }

    /**
     * Notifications signed beforehand by the provider, so that only our work is measured; one run until all are sent.
     */
    private Rate notifications() throws Exception {
        var forms = new ArrayList<>(List.of("form"));
        for (int i = 0; i < RUNS; i++) {
            forms.addAll(
                    provider.get("sign?prefix=BENCH" + i + "x").body().lines().toList());
        }
        var feed = WORK.resolve("forms.csv").toAbsolutePath();
        Files.write(feed, forms);
        var path = provider.get("notify?number=BENCH0x1").body().replaceAll("^https?://[^/]+", "");
        return load("notification", 20, "n", "-Dbench.feed=" + feed, "-Dbench.notify=" + path);
    }

    private Rate load(String work, int seconds, String prefix, String... more) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dgatling.data.enableAnalytics=false",
                "-Dlogback.configurationFile="
                        + Path.of("src/bench/resources/logback.xml").toAbsolutePath(),
                "-Dbench.base=" + node.base(),
                "-Dbench.key=" + key,
                "-Dbench.work=" + work,
                "-Dbench.prefix=" + prefix,
                "-Dbench.seconds=" + seconds));
        command.addAll(List.of(more));
        command.addAll(List.of(
                "-cp",
                withItsOwnLogging(),
                "io.gatling.app.Gatling",
                "-s",
                Load.class.getName(),
                "-rf",
                WORK.resolve("results").toString()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var exit = process.waitFor();
        Files.writeString(WORK.resolve("gatling-" + ++run + "-" + work + ".txt"), said);
        var count = number(said, "request count\\s*\\|?\\s*([\\d,]+)");
        if (count == 0) throw new IllegalStateException("the load generator measured nothing, exit " + exit);
        return new Rate(
                count / (double) seconds,
                number(said, "response time 50th percentile \\(ms\\)\\s*\\|\\s*([\\d,]+)"),
                number(said, "response time 99th percentile \\(ms\\)\\s*\\|\\s*([\\d,]+)"),
                number(said, "request count\\s*\\|\\s*[\\d,]+\\s*\\|\\s*[\\d,]+\\s*\\|\\s*([\\d,]+)"));
    }

    /** Without the no-op logger of the tests, with which the load generator stops before it prints its result. */
    private static String withItsOwnLogging() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("slf4j-nop"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static long number(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        long found = 0;
        while (matcher.find()) found = Long.parseLong(matcher.group(1).replace(",", ""));
        return found;
    }

    private static double rsaPerSecond() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var key = generator.generateKeyPair().getPrivate();
        long signatures = 0;
        var until = System.nanoTime() + 8_000_000_000L;
        var from = System.nanoTime() + 3_000_000_000L;
        while (System.nanoTime() < until) {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(new byte[200]);
            signature.sign();
            if (System.nanoTime() > from) signatures++;
        }
        return signatures / 5.0;
    }

    /** The same statements in one transaction on tables of the same shape, 16 clients; 0 where there is no pgbench. */
    private double pgbench() throws IOException, InterruptedException {
        var pgbench = List.of(Path.of("/usr/bin/pgbench"), Path.of("/usr/lib/postgresql/15/bin/pgbench")).stream()
                .filter(Files::isExecutable)
                .findFirst();
        if (pgbench.isEmpty()) return 0;
        var uri = java.net.URI.create(node.dbUrl().substring("jdbc:".length()));
        var script = WORK.resolve("notification.sql").toAbsolutePath();
        TestDatabase.execute(node.dbUrl(), "create schema limit_of_it");
        for (var table : List.of("pay_order", "attempt", "receipt", "notification", "order_event", "webhook_event")) {
            TestDatabase.execute(
                    node.dbUrl(),
                    "create table limit_of_it." + table + " (like " + table + " including indexes including defaults)");
        }
        TestDatabase.execute(
                node.dbUrl(),
                "create table limit_of_it.numbers as select row_number() over () as n, o.id as order_id, a.id as attempt_id"
                        + " from pay_order o join attempt a on a.order_id = o.id where o.out_trade_no like 'BENCH%x%'");
        TestDatabase.execute(node.dbUrl(), "create unique index on limit_of_it.numbers (n)");
        TestDatabase.execute(node.dbUrl(), "insert into limit_of_it.pay_order select * from pay_order");
        TestDatabase.execute(node.dbUrl(), "insert into limit_of_it.attempt select * from attempt");
        TestDatabase.execute(node.dbUrl(), "create sequence limit_of_it.next");
        Files.writeString(script, """
                select nextval('limit_of_it.next') as n \\gset
                select order_id as o, attempt_id as a from limit_of_it.numbers where n = :n \\gset
                begin;
                select * from limit_of_it.pay_order where id = ':o' for no key update;
                select * from limit_of_it.attempt where id = ':a' for no key update;
                select id from limit_of_it.notification where account_id = ':a' and repeat_key = ':o';
                select * from limit_of_it.receipt where provider = 'alipay' and merchant_no = '1' and transaction_id = ':o';
                insert into limit_of_it.notification select gen_random_uuid(), ':a', ':o', 'AUTHENTIC', ':o', 'k', 'POST', '', '{}', decode(repeat('00', 900), 'hex'), null, now();
                insert into limit_of_it.receipt select gen_random_uuid(), 0, ':o', ':a', 'alipay', '1', ':o', 990, 'CNY', 'ORDER', 'COUNTED', 0, 0, now(), now(), repeat('x', 700);
                update limit_of_it.attempt set state = 'PAID', version = version + 1, next_query_at = null where id = ':a';
                update limit_of_it.pay_order set version = version + 1, transaction_id = ':o', notify_mode = 1 where id = ':o';
                insert into limit_of_it.order_event values (gen_random_uuid(), ':o', ':a', now(), 'money.order', repeat('x', 700));
                insert into limit_of_it.webhook_event values (gen_random_uuid(), ':o', 'payment.paid', ':o', repeat('x', 1500), now());
                commit;
                """);
        var process = new ProcessBuilder(
                        pgbench.get().toString(),
                        "-n",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(uri.getPort()),
                        "-U",
                        "postgres",
                        "-c",
                        "16",
                        "-j",
                        "2",
                        "-t",
                        "300",
                        "-f",
                        script.toString(),
                        uri.getPath().substring(1))
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Files.writeString(WORK.resolve("pgbench.txt"), said);
        var matcher = Pattern.compile("tps = ([\\d.]+)").matcher(said);
        if (!matcher.find()) throw new IllegalStateException("pgbench measured nothing, see target/bench/pgbench.txt");
        return Double.parseDouble(matcher.group(1));
    }

    private long residentMegabytes() throws IOException {
        var jvm = node.process().descendants().findFirst().orElseThrow();
        var line = Files.readAllLines(Path.of("/proc/" + jvm.pid() + "/status")).stream()
                .filter(l -> l.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
    }
}
