package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.Fault;

/** Faults of the App Store. */
enum AppleFault implements Fault {
    /** The signed transaction names another product than the one that was bought. */
    PURCHASE_OF_OTHER_PRODUCT(Group.CONTENT),
    /** The transaction is one that a family member shares. */
    PURCHASE_FAMILY_SHARED(Group.CONTENT),
    /** The first query about the purchase does not find it; once. */
    PURCHASE_FOUND_LATE(Group.NETWORK),
    /** In the first delivery the transaction inside has a signature that belongs to another text. */
    NOTIFY_INNER_FORGED(Group.CONTENT),
    /** The first delivery is of another app. */
    NOTIFY_OF_OTHER_APP(Group.CONTENT);

    private final Group group;

    AppleFault(Group group) {
        this.group = group;
    }

    @Override
    public Group group() {
        return group;
    }
}
