package io.cashdesk.ground.signal;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** One parked request that waits for a change of one order; see {@link Signals#park}. */
public final class Waiter {
    private final Signals signals;
    private final UUID merchant;
    private final UUID id;
    final CompletableFuture<Boolean> woken = new CompletableFuture<>();

    Waiter(Signals signals, UUID merchant, UUID id) {
        this.signals = signals;
        this.merchant = merchant;
        this.id = id;
    }

    UUID merchant() {
        return merchant;
    }

    UUID id() {
        return id;
    }

    /**
     * Completes with true as soon as the order may have changed or this node is being suspended, with false after
     * {@code atMost}; on {@link Signals#executor}, not on the thread that sent the signal.
     */
    public CompletionStage<Boolean> await(Duration atMost) {
        if (signals.suspended()) woken.complete(true); // parked after wakeAll()
        return woken.completeOnTimeout(false, Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)
                .whenComplete((changed, failure) -> leave())
                .thenApplyAsync(changed -> changed, signals.executor());
    }

    /** Removes the registration: the caller does not need to wait. */
    public void leave() {
        signals.remove(this);
    }
}
