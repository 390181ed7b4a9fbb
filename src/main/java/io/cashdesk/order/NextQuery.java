package io.cashdesk.order;

import java.time.Instant;

/**
 * When the sweeper does something about an attempt next, and what.
 *
 * @param seen the attempt from which this follows: its moment is not changed if the row is in another state by now, or
 *     is to be closed at another moment
 */
public record NextQuery(Instant at, NextStep step, Attempt seen) {}
