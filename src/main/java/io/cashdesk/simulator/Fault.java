package io.cashdesk.simulator;

/**
 * Something that goes wrong on purpose, set per trade by a test or on the wallet page. Faults are enum constants: those
 * of {@link CommonFault}, and those that only one provider has, in an enum of its package. They are stored by name, so
 * a name means the same wherever it is declared. Each needs the messages {@code simulator.fault.<name>} and
 * {@code simulator.fault.<name>.does}.
 */
public interface Fault {
    /** Where it belongs on the wallet page; each has the messages {@code simulator.group.<name>} and {@code .does}. */
    enum Group {
        /** What is sent arrives late, twice, not at all, or from another server. */
        NETWORK,
        /** What is sent arrives, but its content or its signature is wrong. */
        CONTENT,
        /** What the provider decides about refunds and reverses. */
        REFUND
    }

    /** The name in the database, in {@code POST /simulator/dial} and in message keys: upper case. */
    String name();

    Group group();
}
