package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.Fault;

/** Faults of virtual payment. */
enum VirtualFault implements Fault {
    /** The event of the payment is sent only after that of a refund. */
    NOTIFY_AFTER_REFUND(Group.NETWORK),
    /** The first delivery of an event was changed on its way: encrypted bytes, or without encryption the quantity. */
    NOTIFY_TAMPERED(Group.CONTENT),
    /** The first delivery of an encrypted event is of another application. */
    NOTIFY_OF_OTHER_APPLICATION(Group.CONTENT),
    /** A refund stays in progress until a test settles it. */
    REFUND_SLOW(Group.REFUND);

    private final Group group;

    VirtualFault(Group group) {
        this.group = group;
    }

    @Override
    public Group group() {
        return group;
    }
}
