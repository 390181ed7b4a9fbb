package io.cashdesk.webhook;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is needed to tell once, read in one go so that nothing is open while the merchant thinks.
 *
 * @param order the order it is about; none for a test
 * @param sealed the secret to sign with, and during a rotation the one before: still sealed, because one that does not open is
 *     the misfortune of its endpoint alone
 * @param failing whether its endpoint has been failing lately
 */
record ClaimedDelivery(
        UUID delivery,
        UUID claim,
        UUID endpoint,
        UUID merchant,
        Optional<UUID> order,
        String webhookId,
        String type,
        String payload,
        String name,
        String url,
        List<String> sealed,
        String format,
        boolean failing) {
    @Override
    public String toString() {
        return type + " " + webhookId + " to " + name; // never the secrets
    }
}
