package io.cashdesk.provider;

/**
 * A provider that can be queried about an attempt. One that cannot is never queried: what became of an attempt is then
 * known from authentic notifications alone, and an attempt without one is watched until its end.
 */
public interface Queries {
    /**
     * What the provider says of the attempt now. Blocks until it answers; never called inside a transaction.
     *
     * @throws ProviderFailure if no verified answer came; an unknown number is an answer, {@link ProviderReport.Absent}
     */
    ProviderReport query(AccountSettings account, AttemptRef attempt);
}
