package io.cashdesk.order;

/** Delivers payments to the merchant (webhooks, handlers) and reports the result of each. */
public interface PaidRecipients {
    /** The result for one order. */
    enum Result {
        /** There is no recipient. */
        NONE,
        /** A recipient has no result yet, and none has failed. */
        WAITING,
        /** A recipient has failed; it is retried or was given up. */
        FAILED,
        /** All recipients have succeeded. */
        SUCCEEDED
    }

    Result of(PayOrder order);
}
