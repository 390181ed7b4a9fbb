package io.cashdesk.order;

/** What is known of a query about an attempt, where the payer's page must know it. */
public enum QueryResult {
    /** Begun for a payer and not ended, unless its node died. */
    RUNNING,
    /** Begun for a payer and answered. */
    ANSWERED,
    /** Not sent, or without a usable answer. */
    UNANSWERED
}
