package io.cashdesk.ground.clock;

/**
 * CDI event: from now on this node's system clock is wrong, or is right again. While it is wrong the node starts no
 * recurring work; calls are still answered, with the corrected time.
 *
 * @param wrong see {@link NodeClock#isWrong}
 */
public record ClockState(boolean wrong) {}
