package io.cashdesk.ground.setting;

/**
 * The operator stops this node, or suspends it, while everything still works: beans observe it, wake who waits and begin nothing new.
 *
 * @param begins false if he has changed his mind: the node takes work again
 */
public record Suspension(boolean begins) {}
