package io.cashdesk.order;

/** Somebody who tells the merchant's side that an order was paid, and knows what came of it. */
public interface PaidRecipients {
    /** What came of telling one order. */
    enum Result {
        /** Nobody there wants to hear of it. */
        NOBODY,
        /** Not everybody has been told yet, and nobody has refused. */
        WAITING,
        /** Somebody was told and has not said yes; it is tried again or was given up. */
        FAILED,
        /** Everybody has said yes. */
        SUCCEEDED
    }

    Result of(PayOrder order);
}
