package io.cashdesk.run;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A WildFly process with our WAR in it. */
public final class Server implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path deployments;
    private final Path log;
    private final URI base;

    private Server(Process process, Path deployments, Path log, URI base) {
        this.process = process;
        this.deployments = deployments;
        this.log = log;
        this.base = base;
    }

    /**
     * What one server needs.
     *
     * @param home the provisioned server
     * @param baseDirectory its standalone directory; of its own for each node
     * @param war what it deploys when it starts
     * @param bind the address to listen on
     */
    public record Plan(
            Path home,
            Path baseDirectory,
            Optional<Path> war,
            String bind,
            int httpPort,
            int managementPort,
            Path log,
            Map<String, String> environment) {}

    /** Makes the base directory of one more server of this home, in place of what an earlier one has left there. */
    public static void copyBase(Path home, Path base) throws IOException {
        if (Files.exists(base)) {
            try (var old = Files.walk(base)) {
                for (var file : old.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
        var from = home.resolve("standalone");
        try (var files = Files.walk(from)) {
            for (var file : (Iterable<Path>) files::iterator) {
                var target = base.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else Files.copy(file, target);
            }
        }
    }

    public static Server start(Plan plan, String... extraJvmOptions) throws IOException {
        var deployments = plan.baseDirectory().resolve("deployments");
        Files.createDirectories(deployments);
        for (var marker :
                List.of("ROOT.war.failed", "ROOT.war.deployed", "ROOT.war.undeployed", "ROOT.war.isdeploying")) {
            Files.deleteIfExists(deployments.resolve(marker));
        }
        if (plan.war().isPresent()) {
            Files.copy(plan.war().get(), deployments.resolve("ROOT.war"), StandardCopyOption.REPLACE_EXISTING);
        }
        var command = new ArrayList<>(List.of(
                plan.home().resolve("bin/standalone.sh").toString(),
                "-b",
                plan.bind(),
                "-Djboss.server.base.dir=" + plan.baseDirectory(),
                "-Djboss.http.port=" + plan.httpPort(),
                "-Djboss.management.http.port=" + plan.managementPort()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        var environment = builder.environment();
        environment.putAll(plan.environment());
        environment.put("LAUNCH_JBOSS_IN_BACKGROUND", "1"); // so that SIGTERM reaches the JVM
        environment.put("MALLOC_ARENA_MAX", "2");
        environment.put(
                "JAVA_OPTS",
                "-XX:+UseSerialGC -Xmx384m -Xss512k -Djava.net.preferIPv4Stack=true -Djava.awt.headless=true "
                        + String.join(" ", extraJvmOptions));
        builder.redirectOutput(plan.log().toFile());
        return new Server(builder.start(), deployments, plan.log(), URI.create("http://localhost:" + plan.httpPort()));
    }

    public Process process() {
        return process;
    }

    public URI base() {
        return base;
    }

    /** Waits until it answers; an exception with one sentence if it never will. */
    public void awaitReady() throws Exception {
        awaitReady(() -> {});
    }

    /** Like {@link #awaitReady()}, also for a node whose clock is wrong: it is not ready, but answers calls. */
    public void awaitAnswering() throws Exception {
        await(() -> {}, answer -> answer.statusCode() == 200 || answer.body().contains("\"database\":\"UP\""));
    }

    /** @param deploying called once, when the application server is ready and begins to deploy the WAR */
    void awaitReady(Runnable deploying) throws Exception {
        await(deploying, answer -> answer.statusCode() == 200);
    }

    private void await(Runnable deploying, Predicate<HttpResponse<String>> isEnough) throws Exception {
        var isDeploying = false;
        var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
        var ready = HttpRequest.newBuilder(base.resolve("/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            if (!process.isAlive()) throw new Sentence("The server stopped while starting; its log is " + log);
            if (exists("ROOT.war.failed")) throw new Sentence(whyNotDeployed());
            if (!isDeploying && (exists("ROOT.war.isdeploying") || exists("ROOT.war.deployed"))) {
                isDeploying = true;
                deploying.run();
            }
            try {
                if (isEnough.test(http.send(ready, HttpResponse.BodyHandlers.ofString()))) return;
            } catch (IOException notYet) {
                // it is still starting
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new Sentence("The server did not answer within " + PATIENCE.toSeconds() + " s; its log is " + log);
    }

    private boolean exists(String marker) {
        return Files.exists(deployments.resolve(marker));
    }

    private String whyNotDeployed() throws IOException {
        var why = Files.readString(deployments.resolve("ROOT.war.failed"));
        var ours = why.indexOf("CASHDESK_");
        var sentence = ours < 0
                ? ""
                : why.substring(ours).lines().findFirst().orElse("").replaceAll("[\"}\\\\].*", "");
        return (sentence.isEmpty() ? "The server refused to start" : sentence) + "; its log is " + log;
    }

    /** Stops it as an operator would. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (process.waitFor(75, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** SIGKILL to the JVM itself and to the script around it. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
