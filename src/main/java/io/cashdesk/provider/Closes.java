package io.cashdesk.provider;

/**
 * A provider at which an attempt can be closed, so that it takes no more money for it. An attempt at one that cannot is
 * given a short expiry when it is created and is watched until then; money that arrives later is refunded or held for a
 * person, as the merchant decides.
 */
public interface Closes {
    /** Whether this account's interface has a call for it; otherwise its attempts are as those of other providers. */
    default boolean canClose(AccountSettings account) {
        return true;
    }

    /**
     * Closes the attempt at the provider (a payment code's is reversed) and says what is true afterwards:
     * {@link ProviderReport.Closed}, {@link ProviderReport.Paid} if the payer was faster, {@link ProviderReport.Unpaid}
     * if it cannot be closed right now, or {@link ProviderReport.Absent} if there is nothing to close, which proves
     * nothing about later.
     *
     * @throws ProviderFailure if no verified answer came
     */
    ProviderReport close(AccountSettings account, AttemptRef attempt);
}
