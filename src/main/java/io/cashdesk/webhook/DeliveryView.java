package io.cashdesk.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A delivery of an event to an endpoint as an operator reads it, at one moment.
 *
 * @param webhookId the event's id as the merchant knows it; the same for every endpoint and every try
 * @param type the event's type: {@code payment.paid}, …
 * @param tries how many tries have ended
 * @param outTradeNo the order that the event is about; empty for a test event
 * @param happenedAt when the event happened
 * @param createdAt when the delivery was made: later than the event if it was resent to an endpoint that had never
 *     received it
 * @param acknowledgedAt when the merchant's server acknowledged it first
 * @param nextTryAt the next try, or the end of the lease of the node that is sending it; empty once it has ended
 */
public record DeliveryView(
        UUID id,
        String webhookId,
        String type,
        DeliveryState state,
        int tries,
        Optional<String> outTradeNo,
        Instant happenedAt,
        Instant createdAt,
        Optional<Instant> acknowledgedAt,
        Optional<Instant> nextTryAt) {
    /**
     * A delivery with what it sends and every try.
     *
     * @param body the same bytes for every try
     * @param log the tries, the oldest first
     */
    public record Detail(DeliveryView delivery, String body, List<TryView> log) {
        public Detail {
            log = List.copyOf(log);
        }
    }

    static DeliveryView of(Delivery delivery, WebhookEvent event, Optional<String> outTradeNo) {
        return new DeliveryView(
                delivery.id(),
                event.webhookId(),
                event.type(),
                delivery.state(),
                delivery.tries(),
                outTradeNo,
                event.createdAt(),
                delivery.createdAt(),
                delivery.acknowledgedAt(),
                delivery.nextAt());
    }
}
