package io.cashdesk.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What took how long in a phase of {@code mvn verify}. Its test JVMs write to one file ({@code timings.file} in
 * {@code pom.xml}); the last one to end prints the slowest classes and how much of the time was spent on starting
 * servers. A JVM that has crashed counts as ended; if it is the last one, nothing is printed. An IDE sets no such file,
 * and nothing is written.
 */
final class Timings {
    private static final int ROWS = 12;

    private static final String BEGIN = "begin";
    private static final String END = "end";
    private static final String CLASS = "class";
    private static final String SERVER = "server";

    private Timings() {}

    /**
     * One line of the file.
     *
     * @param name of a class or a server; of BEGIN and END the number of the JVM's process
     * @param kind {@link #BEGIN} or {@link #END} of a JVM, {@link #CLASS}, or {@link #SERVER}
     * @param millis how long it took; of BEGIN and END: the time since 1970
     * @param tests how many, of a CLASS
     */
    private record Entry(String kind, String name, long millis, int tests) {
        static Entry of(String line) {
            var parts = line.split(" ");
            return new Entry(parts[0], parts[1], Long.parseLong(parts[2]), Integer.parseInt(parts[3]));
        }

        @Override
        public String toString() {
            return kind + " " + name + " " + millis + " " + tests;
        }
    }

    private static Optional<Path> file() {
        return Optional.ofNullable(System.getProperty("timings.file")).map(Path::of);
    }

    /** A test JVM has started; files of earlier builds are deleted. */
    static void begin() {
        file().ifPresent(Timings::deleteOthers);
        write(new Entry(BEGIN, thisJvm(), System.currentTimeMillis(), 0));
    }

    private static String thisJvm() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static void deleteOthers(Path file) {
        if (!Files.isDirectory(file.toAbsolutePath().getParent())) return;
        try (var old = Files.newDirectoryStream(file.toAbsolutePath().getParent(), "{timings,contracts}-*.txt")) {
            for (var other : old) {
                var ofThisBuild = other.getFileName().toString().replaceFirst("^contracts", "timings");
                if (!ofThisBuild.equals(file.getFileName().toString())) Files.deleteIfExists(other);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A test class has ended. */
    static void testClass(String name, int tests, double seconds) {
        write(new Entry(CLASS, name, Math.round(seconds * 1_000), tests));
    }

    /** A node has become ready. The server that Arquillian starts for tests inside of it is not counted. */
    static void server(String name, long nanos) {
        write(new Entry(SERVER, name, nanos / 1_000_000, 0));
    }

    /**
     * This test JVM has ended; prints the table if no other one is running.
     *
     * @return whether it was the last
     */
    static boolean end(PrintStream console) {
        var entries = write(new Entry(END, thisJvm(), System.currentTimeMillis(), 0));
        var last = !anyRuns(entries);
        if (last && !of(CLASS, entries).isEmpty()) table(entries).forEach(console::println);
        return last;
    }

    private static boolean anyRuns(List<Entry> entries) {
        var ended = of(END, entries).stream().map(Entry::name).collect(Collectors.toSet());
        return of(BEGIN, entries).stream()
                .filter(e -> !ended.contains(e.name()))
                .anyMatch(e -> ProcessHandle.of(Long.parseLong(e.name())).isPresent());
    }

    /** Appends this entry; all that the file has then. Other JVMs write to it too. */
    private static List<Entry> write(Entry entry) {
        if (file().isEmpty()) return List.of();
        try {
            Files.createDirectories(file().get().toAbsolutePath().getParent());
            try (var channel = FileChannel.open(
                            file().get(),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                var bytes = ByteBuffer.wrap((entry + "\n").getBytes(StandardCharsets.UTF_8));
                channel.position(channel.size());
                while (bytes.hasRemaining()) channel.write(bytes);
                return Files.readAllLines(file().get()).stream().map(Entry::of).toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Entry> of(String kind, List<Entry> entries) {
        return entries.stream().filter(e -> e.kind().equals(kind)).toList();
    }

    /** The slowest first. */
    private static List<String> table(List<Entry> entries) {
        var classes = of(CLASS, entries);
        var slowest = classes.stream()
                .sorted(Comparator.comparingLong(Entry::millis).reversed())
                .toList();
        var shown = slowest.subList(0, Math.min(ROWS, slowest.size()));
        var rest = slowest.subList(shown.size(), slowest.size());
        var lines = new ArrayList<String>();
        lines.add("The slowest test classes:");
        shown.forEach(e -> lines.add(line(e.name(), e.tests() + " tests", e.millis())));
        if (!rest.isEmpty()) lines.add(line(rest.size() + " other classes", tests(rest) + " tests", millis(rest)));
        var servers = of(SERVER, entries);
        if (!servers.isEmpty()) lines.add(line("of this, starting nodes", servers.size() + " starts", millis(servers)));
        var begun = of(BEGIN, entries).stream().mapToLong(Entry::millis).min();
        var ended = of(END, entries).stream().mapToLong(Entry::millis).max();
        if (begun.isPresent() && ended.isPresent()) {
            var jvms = of(BEGIN, entries).size();
            lines.add(line(
                    "all, in " + jvms + " JVM" + (jvms == 1 ? "" : "s"),
                    tests(classes) + " tests",
                    ended.getAsLong() - begun.getAsLong()));
        }
        return lines;
    }

    private static int tests(List<Entry> entries) {
        return entries.stream().mapToInt(Entry::tests).sum();
    }

    private static long millis(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::millis).sum();
    }

    private static String line(String name, String count, long millis) {
        return String.format(Locale.ROOT, "  %-58s %12s %7.1f s", name, count, millis / 1e3);
    }
}
