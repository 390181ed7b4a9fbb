package io.cashdesk.ground.metric;

/** Gauges that are computed when they are read: every bean that implements this is called at every scrape. */
public interface Gauges {
    /** Writes the current values. If it throws, its gauges are missing in this scrape, and the log has a warning. */
    void read(Sink sink);

    /** Receives the values. */
    @FunctionalInterface
    interface Sink {
        /**
         * Adds one value.
         *
         * @param name begins with {@code cashdesk_} and ends with the unit, if there is one; the same name always has
         *     the same help and the same label names
         * @param labels name, value, name, value, …; there must be few different values, and none that an API caller
         *     can choose
         */
        void gauge(String name, String help, double value, String... labels);
    }
}
