package io.cashdesk.bench;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The server under test, its new PostgreSQL, the provider in its own process, and what is requested of the server. */
final class Installation implements AutoCloseable {
    /** An Alipay order whose code no payer has scanned, and one that is paid. */
    static final String UNPAID = "BENCH_UNPAID";

    static final String PAID = "BENCH_PAID";

    private static final String JSON = "application/json";

    /**
     * Orders that were made for a measurement are not queried during the next one, except those about which a query is
     * just being claimed, which sets their next query again.
     */
    private static final String NO_MORE_QUERIES = """
            update attempt set next_query_at = now() + interval '1 day'
            where next_query_at < now() + interval '1 hour' and attempt_no not like 'WAITING%'
            """;

    private final Path directory;
    private final OtherProviderProcess provider = OtherProviderProcess.start();
    private final Node node;
    private final String key;
    private final String websiteKey;

    /** @param directory for files of this run; those of an earlier run are deleted */
    Installation(Path directory) throws IOException {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(new Thread(provider::close));
        empty(directory);
        this.node = Nodes.start(
                "bench-" + System.nanoTime(),
                TestDatabase.fresh(),
                null,
                Map.of("CASHDESK_PROVIDER_CALLS", "64", "JVM_OPTIONS", "-Dbench=true")); // with all its compilers
        this.key = merchant("bench");
        this.websiteKey = merchant("bench-website");
        node.manage(
                "PUT",
                "merchants/bench-website/providers",
                Json.createObjectBuilder()
                        .add(
                                "alipay",
                                Json.createObjectBuilder()
                                        .add(
                                                "h5",
                                                Json.createObjectBuilder(provider.account("alipay-keys"))
                                                        .add("website", true))));
        create(key, UNPAID);
        create(key, PAID);
        provider.get("pay?number=" + PAID);
        Eventually.within(
                Duration.ofSeconds(20),
                PAID + " is paid",
                () -> node.queryPayment(key, PAID, "").getBoolean("orderPaid"));
    }

    private static void empty(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (var file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) Files.delete(file);
            }
        }
        Files.createDirectories(directory);
    }

    /** A merchant that is paid through Alipay; its API key. */
    String merchant(String pid) {
        return provider.liveMerchant(node, pid, false);
    }

    /** An order of 9.90 yuan whose Alipay code is shown. */
    void create(String key, String number) {
        var answer = node.createPayment(key, "alipay", number, 990);
        if (answer.status() != 200) throw new IllegalStateException(answer.body());
    }

    String dbUrl() {
        return node.dbUrl();
    }

    LoadGenerator loadGenerator() {
        return new LoadGenerator(directory, node.base(), node.dbUrl());
    }

    /** No response of this server can be faster: a constant, behind the same filters. */
    Work constant(String name, Work.Length length) {
        return new Work(name, new Work.Request("/health/live", "", "", "", ""), length, "");
    }

    Work query(String name, String number, Work.Length length) {
        var body = "{\"out_trade_no\":\"" + number + "\"}";
        return new Work(name, new Work.Request("/api/pay/queryPayment", JSON, key, body, ""), length, "");
    }

    /** Alipay precreate: with a call to the provider. */
    Work precreate(String name, String prefix, Work.Length length) {
        return create(name, key, "\"needQRcode\":true", prefix, length);
    }

    /** Alipay page pay: signed and stored, without a call to the provider. */
    Work page(String name, String prefix, Work.Length length) {
        return create(name, websiteKey, "\"isPC\":true", prefix, length);
    }

    private static Work create(String name, String key, String way, String prefix, Work.Length length) {
        var body = "{\"provider\":\"alipay\"," + way + ",\"data\":{\"out_trade_no\":\"" + prefix + "x#{n}\","
                + "\"total_fee\":990,\"subject\":\"tea\",\"type\":\"goods\"}}";
        return new Work(name, new Work.Request("/api/pay/createPayment", JSON, key, body, ""), length, NO_MORE_QUERIES);
    }

    /**
     * The notifications of the orders whose numbers begin so, signed now, so that only the server's work is measured.
     *
     * @param number one of these orders
     */
    Work notifications(String name, String prefix, String number) throws IOException {
        var forms = new ArrayList<>(List.of("form"));
        forms.addAll(provider.get("sign?prefix=" + prefix).body().lines().toList());
        var count = (forms.size() - 1) / Work.USERS * Work.USERS;
        var file = directory.resolve("forms-" + prefix + ".csv").toAbsolutePath();
        Files.write(file, forms.subList(0, count + 1));
        var path = provider.get("notify?number=" + number).body().replaceAll("^https?://[^/]+", "");
        var request = new Work.Request(path, "application/x-www-form-urlencoded", "", "#{form}", file.toString());
        return new Work(name, request, Work.Length.requests(count), "");
    }

    /** So many copies of {@link #UNPAID}, at the provider too, with the numbers prefix1, prefix2, …; never queried. */
    void copyUnpaid(String prefix, int count) throws Exception {
        provider.get("copy?number=" + UNPAID + "&prefix=" + prefix + "&count=" + count);
        OrderCopies.unqueried(dbUrl(), UNPAID, prefix, count);
    }

    /**
     * Orders whose numbers begin so and that are paid.
     *
     * @param mode 1: those paid by a notification, 0: those paid by the answer to a query
     */
    long paid(String prefix, int mode) {
        return TestDatabase.number(
                dbUrl(),
                "select count(*) from pay_order where state = 'PAID' and notify_mode = ? and out_trade_no like ?",
                mode,
                prefix + "%");
    }

    /** Between measurements, so that neither the one before nor the database's own plans decide about the next. */
    void settle() {
        TestDatabase.execute(dbUrl(), "vacuum analyze");
        TestDatabase.execute(dbUrl(), "checkpoint");
    }

    long residentMegabytes() throws IOException {
        var jvm = node.process().descendants().findFirst().orElseThrow();
        var line = Files.readAllLines(Path.of("/proc/" + jvm.pid() + "/status")).stream()
                .filter(l -> l.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
    }

    @Override
    public void close() {
        node.stop();
        provider.close();
    }
}
