package io.cashdesk.simulator;

/** Faults that any provider can have. */
public enum CommonFault implements Fault {
    /** The notification is sent some seconds after the payment. */
    NOTIFY_LATE,
    /** The notification is never sent. */
    NOTIFY_LOST,
    /** The notification is sent twice at the same moment. */
    NOTIFY_TWICE_AT_ONCE,
    /** Only a notification with a wrong signature is sent. */
    NOTIFY_FORGED,
    /** The provider reports, correctly signed, that another amount was paid. */
    NOTIFY_WRONG_AMOUNT,
    /** The order is accepted, but the answer is sent after the caller's time-out; once. */
    ANSWER_TIMES_OUT_AFTER_ACCEPTING,
    /** The operation is carried out, but answered as a system error; once. */
    ANSWER_SYSTEM_ERROR,
    /** The operation is carried out, but a proxy answers with an HTML page; once. */
    ANSWER_HTML,
    /** The operation is carried out, but the signature of the answer belongs to another text; once. */
    ANSWER_BADLY_SIGNED,
    /** The first reverse is answered with "try again"; once. */
    REVERSE_ONCE_MORE,
    /** Refunds of the order are accepted and fail later. */
    REFUND_CLOSED,
    /** A refund is accepted, but the answer is sent after the caller's time-out; once. */
    REFUND_TIMES_OUT_AFTER_ACCEPTING,
    /** The first query about an accepted refund does not find it; once. */
    REFUND_FOUND_LATE,
    /** The request for an accepted refund is refused when it is repeated, because there are too many calls; once. */
    REFUND_REPETITION_LIMITED,
    /** Refunds are refused, because the merchant's balance is too small. */
    REFUND_NOT_ENOUGH,
    /** A refund is refused, because there are too many calls; once. */
    REFUND_FREQUENCY_LIMITED
}
