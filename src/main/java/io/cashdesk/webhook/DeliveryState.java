package io.cashdesk.webhook;

/** The state of a delivery. The names are stored. */
public enum DeliveryState {
    /** It is due at its next moment, or being sent under a claim. */
    WAITING,
    /** The merchant's server has acknowledged it. */
    ACKNOWLEDGED,
    /** Every try of its retry schedule has failed. */
    GIVEN_UP
}
