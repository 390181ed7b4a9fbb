package io.cashdesk.bench;

import io.cashdesk.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * How often pgbench runs the kind of statements of a notification in one transaction, with 16 clients: the limit of
 * notifications. It has a database of its own in the same PostgreSQL. Tables and script are frozen in
 * {@code src/bench/resources/pgbench}, so that a change of the schema does not move the limit.
 */
final class PgbenchLimit {
    private static final Path FILES = Path.of("src/bench/resources/pgbench");
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private PgbenchLimit() {}

    /** Transactions per second; empty where there is no pgbench. */
    static OptionalDouble perSecond(Path directory) throws IOException, InterruptedException {
        var pgbench = program();
        if (pgbench == null) return OptionalDouble.empty();
        var dbUrl = TestDatabase.fresh();
        TestDatabase.execute(dbUrl, Files.readString(FILES.resolve("tables.sql")));
        TestDatabase.execute(dbUrl, "vacuum analyze");
        TestDatabase.execute(dbUrl, "checkpoint");
        var uri = URI.create(dbUrl.substring("jdbc:".length()));
        var output = directory.resolve("pgbench.txt");
        var options = "-n -h 127.0.0.1 -p " + uri.getPort() + " -U postgres -c 16 -j 2 -t 300 -f "
                + FILES.resolve("notification.sql") + " " + uri.getPath().substring(1);
        var exit = Processes.run(
                List.of((pgbench + " " + options).split(" ")), // no part contains a space
                output,
                LONGEST);
        var matcher = Pattern.compile("tps = ([\\d.]+)").matcher(Files.readString(output));
        if (exit != 0 || !matcher.find()) throw new IllegalStateException("pgbench measured nothing, see " + output);
        return OptionalDouble.of(Double.parseDouble(matcher.group(1)));
    }

    /** Where Debian's packages put it, or null. */
    private static Path program() throws IOException {
        var inPath = Path.of("/usr/bin/pgbench");
        if (Files.isExecutable(inPath)) return inPath;
        var versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) return null;
        try (var found = Files.walk(versions, 3)) {
            return found.filter(path -> path.endsWith("bin/pgbench"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElse(null);
        }
    }
}
