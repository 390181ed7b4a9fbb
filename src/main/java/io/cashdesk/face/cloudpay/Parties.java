package io.cashdesk.face.cloudpay;

import io.cashdesk.payment.Collecting;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Whose node the refusal of a call names and is signed by: at first that of the node for which the call is meant, once
 * the order is found those of the order. Looked up only if there is a refusal.
 */
final class Parties {
    private final AtomicReference<Supplier<Optional<Collecting>>> source;

    /** @param node of the call; empty if there is none yet */
    Parties(Supplier<Optional<Collecting>> node) {
        this.source = new AtomicReference<>(node);
    }

    /** Of a call of which neither merchant nor order is known. */
    static Parties unknown() {
        return new Parties(Optional::empty);
    }

    /** The call is for an order of these. */
    void are(Collecting parties) {
        source.set(() -> Optional.of(parties));
    }

    Optional<Collecting> get() {
        return source.get().get();
    }
}
