package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Fault;

/** Faults that only Alipay has. */
enum AlipayFault implements Fault {
    /** The operation is carried out, but answered as a refusal without a signature, as a proxy could; once. */
    ANSWER_REFUSED_UNSIGNED,
    /** The answer is signed as it was before its slashes were escaped; once. */
    ANSWER_SIGNED_UNESCAPED,
    /** Refunds are refused, because the product has none. */
    REFUND_NOT_ALLOWED
}
