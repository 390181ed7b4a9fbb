package io.cashdesk.order;

/** What became of a query about an attempt, where the payer's page must know it. */
public enum QueryResult {
    /** Answered, but not at once: a page that did not wait for the answer reads here that the query has ended. */
    ANSWERED,
    /** Not sent, or without a usable answer. */
    UNANSWERED
}
