package io.cashdesk.run;

import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.database.Migrations;
import io.cashdesk.ground.database.UnknownSchema;
import io.cashdesk.ground.setting.Settings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The PostgreSQL of a run: a real one from Maven artifacts, durable, with its data in {@code .data/}; or the operator's
 * own.
 */
final class Database implements AutoCloseable {
    private final String url;
    private final String description;
    private final boolean own;
    private final EmbeddedPostgres started;

    /** @param own whether it is the embedded one */
    private Database(String url, String description, boolean own, EmbeddedPostgres started) {
        this.url = url;
        this.description = description;
        this.own = own;
        this.started = started;
    }

    String url() {
        return url;
    }

    /** Which one it is and where its log is, without a password. */
    String description() {
        return description;
    }

    /** What the server has migrated this database to, as a text. */
    String migrations() throws SQLException {
        try (var connection = connect(url);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select count(*), max(version) from flyway_schema_history where success")) {
            rows.next();
            return rows.getLong(1) + " migrations, the newest V" + rows.getString(2);
        }
    }

    static Database open(Path data, Optional<String> given) throws Sentence {
        if (given.isPresent()) return theirs(given.get());
        try {
            return embedded(data);
        } catch (IOException | IllegalStateException e) {
            throw new Sentence("The embedded PostgreSQL did not start from " + data.resolve("pg") + ": " + firstLine(e)
                    + "; its log is " + log(data));
        }
    }

    /**
     * Refuses a database that another version has filled, before the server is started with it.
     *
     * @param data the directory of the embedded one
     */
    void check(Path data) throws Sentence {
        try {
            Migrations.check(source(url));
        } catch (UnknownSchema e) {
            throw new Sentence(
                    own
                            ? data
                                    + " holds the data of another version of Cashdesk, whose tables this one cannot take over;"
                                    + " nothing was changed. Move it away, or delete it with all its test data: mv "
                                    + data
                                    + " " + data + ".old"
                            : e.getMessage() + ".");
        }
    }

    private static Path log(Path data) {
        return data.resolve("postgresql.log");
    }

    private static Database theirs(String url) throws Sentence {
        if (!url.startsWith("jdbc:postgresql:") && !url.matches("postgres(ql)?://.*")) {
            throw new Sentence("CASHDESK_DB_URL must begin with jdbc:postgresql: or postgres://");
        }
        try (var connection = connect(url)) {
            if (!connection.isValid(5)) throw new Sentence("The database at CASHDESK_DB_URL does not answer.");
            return new Database(url, "the one of CASHDESK_DB_URL", false, null);
        } catch (SQLException e) {
            throw new Sentence("The database at CASHDESK_DB_URL cannot be reached: " + firstLine(e));
        }
    }

    private static Connection connect(String url) throws SQLException {
        return source(url).getConnection();
    }

    private static DataSource source(String url) {
        return CashdeskDataSource.open(
                new Settings(name -> name.equals("CASHDESK_DB_URL") ? url : System.getenv(name)));
    }

    private static Database embedded(Path data) throws IOException {
        var portFile = data.resolve("pg.port");
        int port = Files.exists(portFile)
                ? Integer.parseInt(Files.readString(portFile).strip())
                : Ports.free();
        Files.writeString(portFile, Integer.toString(port));
        var url = url(port);
        if (answers(url))
            return new Database(url, describe(port, data), true, null); // left by a launcher that was killed
        if (!Ports.isFree(port)) {
            port = Ports.free();
            Files.writeString(portFile, Integer.toString(port));
            url = url(port);
        }
        Files.deleteIfExists(log(data));
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
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log(data).toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log(data).toFile()))
                .setRegisterShutdownHook(false) // the server stops first, then its database
                .start();
        return new Database(url, describe(port, data), true, started);
    }

    private static String describe(int port, Path data) {
        return "PostgreSQL on port " + port + ", log " + log(data);
    }

    static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    private static boolean answers(String url) {
        try (var connection = DriverManager.getConnection(url)) {
            return connection.isValid(2);
        } catch (SQLException e) {
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
