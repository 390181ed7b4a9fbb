package io.cashdesk.provider;

import java.util.List;
import java.util.OptionalInt;

/**
 * A provider that keeps a payment's money until the merchant says that it may be paid out. The whole payment is settled
 * at once, without other parties.
 */
public interface Settles {
    /**
     * After how many days since the payment it is settled without a person; empty if only a person does it.
     *
     * @return 0 or more
     */
    OptionalInt settleAfterDays(AccountSettings account);

    /**
     * Requests the settlement. May be repeated with the same request: a provider that has it already says so, or
     * refuses it, and the adapter looks it up.
     *
     * @throws ProviderFailure OUTCOME_UNKNOWN if only {@link #querySettlement} can tell what came of it; a refusal says
     *     in its code and words why
     */
    SettlementReport settle(AccountSettings account, SettlementRequest request);

    /**
     * What became of it.
     *
     * @throws ProviderFailure if no verified answer came; an unknown settlement is an answer,
     *     {@link SettlementReport.Absent}
     */
    SettlementReport querySettlement(AccountSettings account, SettlementRequest request);

    /**
     * Settlements of this payment that were made without a request of ours, by the provider itself or in its console;
     * queried before the settlement is requested for the first time.
     *
     * @return those that have succeeded, each with an amount; empty if there are none, or the provider cannot say it
     * @throws ProviderFailure if no verified answer came
     */
    default List<SettlementReport.Succeeded> settledWithoutUs(AccountSettings account, SettlementRequest request) {
        return List.of();
    }
}
