package io.cashdesk.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Two PostgreSQL servers from Debian's packages: a primary, and a standby without which it commits nothing
 * (docs/operations.md, "A primary and its standby"). PostgreSQL does not run as root; then it runs as the packages' own
 * user.
 */
public final class PrimaryAndStandby implements AutoCloseable {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final int LEAST = 15;
    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    private final Path bin;
    private final Path home;
    private final int primaryPort = TestRun.freePort();
    private final int standbyPort = TestRun.freePort();
    private final List<Process> started = new ArrayList<>();

    /** The newest installed PostgreSQL that is new enough, or empty. */
    public static Optional<Path> installed() {
        if (!Files.isDirectory(INSTALLED)) return Optional.empty();
        try (var versions = Files.list(INSTALLED)) {
            return versions.filter(v -> v.getFileName().toString().matches("\\d+"))
                    .filter(v -> version(v) >= LEAST && Files.isExecutable(v.resolve("bin/postgres")))
                    .max(Comparator.comparingInt(PrimaryAndStandby::version))
                    .map(v -> v.resolve("bin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int version(Path path) {
        return Integer.parseInt(path.getFileName().toString());
    }

    public PrimaryAndStandby(Path bin) {
        this.bin = bin;
        try {
            home = Files.createTempDirectory("cashdesk-standby");
            if (ROOT) run("chown", "postgres", home.toString());
            runAsOwner("initdb", "-D", data("primary"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C");
            configure("primary", primaryPort, "synchronous_standby_names = 'standby'");
            start("primary", primaryPort);
            runAsOwner(
                    "pg_basebackup",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    "" + primaryPort,
                    "-U",
                    "postgres",
                    "-D",
                    data("standby"));
            configure(
                    "standby",
                    standbyPort,
                    "synchronous_standby_names = ''", // once it is the primary it has no standby to wait for
                    "primary_conninfo = 'host=127.0.0.1 port=" + primaryPort
                            + " user=postgres application_name=standby'");
            runAsOwner("touch", data("standby") + "/standby.signal");
            start("standby", standbyPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.within(
                Duration.ofSeconds(30),
                "the standby is synchronous",
                () -> TestDatabase.number(
                                primary("postgres"),
                                "select count(*) from pg_stat_replication where sync_state = 'sync'")
                        == 1);
        TestDatabase.execute(primary("postgres"), "create database cashdesk");
    }

    private String data(String name) {
        return home.resolve(name).toString();
    }

    private void configure(String name, int port, String... more) throws IOException {
        var lines = new ArrayList<>(List.of(
                "port = " + port,
                "listen_addresses = '127.0.0.1'",
                "unix_socket_directories = '" + home + "'",
                "synchronous_commit = on",
                "shared_buffers = 32MB"));
        lines.addAll(List.of(more));
        Files.write(home.resolve(name).resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    private void start(String name, int port) throws IOException {
        var command = asOwner("postgres", "-D", data(name));
        started.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(name + ".log").toFile())
                .start());
        Eventually.within(
                Duration.ofSeconds(30),
                name + " answers",
                () -> ended(asOwner("pg_isready", "-q", "-h", "127.0.0.1", "-p", "" + port)) == 0);
    }

    /** The address for a node: both hosts, of which the one that accepts writes is used. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + primaryPort + ",127.0.0.1:" + standbyPort + "/cashdesk?user=postgres";
    }

    private String primary(String database) {
        return "jdbc:postgresql://127.0.0.1:" + primaryPort + "/" + database + "?user=postgres";
    }

    /** The standby alone. */
    public String standby() {
        return "jdbc:postgresql://127.0.0.1:" + standbyPort + "/cashdesk?user=postgres";
    }

    /** SIGKILL to every process of the primary, as when its machine fails. */
    public void killPrimary() {
        try {
            var pid = Files.readAllLines(home.resolve("primary/postmaster.pid")).get(0);
            var postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            var children = postmaster.descendants().toList();
            postmaster.destroyForcibly(); // first, or it would announce its end to the others
            children.forEach(ProcessHandle::destroyForcibly);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the operator, or the operator's tool, does next. */
    public void promoteStandby() {
        runAsOwner("pg_ctl", "promote", "-w", "-D", data("standby"));
    }

    private List<String> asOwner(String program, String... arguments) {
        var command = new ArrayList<String>();
        if (ROOT) command.addAll(List.of("runuser", "-u", "postgres", "--"));
        var ours = bin.resolve(program);
        command.add(Files.exists(ours) ? ours.toString() : program);
        command.addAll(List.of(arguments));
        return command;
    }

    private void runAsOwner(String program, String... arguments) {
        run(asOwner(program, arguments).toArray(String[]::new));
    }

    private static void run(String... command) {
        var status = ended(List.of(command));
        if (status != 0) throw new IllegalStateException(String.join(" ", command) + " ended with " + status);
    }

    private static int ended(List<String> command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .directory(Path.of("/").toFile()) // one that its user may read
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) process.destroyForcibly();
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (var process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
        }
        run("rm", "-rf", home.toString());
    }
}
