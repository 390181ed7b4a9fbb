package io.cashdesk.simulator;

/** Faults that any provider can have. */
public enum CommonFault implements Fault {
    /** The notification is sent some seconds after the payment. */
    NOTIFY_LATE(Group.NETWORK),
    /** The notification is never sent. */
    NOTIFY_LOST(Group.NETWORK),
    /** The notification is sent twice at the same moment. */
    NOTIFY_TWICE_AT_ONCE(Group.NETWORK),
    /** Only a notification with a wrong signature is sent. */
    NOTIFY_FORGED(Group.CONTENT),
    /** The provider reports, correctly signed, that another amount was paid. */
    NOTIFY_WRONG_AMOUNT(Group.CONTENT),
    /** The order is accepted, but the answer is sent after the caller's time-out; once. */
    ANSWER_TIMES_OUT_AFTER_ACCEPTING(Group.NETWORK),
    /** The operation is carried out, but answered as a system error; once. */
    ANSWER_SYSTEM_ERROR(Group.CONTENT),
    /** The operation is carried out, but a proxy answers with an HTML page; once. */
    ANSWER_HTML(Group.NETWORK),
    /** The operation is carried out, but the signature of the answer belongs to another text; once. */
    ANSWER_BADLY_SIGNED(Group.CONTENT),
    /** The first reverse is answered with "try again"; once. */
    REVERSE_ONCE_MORE(Group.REFUND),
    /** Refunds of the order are accepted and fail later. */
    REFUND_CLOSED(Group.REFUND),
    /** A refund is accepted, but the answer is sent after the caller's time-out; once. */
    REFUND_TIMES_OUT_AFTER_ACCEPTING(Group.NETWORK),
    /** The first query about an accepted refund does not find it; once. */
    REFUND_FOUND_LATE(Group.REFUND),
    /** The request for an accepted refund is refused when it is repeated, because there are too many calls; once. */
    REFUND_REPETITION_LIMITED(Group.REFUND),
    /** Refunds are refused, because the merchant's balance is too small. */
    REFUND_NOT_ENOUGH(Group.REFUND),
    /** A refund is refused, because there are too many calls; once. */
    REFUND_FREQUENCY_LIMITED(Group.REFUND);

    private final Group group;

    CommonFault(Group group) {
        this.group = group;
    }

    @Override
    public Group group() {
        return group;
    }
}
