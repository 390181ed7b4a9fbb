package io.cashdesk.run;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The PostgreSQL of a run: a real one from Maven artifacts, durable, with its data in {@code .data/}; or the operator's own. */
final class Database implements AutoCloseable {
    private final String url;
    private final EmbeddedPostgres started;

    private Database(String url, EmbeddedPostgres started) {
        this.url = url;
        this.started = started;
    }

    String url() {
        return url;
    }

    static Database open(Path data, Optional<String> given) throws Sentence {
        if (given.isPresent()) return theirs(given.get());
        try {
            return embedded(data);
        } catch (IOException e) {
            throw new Sentence(
                    "The embedded PostgreSQL did not start from " + data.resolve("pg") + ": " + firstLine(e));
        }
    }

    private static Database theirs(String url) throws Sentence {
        if (!url.startsWith("jdbc:postgresql:") && !url.matches("postgres(ql)?://.*")) {
            throw new Sentence("CASHDESK_DB_URL must begin with jdbc:postgresql: or postgres://");
        }
        var settings = new io.cashdesk.ground.setting.Settings(
                name -> name.equals("CASHDESK_DB_URL") ? url : System.getenv(name));
        try (var connection =
                io.cashdesk.ground.database.CashdeskDataSource.open(settings).getConnection()) {
            if (!connection.isValid(5)) throw new Sentence("The database at CASHDESK_DB_URL does not answer.");
            return new Database(url, null);
        } catch (SQLException e) {
            throw new Sentence("The database at CASHDESK_DB_URL cannot be reached: " + firstLine(e));
        }
    }

    private static Database embedded(Path data) throws IOException {
        var portFile = data.resolve("pg.port");
        int port = Files.exists(portFile)
                ? Integer.parseInt(Files.readString(portFile).strip())
                : freePort();
        Files.writeString(portFile, Integer.toString(port));
        var url = url(port);
        if (answers(url)) return new Database(url, null); // left running by a launcher that was killed
        if (!isFree(port)) {
            port = freePort();
            Files.writeString(portFile, Integer.toString(port));
            url = url(port);
        }
        var started = EmbeddedPostgres.builder()
                .setDataDirectory(data.resolve("pg"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setPGStartupWait(Duration.ofSeconds(60))
                .setRegisterShutdownHook(false) // the server stops first, then its database
                .start();
        return new Database(url, started);
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    private static boolean answers(String url) {
        try (var connection = DriverManager.getConnection(url)) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    @Override
    public void close() throws IOException {
        if (started != null) started.close();
    }
}
