package io.cashdesk.simulator;

import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Answers that faults delay or replace, the same at every provider. */
public final class FaultyAnswer {
    /** Longer than any caller's time-out. */
    private static final Duration DELAY = Duration.ofSeconds(15);

    private FaultyAnswer() {}

    /** The response now or, if {@code late}, after the caller's time-out. No thread waits meanwhile. */
    public static CompletionStage<Response> of(Response response, boolean late) {
        if (!late) return CompletableFuture.completedFuture(response);
        var afterwards = CompletableFuture.delayedExecutor(DELAY.toSeconds(), TimeUnit.SECONDS);
        return CompletableFuture.supplyAsync(() -> response, afterwards);
    }

    /** The page of a proxy that cannot reach the provider. */
    public static Response proxyPage() {
        return Response.status(502)
                .type("text/html")
                .entity("<h1>Bad Gateway</h1>")
                .build();
    }
}
