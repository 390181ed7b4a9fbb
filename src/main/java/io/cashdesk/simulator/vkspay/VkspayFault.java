package io.cashdesk.simulator.vkspay;

import io.cashdesk.simulator.Fault;

/** Faults that only VksPay and epay sites have. Those of the second half describe a site: they stay until cleared. */
enum VkspayFault implements Fault {
    /** Notifications have no signature; epay. */
    NOTIFY_UNSIGNED(Group.CONTENT),
    /** {@code name} is replaced by "product" in notifications and answers; epay. */
    NAME_HIDDEN(Group.CONTENT),
    /** Notifications have {@code money} with at least one decimal, 1.0 and not 1; epay. */
    MONEY_WITH_ZERO(Group.CONTENT),
    /** Answers have {@code money} as a JSON number; epay V1. */
    MONEY_AS_NUMBER(Group.CONTENT),
    /** Answers have their members below {@code data}; VksPay's refund and epay V1. */
    REPLY_NESTED(Group.CONTENT),
    /** Answers have {@code code} and {@code status} as texts; epay V1. */
    STATUS_AS_TEXT(Group.CONTENT),
    /** Addresses for the payer have no scheme and no host; epay. */
    URLS_SITE_RELATIVE(Group.CONTENT),
    /** The merchant may not refund through the interface. */
    REFUND_NOT_ENABLED(Group.REFUND),
    /** The channel closes no orders; epay V2. */
    CLOSE_NOT_POSSIBLE(Group.REFUND);

    private final Group group;

    VkspayFault(Group group) {
        this.group = group;
    }

    @Override
    public Group group() {
        return group;
    }
}
