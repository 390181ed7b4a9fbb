package io.cashdesk.handler;

/**
 * What happens when an order of one type has been paid. Implement it as a CDI bean ({@code @ApplicationScoped}) in your
 * own WAR; {@code docs/handlers.md} shows how.
 *
 * <p>It runs after the payment was committed, in a transaction of its own, on one node at a time for each order. What
 * it writes through {@code java:jboss/datasources/cashdesk} is committed together with the record that it succeeded, so
 * it takes effect once. Any other effect may be repeated although it succeeded, if a server dies in between: check
 * whether it was done already.
 */
public interface PaidHandler {
    /** The {@code type} of the orders. Called once, at the start; no two handlers may return the same. */
    String type();

    /**
     * Handles a paid order. Return within five seconds: change the state of your own order (compare
     * {@link PaidOrder#totalFee} with its price in the same statement) and leave the rest to jobs of your own.
     *
     * @return true if it is done; false if not: then what it wrote is rolled back, and it is called again later
     * @throws Exception the same as false, and the log has the reason
     */
    boolean paid(PaidOrder order) throws Exception;
}
