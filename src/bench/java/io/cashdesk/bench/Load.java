package io.cashdesk.bench;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.csv;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.forever;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** One kind of call, as fast as sixteen connections can send it; the call and its target are system properties. */
public class Load extends Simulation {
    private static final AtomicLong NEXT = new AtomicLong();

    {
        var base = System.getProperty("bench.base");
        var seconds = Integer.getInteger("bench.seconds");
        var users = Integer.getInteger("bench.users", 16);
        setUp(scenario("load")
                        .exec(forever().on(work(System.getProperty("bench.work"))))
                        .injectClosed(constantConcurrentUsers(users).during(Duration.ofSeconds(seconds))))
                .protocols(http.baseUrl(base).shareConnections())
                .maxDuration(Duration.ofSeconds(seconds));
    }

    private static ChainBuilder work(String what) {
        var key = "Bearer " + System.getProperty("bench.key");
        return switch (what) {
            case "constant" -> exec(http("constant").get("/health/live").check(status().is(200)));
            case "queryPayment" ->
                exec(http("queryPayment")
                        .post("/api/pay/queryPayment")
                        .header("Authorization", key)
                        .header("Content-Type", "application/json")
                        .body(StringBody("{\"out_trade_no\":\"BENCH_QUERY\"}"))
                        .check(status().is(200)));
            case "createPayment" ->
                exec(session -> session.set("no", System.getProperty("bench.prefix") + NEXT.incrementAndGet()))
                        .exec(http("createPayment")
                                .post("/api/pay/createPayment")
                                .header("Authorization", key)
                                .header("Content-Type", "application/json")
                                .body(StringBody(
                                        "{\"provider\":\"alipay\",\"needQRcode\":true,\"data\":{\"out_trade_no\":\"#{no}\","
                                                + "\"total_fee\":990,\"subject\":\"tea\",\"type\":\"goods\"}}"))
                                .check(status().is(200)));
            case "notification" ->
                exec(io.gatling.javaapi.core.CoreDsl.feed(
                                csv(System.getProperty("bench.feed")).queue()))
                        .exec(http("notification")
                                .post(System.getProperty("bench.notify"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .body(StringBody("#{form}"))
                                .check(status().is(200)));
            default -> throw new IllegalArgumentException(what);
        };
    }
}
