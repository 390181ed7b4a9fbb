package io.cashdesk.webhook;

import io.cashdesk.order.OrderKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What one try needs, read in one transaction, so that no transaction is open while the merchant's server answers.
 *
 * @param order the order it is about; empty for a test event
 * @param ownAddress whether {@code url} is this delivery's own, so that the try does not count for the endpoint
 * @param sealed the secret to sign with, and during a rotation the former one too: still sealed, so that one that
 *     cannot be opened fails this delivery alone and not those that were claimed with it
 * @param failing whether the last try at its endpoint failed
 */
record ClaimedDelivery(
        UUID delivery,
        UUID claim,
        UUID endpoint,
        UUID merchant,
        Optional<OrderKey> order,
        String webhookId,
        String type,
        String payload,
        String name,
        String url,
        boolean ownAddress,
        List<String> sealed,
        String format,
        boolean failing) {
    @Override
    public String toString() {
        return type + " " + webhookId + " to " + name; // never the secrets
    }
}
