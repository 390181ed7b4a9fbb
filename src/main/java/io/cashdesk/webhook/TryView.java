package io.cashdesk.webhook;

import java.time.Instant;
import java.util.Optional;

/**
 * One try of a delivery as an operator reads it.
 *
 * @param n its number within the delivery, from 1
 * @param at when it was sent; {@code webhook-timestamp} is the same moment in whole seconds
 * @param tookMs until the answer was there or the try had failed, in milliseconds
 * @param node the server that sent it
 * @param request what was sent where
 * @param status the HTTP status of the answer; empty if there was none
 * @param answer the first 4096 characters of the answer
 * @param error why it does not count as acknowledged; empty if it does
 */
public record TryView(
        int n,
        Instant at,
        long tookMs,
        String node,
        Request request,
        Optional<Integer> status,
        Optional<String> answer,
        Optional<String> error) {
    /**
     * What was sent where.
     *
     * @param signatures with how many secrets it was signed: two while a secret is rotated
     * @param address the IP address and port that answered
     */
    public record Request(String webhookId, int signatures, String url, Optional<String> address) {}

    public boolean acknowledged() {
        return error.isEmpty();
    }

    static TryView of(WebhookTry tried, WebhookEvent event) {
        return new TryView(
                tried.n(),
                tried.at(),
                tried.tookMs(),
                tried.node(),
                new Request(event.webhookId(), tried.signatures(), tried.url(), tried.address()),
                tried.status(),
                tried.answer(),
                tried.error());
    }
}
