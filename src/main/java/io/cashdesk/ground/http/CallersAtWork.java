package io.cashdesk.ground.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests this node is working on. Requests that are parked do not count; nor do those to the simulated
 * providers, which this server's own background work calls.
 */
@ApplicationScoped
public class CallersAtWork {
    private final AtomicInteger requests = new AtomicInteger();

    public CallersAtWork() {}

    void begun() {
        requests.incrementAndGet();
    }

    void ended() {
        requests.decrementAndGet();
    }

    /** Runs a part of a request in this thread, for instance what follows after it was parked. */
    public void run(Runnable part) {
        begun();
        try {
            part.run();
        } finally {
            ended();
        }
    }

    /** Whether any caller is waiting for this node's processor. */
    public boolean any() {
        return requests.get() > 0;
    }
}
