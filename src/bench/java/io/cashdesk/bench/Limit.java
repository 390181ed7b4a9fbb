package io.cashdesk.bench;

/**
 * What no work can exceed on this machine.
 *
 * @param perSecond not a number if it could not be measured
 */
record Limit(String name, double perSecond) {}
