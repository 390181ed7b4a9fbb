package io.cashdesk.order;

/** A room that delivers payments to the merchant's side, and knows the results. */
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
