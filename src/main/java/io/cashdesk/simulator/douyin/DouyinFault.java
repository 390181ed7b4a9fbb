package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Fault;

/** Faults that only Douyin has. */
enum DouyinFault implements Fault {
    /** The next call is not carried out, and answered with HTTP 200 and the code for "busy"; once. */
    ANSWER_BUSY(Group.NETWORK),
    /** {@code create_order} answers without {@code order_token}; ecpay. */
    ORDER_TOKEN_MISSING(Group.CONTENT),
    /** Amounts in answers and callbacks are JSON texts. */
    AMOUNTS_AS_TEXT(Group.CONTENT),
    /** All other numbers in answers and callbacks, {@code err_no} too, are JSON texts. */
    NUMBERS_AS_TEXT(Group.CONTENT),
    /** Refunds stay in progress until a test settles them. */
    REFUND_SLOW(Group.REFUND),
    /** Settlements are accepted and fail later. */
    SETTLE_FAILS(Group.REFUND);

    private final Group group;

    DouyinFault(Group group) {
        this.group = group;
    }

    @Override
    public Group group() {
        return group;
    }
}
