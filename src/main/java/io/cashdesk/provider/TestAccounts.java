package io.cashdesk.provider;

import jakarta.json.JsonObject;
import java.net.URI;
import java.util.UUID;

/** Where test mode gets its accounts from: the simulator opens one for every merchant that asks. */
public interface TestAccounts {
    /**
     * A node of configuration, as a merchant would put it, for this merchant at the simulated provider; the same one
     * for every call. Blocks while keys are made; not called inside a transaction.
     */
    JsonObject open(UUID merchantId, ProviderName provider, String node);

    /**
     * The simulated provider's base address on this node, right now; never stored, because another node may be gone.
     */
    URI gateway(ProviderName provider);

    /** Where a payer's browser finds the simulated provider's pages: below our own public address. */
    URI pages(ProviderName provider);
}
