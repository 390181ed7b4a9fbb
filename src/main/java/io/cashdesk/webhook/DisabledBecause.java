package io.cashdesk.webhook;

/** Why nothing is sent to an endpoint. The names are stored. */
public enum DisabledBecause {
    /** It answered 410. */
    GONE,
    /** Every try failed for five days. */
    FAILING,
    /** An operator disabled it. */
    BY_HAND
}
