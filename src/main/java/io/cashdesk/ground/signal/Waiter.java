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
    private volatile Seen seen;
    final CompletableFuture<Boolean> woken = new CompletableFuture<>();

    /**
     * What the caller read after it had parked. Versions only grow.
     *
     * @param order the version of the order
     * @param attempt the attempt whose call is awaited, or null
     * @param attemptVersion the version of that attempt; meaningless without one
     */
    record Seen(long order, UUID attempt, long attemptVersion) {
        boolean isOlderThan(long orderNow, long attemptNow) {
            return orderNow > order || (attempt != null && attemptNow > attemptVersion);
        }
    }

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

    /** What it read; null until it waits. */
    Seen seen() {
        return seen;
    }

    /**
     * Completes with true as soon as the order may have changed or this node is being suspended, with false after
     * {@code atMost}; on {@link Signals#executor}, not on the thread that sent the signal.
     *
     * @param version the version of the order that the caller read after it had parked: a newer one is noticed within
     *     seconds even if its signal is lost
     */
    public CompletionStage<Boolean> await(long version, Duration atMost) {
        return await(new Seen(version, null, 0), atMost);
    }

    /**
     * The same for a call about an attempt, whose result changes the attempt and not always the order.
     *
     * @param attemptVersion the version of the attempt, read together with the order's
     */
    public CompletionStage<Boolean> await(long version, UUID attempt, long attemptVersion, Duration atMost) {
        return await(new Seen(version, attempt, attemptVersion), atMost);
    }

    private CompletionStage<Boolean> await(Seen seen, Duration atMost) {
        this.seen = seen;
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
