package io.cashdesk.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Debian's nginx as a child process, with a directory of its own for all its files. */
public final class Nginx implements AutoCloseable {
    private static final File NGINX = new File("/usr/sbin/nginx");

    private final Process process;

    /** If nginx is not installed the test is skipped with a message; with CI=true it fails. */
    public static void needed() {
        var there = NGINX.canExecute();
        if (!there && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("CI=true needs /usr/sbin/nginx: install nginx");
        }
        assumeTrue(there, "The tests behind a TLS proxy are skipped: install the package nginx");
    }

    /**
     * Starts it; returns when it listens.
     *
     * @param servers what stands in {@code http}
     * @param port where it will listen, on loopback
     */
    public Nginx(Path directory, String servers, int port) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        var temporary = new StringBuilder();
        for (var kind : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            temporary
                    .append(kind)
                    .append("_temp_path ")
                    .append(directory.resolve(kind))
                    .append(";\n");
        }
        var configuration = Files.writeString(
                directory.resolve("nginx.conf"),
                "daemon off;\nworker_processes 1;\npid " + directory.resolve("nginx.pid") + ";\nerror_log "
                        + directory.resolve("error.log") + ";\nevents {}\nhttp {\naccess_log "
                        + directory.resolve("access.log") + ";\n" + temporary + servers + "}\n");
        var output = directory.resolve("output.log");
        process = new ProcessBuilder(
                        NGINX.toString(),
                        "-p",
                        directory.toString(),
                        "-c",
                        configuration.toString(),
                        "-e",
                        directory.resolve("error.log").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        Eventually.within(Duration.ofSeconds(20), "nginx listens", () -> {
            if (!process.isAlive()) throw new AssertionError("nginx stopped: " + read(output));
            return listens(port);
        });
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** SIGTERM to the master, which stops its workers. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
    }
}
