package io.cashdesk.provider;

/** What a promise of a contract needs of a provider, and some providers do not have ({@link ContractRow#cannot}). */
public enum Ability {
    /** A call that opens a payment. */
    CREATE,
    /** A call about a payment that was opened. */
    QUERY,
    /** A call that closes one. */
    CLOSE,
    /** It knows a payment by our number, so that a number can be used there before. */
    OUR_NUMBER,
    /** Its documents list all states of a payment, so that another one is an error. */
    LISTED_STATES,
    /** Its answers are signed. */
    SIGNED_ANSWERS,
    /** Its notifications are signed. */
    SIGNED_NOTIFICATIONS,
    /** A verified notification is enough, without a query. */
    NOTIFICATIONS_THAT_PROVE,
    /** Its configuration has a node for transfers. */
    TRANSFER_NODE
}
