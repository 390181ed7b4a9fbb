package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Account;

/**
 * The verified caller of a request.
 *
 * @param application whose key has signed
 * @param seller whose trades the call is about: the application's own merchant, or the one for which it may act
 */
record AlipayCaller(Account application, Account seller) {
    /** The application's id if it acts for another seller, otherwise an empty text. */
    String onBehalf() {
        return application.id().equals(seller.id()) ? "" : application.appId();
    }
}
