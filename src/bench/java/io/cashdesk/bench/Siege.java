package io.cashdesk.bench;

import io.cashdesk.fault.FaultRun;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;

/**
 * The fault test for an hour: {@code SIEGE_MINUTES=60 mvn -Pbench verify -DskipITs
 * -Dbench.main=io.cashdesk.bench.Siege}. Each round is load with faults, time to settle and an audit, with a seed of
 * its own that follows from the first. It can be stopped at any time (Ctrl-C, SIGTERM) and continues with the
 * unfinished round when it is started again; on another commit it begins anew. The result is in
 * {@code target/siege/result.md}; the command fails if there was a difference.
 */
public final class Siege {
    private static final Path WORK = Path.of("target/siege");
    private static final Path STATE = WORK.resolve("state.properties");
    private static final FaultRun.Size ROUND =
            new FaultRun.Size(600, 64, Duration.ofSeconds(75), 6, Duration.ofSeconds(180));
    private static final List<String> SUMS = List.of(
            "rounds",
            "seconds",
            "orders",
            "paid",
            "refunds",
            "webhooks",
            "faulty_answers",
            "network_faults",
            "kills",
            "longest_settling_seconds",
            "differences");

    private final Properties state = new Properties();

    private Siege() {}

    public static void main(String[] args) throws Exception {
        Files.createDirectories(WORK);
        Processes.endWithThis();
        var siege = new Siege();
        siege.load();
        var minutes = Long.parseLong(System.getenv().getOrDefault("SIEGE_MINUTES", "60"));
        siege.run(Duration.ofMinutes(minutes));
        siege.printResult();
        System.exit(siege.sum("differences") == 0 ? 0 : 1); // the embedded PostgreSQL stops with us
    }

    private void load() throws IOException, InterruptedException {
        var commit = commit();
        if (Files.exists(STATE)) {
            try (var in = Files.newBufferedReader(STATE)) {
                state.load(in);
            }
            if (commit.equals(state.getProperty("commit"))) {
                System.out.printf("Continuing after %d rounds, %d s%n", sum("rounds"), sum("seconds"));
                return;
            }
            System.out.println("The last run was on another commit; starting again.");
            state.clear();
        }
        var seed =
                System.getenv().getOrDefault("SIEGE_SEED", Integer.toString(new Random().nextInt(Integer.MAX_VALUE)));
        state.setProperty("commit", commit);
        state.setProperty("seed", seed);
        SUMS.forEach(name -> state.setProperty(name, "0"));
    }

    private static String commit() throws IOException, InterruptedException {
        var head = git("rev-parse", "--short=12", "HEAD");
        return git("status", "--porcelain", "--untracked-files=no", "--", "src", "pom.xml", "db-migrations", "webapp")
                        .isEmpty()
                ? head
                : head + " with changes";
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) return "no commit known";
        return output.strip();
    }

    private void run(Duration time) throws Exception {
        var seed = Long.parseLong(state.getProperty("seed"));
        // the server takes at most 23 characters for a node's name
        var name = "siege-" + Long.toString(System.currentTimeMillis() / 1_000, 36);
        var provider = Nodes.start(name, TestDatabase.fresh(), null, Map.of());
        var run = FaultRun.start(name, provider, seed);
        while (sum("seconds") < time.toSeconds()) {
            var begun = System.nanoTime();
            var roundSeed = new Random(seed + sum("rounds")).nextInt(Integer.MAX_VALUE);
            var outcome = run.round(roundSeed, ROUND);
            add(outcome, Duration.ofNanos(System.nanoTime() - begun));
            System.out.printf(
                    "round %d, seed %d: %d orders, settled after %d s, %d differences%n",
                    sum("rounds"),
                    roundSeed,
                    outcome.orders(),
                    outcome.settled().toSeconds(),
                    outcome.differences().size());
            if (!outcome.differences().isEmpty()) {
                Files.writeString(WORK.resolve("differences-" + roundSeed + ".txt"), outcome.report());
            }
            save();
        }
    }

    private void add(FaultRun.Outcome outcome, Duration took) {
        add("rounds", 1);
        add("seconds", took.toSeconds());
        add("orders", outcome.orders());
        add("paid", outcome.paidTrades());
        add("refunds", outcome.refunds());
        add("webhooks", outcome.webhooks());
        add("faulty_answers", outcome.faultyAnswers());
        add("network_faults", outcome.networkFaults());
        add("kills", outcome.kills());
        add("differences", outcome.differences().size());
        var longest =
                Math.max(sum("longest_settling_seconds"), outcome.settled().toSeconds());
        state.setProperty("longest_settling_seconds", Long.toString(longest));
    }

    private void add(String name, long more) {
        state.setProperty(name, Long.toString(sum(name) + more));
    }

    private long sum(String name) {
        return Long.parseLong(state.getProperty(name));
    }

    /** Atomic: after a kill during the write, the state of the round before is still there. */
    private void save() throws IOException {
        var next = WORK.resolve("state.next");
        try (var out = Files.newBufferedWriter(next)) {
            state.store(out, null);
        }
        Files.move(next, STATE, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void printResult() throws IOException {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "Measured %s on commit %s, seed %s.%n%n| | |%n|---|---|%n",
                LocalDate.now(ZoneOffset.UTC),
                state.getProperty("commit"),
                state.getProperty("seed")));
        for (var name : SUMS) {
            text.append(String.format(Locale.ROOT, "| %s | %,d |%n", name.replace('_', ' '), sum(name)));
        }
        Files.writeString(WORK.resolve("result.md"), text);
        System.out.print(text);
    }
}
