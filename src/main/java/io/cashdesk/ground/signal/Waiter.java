package io.cashdesk.ground.signal;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** One request that waits for news of one order. It parks first and reads second, so that no news falls in between. */
public final class Waiter {
    private final Signals signals;
    private final UUID id;
    final CompletableFuture<Boolean> woken = new CompletableFuture<>();

    Waiter(Signals signals, UUID id) {
        this.signals = signals;
        this.id = id;
    }

    UUID id() {
        return id;
    }

    /**
     * True as soon as something may have changed or this node is being stopped, false after this time; completes on another
     * executor than the signal's.
     */
    public CompletionStage<Boolean> await(Duration atMost) {
        if (signals.suspended()) woken.complete(true); // whoever came too late to be woken
        return woken.completeOnTimeout(false, Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)
                .whenComplete((changed, failure) -> leave())
                .thenApplyAsync(changed -> changed, signals.executor());
    }

    /** Stops waiting: the answer was there already. */
    public void leave() {
        signals.remove(this);
    }
}
