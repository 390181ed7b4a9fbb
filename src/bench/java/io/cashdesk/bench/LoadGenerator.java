package io.cashdesk.bench;

import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs {@link Load} in a process of its own, Gatling, and reads what it reports. */
final class LoadGenerator {
    /** {@link Load} ends before. */
    private static final Duration LONGEST = Duration.ofMinutes(6);

    /**
     * One request name in Gatling's stats.js, which is a script and not JSON. Its percentiles 1 to 4 are 50, 75, 95,
     * 99.
     */
    private static final Pattern STATISTICS = Pattern.compile(
            "\"name\": \"([^\"]+)\",\\s*\"numberOfRequests\": \\{\\s*\"total\": \"(\\d+)\",[^}]*\"ko\": \"(\\d+)\""
                    + ".*?\"percentiles1\": \\{\\s*\"total\": \"(\\d+)\".*?\"percentiles4\": \\{\\s*\"total\": \"(\\d+)\"",
            Pattern.DOTALL);

    private final Path directory;
    private final URI base;
    private final String dbUrl;
    private int run;

    /** All requests of a name, those that failed, and the percentiles of the response times in milliseconds. */
    private record Statistics(long count, long failed, long p50, long p99) {}

    /**
     * @param directory for the reports and the output
     * @param base the server under test
     */
    LoadGenerator(Path directory, URI base, String dbUrl) {
        this.directory = directory;
        this.base = base;
        this.dbUrl = dbUrl;
    }

    /** The works one after the other; by name what was measured, in the same order. */
    Map<String, Rate> run(List<Work> works) throws IOException, InterruptedException {
        run++;
        var plan = directory.resolve("load-" + run + ".plan").toAbsolutePath();
        var results = directory.resolve("load-" + run);
        var output = directory.resolve("load-" + run + ".txt");
        write(plan, works);
        var exit = Processes.run(command(plan, results), output, LONGEST);
        if (exit != 0) throw new IllegalStateException("the load generator ended with " + exit + ", see " + output);
        return rates(works, statistics(results), times(plan));
    }

    private List<String> command(Path plan, Path results) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dlogback.configurationFile="
                        + Path.of("src/bench/resources/logback.xml").toAbsolutePath(),
                "-Dbench.plan=" + plan,
                "-Dbench.base=" + base,
                "-Dbench.database=" + dbUrl,
                "-cp",
                withItsOwnLogging(),
                "io.gatling.app.Gatling",
                "-s",
                Load.class.getName(),
                "-rf",
                results.toString());
    }

    /** Without the no-op logger of the tests, with which the load generator stops before it prints its result. */
    private static String withItsOwnLogging() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("slf4j-nop"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Map<String, Rate> rates(List<Work> works, Map<String, Statistics> statistics, Path timesFile)
            throws IOException {
        var times = new Properties();
        try (var in = Files.newBufferedReader(timesFile)) {
            times.load(in);
        }
        var rates = new LinkedHashMap<String, Rate>();
        for (var work : works) {
            var found = statistics.get(work.name());
            if (found == null) throw new IllegalStateException("no request of " + work.name() + " was measured");
            var warmUp = statistics.get(work.warmUp());
            var failed = found.failed() + (warmUp == null ? 0 : warmUp.failed());
            var seconds = Long.parseLong(times.getProperty(work.name())) / 1e9;
            rates.put(work.name(), new Rate(found.count() / seconds, found.p50(), found.p99(), failed));
        }
        return rates;
    }

    /** The statistics of each request name, from the report that Gatling has written. */
    private static Map<String, Statistics> statistics(Path results) throws IOException {
        try (var files = Files.walk(results)) {
            var file = files.filter(path -> path.endsWith("stats.js"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("Gatling wrote no stats.js in " + results));
            return STATISTICS
                    .matcher(Files.readString(file))
                    .results()
                    .collect(Collectors.toMap(
                            request -> request.group(1),
                            request -> new Statistics(
                                    Long.parseLong(request.group(2)),
                                    Long.parseLong(request.group(3)),
                                    Long.parseLong(request.group(4)),
                                    Long.parseLong(request.group(5)))));
        }
    }

    private static void write(Path plan, List<Work> works) throws IOException {
        try (var out = new ObjectOutputStream(Files.newOutputStream(plan))) {
            out.writeObject(works.toArray(Work[]::new));
        }
    }

    static List<Work> read(Path plan) {
        try (var in = new ObjectInputStream(Files.newInputStream(plan))) {
            return new ArrayList<>(List.of((Work[]) in.readObject()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where {@link Load} writes the nanoseconds of each work. */
    static Path times(Path plan) {
        return Path.of(plan + ".times");
    }
}
