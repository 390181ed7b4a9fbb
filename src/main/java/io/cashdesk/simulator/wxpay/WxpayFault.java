package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Fault;

/** Faults that only WeChat Pay has; the first three concern v3 alone. */
enum WxpayFault implements Fault {
    /** Before the notification a probe is sent, with a signature that the merchant must refuse. */
    NOTIFY_PROBED_FIRST(Group.CONTENT),
    /** The operation is carried out, but the answer is signed for a moment ten minutes ago; once. */
    ANSWER_STALE(Group.CONTENT),
    /** The operation is carried out, but the answer names a key that does not exist; once. */
    ANSWER_OF_UNKNOWN_SERIAL(Group.CONTENT),
    /** Refunds of the order cannot reach the payer. */
    REFUND_ABNORMAL(Group.REFUND),
    /** Refunds of the order stay PROCESSING until a test settles them. */
    REFUND_SLOW(Group.REFUND);

    private final Group group;

    WxpayFault(Group group) {
        this.group = group;
    }

    @Override
    public Group group() {
        return group;
    }
}
