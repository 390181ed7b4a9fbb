package io.cashdesk.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.as.controller.client.helpers.Operations;
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
    private static final String PORTS_FILE = "ports.properties";
    private static final List<String> PORTS = List.of("http", "management", "simulator");
    private static final int START_SECONDS = 180;
    private static final int STOP_SECONDS = 30;

    private final Path directory;
    private final Properties ports = new Properties();

    private Loop(Path directory) throws IOException {
        this.directory = directory.toAbsolutePath().normalize();
        var file = directory.resolve(PORTS_FILE);
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                ports.load(in);
            }
        } else {
            Files.createDirectories(directory);
            choosePorts();
        }
    }

    private void choosePorts() throws IOException {
        for (var port : PORTS) ports.setProperty(port, Integer.toString(Ports.free()));
        try (var out = Files.newBufferedWriter(directory.resolve(PORTS_FILE))) {
            ports.store(out, "The server of mvn -Ploop");
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
        var postgres = Database.open(loop.directory, Optional.empty()).url();
        if (!loop.isRunning()) loop.start(home, environment, inDatabase(postgres));
        try (var server = loop.server()) {
            server.deploymentManager()
                    .undeploy(UndeployDescription.of(DEPLOYMENT).setFailOnMissing(false))
                    .assertSuccess();
        }
        loop.recreateDatabase(postgres);
        return loop;
    }

    /** Whether the server at the management port is the one of this directory; another may have taken the port. */
    private boolean isRunning() throws IOException {
        try (var server = server()) {
            if (!server.isRunning()) return false;
            var environment = Operations.createAddress("core-service", "server-environment");
            var base = server.executeOperation(Operations.createReadAttributeOperation(environment, "base-dir"));
            return isSame(base.asString(), base());
        }
    }

    /** Starts the server and waits until deployments can be made, on new ports if one of its own is taken. */
    private void start(Path home, Map<String, String> environment, String database)
            throws IOException, InterruptedException, Sentence {
        if (!PORTS.stream().allMatch(port -> Ports.isFree(port(port)))) choosePorts();
        var settings = new HashMap<>(environment);
        settings.put("CASHDESK_DB_URL", database);
        settings.put("CASHDESK_BASE_URL", "http://localhost:" + port("http"));
        settings.put("CASHDESK_HTTP_PORT", Integer.toString(port("http")));
        settings.put("CASHDESK_SIMULATOR_PORT", Integer.toString(port("simulator")));
        Server.copyBase(home, base());
        var log = directory.resolve("server.log");
        var started = Server.start(
                new Server.Plan(
                        home, base(), Optional.empty(), "127.0.0.1", port("http"), port("management"), log, settings),
                "-XX:TieredStopAtLevel=1");
        try (var server = server()) {
            if (server.waitFor(START_SECONDS, TimeUnit.SECONDS)) return;
        }
        started.kill();
        throw new Sentence("The server did not start; its log is " + log);
    }

    private Path base() {
        return directory.resolve("base");
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

    /** The database of the running server, empty when the loop was opened. */
    public String dbUrl() throws IOException {
        return inDatabase(Database.url(
                Integer.parseInt(Files.readString(directory.resolve("pg.port")).strip())));
    }

    private static String inDatabase(String postgres) {
        return postgres.replace("/postgres?", "/" + DATABASE + "?");
    }

    private void recreateDatabase(String postgres) throws IOException, SQLException, Sentence {
        try (var connection = DriverManager.getConnection(postgres);
                var statement = connection.createStatement()) {
            if (!isOurs(statement)) {
                throw new Sentence("The PostgreSQL at " + postgres + " is not the one of " + directory
                        + "; remove that directory's pg.port");
            }
            statement.execute("drop database if exists " + DATABASE + " with (force)");
            statement.execute("create database " + DATABASE);
        }
    }

    private boolean isOurs(Statement statement) throws IOException, SQLException {
        try (var rows = statement.executeQuery("show data_directory")) {
            rows.next();
            return isSame(rows.getString(1), data());
        }
    }

    private static boolean isSame(String theirs, Path ours) throws IOException {
        return Files.exists(ours) && Files.isSameFile(Path.of(theirs), ours);
    }

    private Path data() {
        return directory.resolve("pg");
    }

    private void stop() throws IOException, InterruptedException {
        if (isRunning()) {
            try (var server = server()) {
                server.shutdown();
            }
        }
        var postmaster = postmaster();
        if (postmaster.isPresent()) stop(postmaster.get());
        System.out.println("The server of the loop and its database are stopped");
    }

    /** The process of the database; empty if it has ended, also if another process has its number now. */
    private Optional<ProcessHandle> postmaster() throws IOException {
        var pid = data().resolve("postmaster.pid");
        if (!Files.exists(pid)) return Optional.empty();
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).get(0).strip()))
                .filter(process -> process.info().commandLine().orElse("").contains("postgres -D " + data()));
    }

    /** SIGINT, on which PostgreSQL ends its sessions and stops; Java itself can only send SIGTERM and SIGKILL. */
    private static void stop(ProcessHandle postmaster) throws IOException, InterruptedException {
        var interrupt = new ProcessBuilder("sh", "-c", "kill -INT " + postmaster.pid()).inheritIO();
        interrupt.start().waitFor();
        try {
            postmaster.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.out.println("The database did not stop within " + STOP_SECONDS + " s and is killed: " + e);
            postmaster.destroyForcibly();
        }
    }
}
