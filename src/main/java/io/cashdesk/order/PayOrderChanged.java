package io.cashdesk.order;

import jakarta.json.JsonObject;
import java.util.UUID;

/**
 * News of an order, fired in the transaction in which it became true: whoever observes it writes in that same transaction.
 *
 * @param kind what happened
 * @param subject what it is about: the order itself, the receipt of a stray payment, or a refund
 * @param details what a webhook says of a subject that is not the order, by its name: {@code payment} or {@code refund}
 */
public record PayOrderChanged(PayOrder order, Kind kind, UUID subject, JsonObject details) {
    /** News of the order itself. */
    public PayOrderChanged(PayOrder order, Kind kind) {
        this(order, kind, order.id(), JsonObject.EMPTY_JSON_OBJECT);
    }

    /** What can happen to an order that its merchant should hear of. */
    public enum Kind {
        PAID("payment.paid"),
        CLOSED("payment.closed"),
        LATE("payment.late"),
        DUPLICATE("payment.duplicate"),
        REFUNDED("refund.succeeded"),
        REFUND_FAILED("refund.failed");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As webhooks call it. */
        public String word() {
            return word;
        }
    }
}
