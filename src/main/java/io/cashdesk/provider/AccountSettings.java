package io.cashdesk.provider;

import jakarta.json.JsonObject;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/**
 * One account of a merchant at a provider, for its adapter only: it holds secrets and is never logged.
 *
 * @param id stable over changes of the settings; part of the notify address
 * @param version grows with every change, so that an adapter may keep what it built from (id, version)
 * @param provider whose account it is
 * @param node which node of the configuration: "h5"
 * @param values the node as it was put, with the keys of the {@code vk-pay-config} row: appId, mchId, v3Key, …
 * @param gateway the provider's base address to call; for Alipay the full address of gateway.do
 * @param pages where a payer's browser finds the provider's own pages, if that is not where it always is: those of the
 *     simulator, in every account of test mode and in no other
 */
public record AccountSettings(
        UUID id,
        long version,
        ProviderName provider,
        String node,
        JsonObject values,
        URI gateway,
        Optional<URI> pages) {
    public AccountSettings(UUID id, long version, ProviderName provider, String node, JsonObject values, URI gateway) {
        this(id, version, provider, node, values, gateway, Optional.empty());
    }

    /** The text under this key, or an empty one. */
    public String text(String key) {
        return values.containsKey(key) && !values.isNull(key)
                ? values.getString(key, "").strip()
                : "";
    }

    /** Whether it is an account of test mode, which the simulator has opened and nobody has configured. */
    public boolean simulated() {
        return pages.isPresent();
    }

    @Override
    public String toString() {
        return Configuration.nameOf(provider, node) + " " + id + " v" + version; // never the values
    }
}
