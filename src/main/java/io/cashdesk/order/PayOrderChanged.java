package io.cashdesk.order;

import jakarta.json.JsonObject;
import java.util.UUID;

/**
 * A change of an order of which its merchant is notified. Fired in the transaction that makes the change, so that
 * observers write in the same transaction.
 *
 * @param kind what happened
 * @param subject what it is about: the order itself, the receipt of a stray payment, a refund, or a payer's request for
 *     one
 * @param details what a webhook says of a subject that is not the order, by its name: {@code payment}, {@code refund}
 *     or {@code refund_request}
 */
public record PayOrderChanged(PayOrder order, Kind kind, UUID subject, JsonObject details) {
    /** A change of the order itself. */
    public PayOrderChanged(PayOrder order, Kind kind) {
        this(order, kind, order.id(), JsonObject.EMPTY_JSON_OBJECT);
    }

    /** The changes of which a merchant is notified. */
    public enum Kind {
        PAID("payment.paid"),
        CLOSED("payment.closed"),
        LATE("payment.late"),
        DUPLICATE("payment.duplicate"),
        REFUNDED("refund.succeeded"),
        REFUND_FAILED("refund.failed"),
        REFUND_REQUESTED("refund.requested"),
        REFUND_REQUEST_CLOSED("refund.request_closed");

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
