package io.cashdesk.provider;

import jakarta.json.JsonObject;
import java.net.URI;
import java.util.UUID;

/** Where test mode gets its accounts from: the simulator opens one for every merchant that asks. */
public interface TestAccounts {
    /**
     * Whose account it is.
     *
     * @param pid the merchant's name, from which the numbers of its accounts are derived, so that they are the same in
     *     every database
     */
    record Holder(UUID merchantId, String pid) {}

    /**
     * A node of configuration, as a merchant would put it, for this merchant at the simulated provider; the same one
     * for every call. Blocks while keys are made; not called inside a transaction.
     */
    JsonObject open(Holder holder, ProviderName provider, String node);

    /**
     * Where this account's notifications go, as a merchant enters it in the provider's console; for providers whose
     * requests have no such address. Called once, in the transaction that stores the account.
     */
    void notifyAt(Holder holder, ProviderName provider, URI address);

    /**
     * What a tester needs to know of that account, without keys: its numbers, and the payers who use the simulated
     * wallet; docs/api.md lists the fields. Opens the account if need be, as {@link #open} does.
     */
    JsonObject identifiers(Holder holder, ProviderName provider);

    /** Whether there is a simulated server of this provider. */
    boolean simulates(ProviderName provider);

    /**
     * The simulated provider's base address on this node, right now; never stored, because another node may be gone.
     */
    URI gateway(ProviderName provider);

    /** Where a payer's browser finds the simulated provider's pages: below our own public address. */
    URI pages(ProviderName provider);
}
