package io.cashdesk.bench;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.csv;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.cashdesk.testing.TestDatabase;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The works of a plan, one after the other. {@link LoadGenerator} runs it; the file of the plan, the server and the
 * database are system properties. Beside Gatling's own report it writes how long each work took, because Gatling
 * divides the requests of each name by the time of all works together.
 */
public class Load extends Simulation {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Path plan = Path.of(System.getProperty("bench.plan"));
    private final Map<String, Window> windows = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    /** From the first request of a work to its last answer, in nanoseconds of {@link System#nanoTime()}. */
    private record Window(long from, long to) {
        Window and(Window other) {
            return new Window(Math.min(from, other.from), Math.max(to, other.to));
        }
    }

    {
        var steps = new ArrayList<PopulationBuilder>();
        for (var work : LoadGenerator.read(plan)) steps.addAll(steps(work));
        var all = steps.get(steps.size() - 1);
        for (int i = steps.size() - 2; i >= 0; i--) all = steps.get(i).andThen(all);
        setUp(all)
                .protocols(http.baseUrl(System.getProperty("bench.base")).shareConnections())
                .maxDuration(LONGEST);
    }

    private List<PopulationBuilder> steps(Work work) {
        var steps = new ArrayList<PopulationBuilder>();
        var length = work.length();
        if (length.warmUpSeconds() > 0) {
            var warmUp = during(Duration.ofSeconds(length.warmUpSeconds()));
            steps.add(users(work.warmUp(), warmUp.on(request(work, work.warmUp()))));
        }
        var measured = request(work, work.name());
        steps.add(users(
                work.name(),
                length.requests() > 0
                        ? repeat(length.requests() / Work.USERS).on(measured)
                        : during(Duration.ofSeconds(length.seconds())).on(measured)));
        if (!work.after().isEmpty()) {
            steps.add(scenario("after " + work.name())
                    .exec(session -> {
                        TestDatabase.execute(System.getProperty("bench.database"), work.after());
                        return session;
                    })
                    .injectOpen(atOnceUsers(1)));
        }
        return steps;
    }

    private static PopulationBuilder users(String name, ChainBuilder chain) {
        return scenario(name).exec(chain).injectOpen(atOnceUsers(Work.USERS));
    }

    private ChainBuilder request(Work work, String name) {
        var request = work.request();
        var http = http(name);
        var call = request.body().isEmpty()
                ? http.get(request.path())
                : http.post(request.path())
                        .header("Content-Type", request.contentType())
                        .body(StringBody(request.body()));
        if (!request.bearer().isEmpty()) call = call.header("Authorization", "Bearer " + request.bearer());
        var chain = exec(session -> session.set("n", next.incrementAndGet()).set("from", System.nanoTime()))
                .exec(call.check(status().is(200)))
                .exec(session -> {
                    windows.merge(name, new Window(session.getLong("from"), System.nanoTime()), Window::and);
                    return session;
                });
        return request.forms().isEmpty()
                ? chain
                : feed(csv(request.forms()).queue()).exec(chain);
    }

    @Override
    public void after() {
        var times = new Properties();
        windows.forEach((name, window) -> times.setProperty(name, Long.toString(window.to() - window.from())));
        try (var out = Files.newBufferedWriter(LoadGenerator.times(plan))) {
            times.store(out, "nanoseconds of each work");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
