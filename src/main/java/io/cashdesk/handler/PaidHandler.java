package io.cashdesk.handler;

/**
 * What you do when an order of one type has been paid. Make a CDI bean of it ({@code @ApplicationScoped}) in your own WAR;
 * {@code docs/handlers.md} shows how.
 *
 * <p>It runs after the payment was committed, in a transaction of its own, on one node at a time for each order. What it writes
 * through {@code java:jboss/datasources/cashdesk} is committed together with our note that it succeeded, so it takes effect
 * once. With any other effect it may be called again although it succeeded, if a server dies in between: look whether you
 * have done it already.
 */
public interface PaidHandler {
    /** Which orders: those with this {@code type}. Asked once, at the start; no two handlers may name the same. */
    String type();

    /**
     * Does what is to be done for a paid order. Answer within five seconds: change the state of your own order (compare
     * {@link PaidOrder#totalFee} with its price in the same statement) and leave the rest to jobs of your own.
     *
     * @return true if it is done; false if not, then what it wrote is rolled back and it is called again later
     * @throws Exception the same as false, and the log says why
     */
    boolean paid(PaidOrder order) throws Exception;
}
