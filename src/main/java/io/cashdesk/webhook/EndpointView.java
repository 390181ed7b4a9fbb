package io.cashdesk.webhook;

import java.time.Instant;
import java.util.Optional;

/**
 * An endpoint as an operator reads it, at one moment.
 *
 * @param disabledAt when it was disabled; empty while it is enabled
 * @param failures how many tries have failed since one succeeded
 * @param failingSince the first of those
 * @param pausedUntil until when nothing is sent to it because it asked for that; empty if that moment has passed
 * @param oldSecretUntil until when its former secret signs as well; empty if that moment has passed
 * @param waiting how many deliveries wait for it
 * @param oldestWaiting when the oldest of those was made
 */
public record EndpointView(
        String name,
        EndpointSettings settings,
        boolean enabled,
        Optional<Instant> disabledAt,
        Optional<DisabledBecause> disabledBecause,
        int failures,
        Optional<Instant> failingSince,
        Optional<Instant> pausedUntil,
        Optional<Instant> oldSecretUntil,
        long waiting,
        Optional<Instant> oldestWaiting) {}
