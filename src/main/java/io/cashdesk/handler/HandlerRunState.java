package io.cashdesk.handler;

/** The state of the run of a handler. The names are stored. */
public enum HandlerRunState {
    /** It is due at its next moment, or running. */
    WAITING,
    /** The handler returned true. */
    SUCCEEDED,
    /** Every try of its retry schedule has failed. */
    GIVEN_UP
}
