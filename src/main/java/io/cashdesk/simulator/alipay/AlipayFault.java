package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Fault;

/** Faults that only Alipay has. */
enum AlipayFault implements Fault {
    /** The operation is carried out, but answered as a refusal without a signature, as a proxy could; once. */
    ANSWER_REFUSED_UNSIGNED(Group.CONTENT),
    /** The answer is signed as it was before its slashes were escaped; once. */
    ANSWER_SIGNED_UNESCAPED(Group.CONTENT),
    /** Refunds are refused, because the product has none. */
    REFUND_NOT_ALLOWED(Group.REFUND);

    private final Group group;

    AlipayFault(Group group) {
        this.group = group;
    }

    @Override
    public Group group() {
        return group;
    }
}
