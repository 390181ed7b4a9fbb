package io.cashdesk.run;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.wildfly.plugin.tools.Deployment;
import org.wildfly.plugin.tools.UndeployDescription;
import org.wildfly.plugin.tools.server.ServerManager;
import org.wildfly.plugin.tools.server.StandaloneManager;

/**
 * {@code mvn -Ploop}: a server and its database that keep running between calls of Maven, so that a call only compiles,
 * deploys and runs one test class. The first call starts both; each begins with nothing deployed and an empty database.
 * {@link #main} stops both.
 */
public final class Loop {
    private static final String DEPLOYMENT = "ROOT.war";
    private static final String DATABASE = "loop";
    private static final int START_SECONDS = 180;

    private final Path directory;
    private final Properties ports = new Properties();

    private Loop(Path directory) throws IOException {
        this.directory = directory;
        var file = directory.resolve("ports.properties");
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                ports.load(in);
            }
        } else {
            Files.createDirectories(directory);
            for (var port : new String[] {"http", "management", "simulator"}) {
                ports.setProperty(port, Integer.toString(Database.freePort()));
            }
            try (var out = Files.newBufferedWriter(file)) {
                ports.store(out, "The server of mvn -Ploop");
            }
        }
    }

    /** @param args the directory of the loop */
    public static void main(String[] args) throws Exception {
        new Loop(Path.of(args[0])).stop();
    }

    /**
     * Starts what is not running.
     *
     * @param directory its logs, its data, its ports
     * @param home the provisioned server
     * @param environment the settings of the server, without its ports, addresses and database
     */
    public static Loop open(Path directory, Path home, Map<String, String> environment) throws Exception {
        var loop = new Loop(directory);
        var postgres = Database.open(directory, Optional.empty()).url();
        try (var server = loop.server()) {
            if (!server.isRunning()) {
                loop.start(home, environment, inDatabase(postgres));
                if (!server.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                    throw new Sentence("The server did not start; its log is " + loop.log());
                }
            }
            server.deploymentManager()
                    .undeploy(UndeployDescription.of(DEPLOYMENT).setFailOnMissing(false))
                    .assertSuccess();
        }
        recreateDatabase(postgres);
        return loop;
    }

    private void start(Path home, Map<String, String> environment, String database) throws IOException {
        var settings = new HashMap<>(environment);
        settings.put("CASHDESK_DB_URL", database);
        settings.put("CASHDESK_BASE_URL", base().toString());
        settings.put("CASHDESK_HTTP_PORT", Integer.toString(port("http")));
        settings.put("CASHDESK_SIMULATOR_PORT", Integer.toString(port("simulator")));
        var base = directory.resolve("base");
        Server.copyBase(home, base);
        Server.start(
                new Server.Plan(
                        home, base, Optional.empty(), "127.0.0.1", port("http"), port("management"), log(), settings),
                "-XX:TieredStopAtLevel=1");
    }

    private Path log() {
        return directory.resolve("server.log");
    }

    private StandaloneManager server() {
        return ServerManager.builder()
                .managementAddress("127.0.0.1")
                .managementPort(port("management"))
                .standalone();
    }

    /** Deploys the application; returns when it is ready. */
    public void deploy(Path war) throws IOException {
        try (var server = server()) {
            server.deploymentManager()
                    .deploy(Deployment.of(war).setName(DEPLOYMENT).setRuntimeName(DEPLOYMENT))
                    .assertSuccess();
        }
    }

    /** @param which "http", "management" or "simulator" */
    public int port(String which) {
        return Integer.parseInt(ports.getProperty(which));
    }

    public URI base() {
        return URI.create("http://localhost:" + port("http"));
    }

    /** The database of the running server, empty when the loop was opened. */
    public String dbUrl() throws IOException {
        return inDatabase(Database.url(
                Integer.parseInt(Files.readString(directory.resolve("pg.port")).strip())));
    }

    private static String inDatabase(String postgres) {
        return postgres.replace("/postgres?", "/" + DATABASE + "?");
    }

    private static void recreateDatabase(String postgres) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres);
                var statement = connection.createStatement()) {
            statement.execute("drop database if exists " + DATABASE + " with (force)");
            statement.execute("create database " + DATABASE);
        }
    }

    private void stop() throws IOException {
        try (var server = server()) {
            if (server.isRunning()) server.shutdown();
        }
        var pid = directory.resolve("pg/postmaster.pid");
        if (Files.exists(pid)) {
            var postmaster =
                    ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).get(0)));
            postmaster.ifPresent(process -> {
                process.destroy();
                process.onExit().join();
            });
        }
        System.out.println("The server of the loop and its database are stopped");
    }
}
