package io.cashdesk.ground.setting;

/**
 * CDI event: the operator stops or suspends this node. All beans still work at this moment; observers wake parked
 * requests and start no new work.
 *
 * @param begins true when the suspension begins, false when the node is resumed and accepts work again
 */
public record Suspension(boolean begins) {}
