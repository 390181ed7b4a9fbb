package io.cashdesk.ground.metric;

/** Numbers that are read when somebody asks for them: every bean that implements this is asked at every scrape. */
public interface Gauges {
    /** Tells what is true now. Whoever throws is left out of this scrape, with a word in the log. */
    void read(Sink sink);

    /** Where the numbers go. */
    @FunctionalInterface
    interface Sink {
        /**
         * @param name begins with {@code cashdesk_} and ends with its unit, if it has one; always with the same help and the same
         *     label names
         * @param labels name, value, name, value, …; values are few and never chosen by a caller of ours
         */
        void gauge(String name, String help, double value, String... labels);
    }
}
