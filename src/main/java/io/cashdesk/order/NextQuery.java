package io.cashdesk.order;

import java.time.Instant;

/** When the sweeper does something about an attempt next, and what. */
public record NextQuery(Instant at, NextStep step) {}
