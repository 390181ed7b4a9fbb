package io.cashdesk.simulator;

/**
 * Something that goes wrong on purpose, set per trade by a test or on the wallet page. Faults are enum constants: those
 * of {@link CommonFault}, and those that only one provider has, in an enum of its package. They are stored by name, so
 * a name means the same wherever it is declared. Each needs the messages {@code simulator.fault.<name>} and
 * {@code simulator.fault.<name>.does}.
 */
public interface Fault {
    /** The name in the database, in {@code POST /simulator/dial} and in message keys: upper case. */
    String name();
}
