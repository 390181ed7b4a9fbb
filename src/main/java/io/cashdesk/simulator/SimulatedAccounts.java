package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.TestAccounts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.UUID;

/** Opens accounts at the simulated providers, with everything that a merchant would get from a provider's console. */
@ApplicationScoped
public class SimulatedAccounts implements TestAccounts {
    @Inject
    AccountStore accounts;

    @Inject
    SimulatedProviders providers;

    @Inject
    Settings settings;

    @Override
    public JsonObject open(UUID merchantId, ProviderName provider, String node) {
        return open(merchantId, provider.value(), false);
    }

    /** The merchant's node at this provider; the account is opened if there is none of this kind. */
    public JsonObject open(UUID merchantId, String providerName, boolean certificates) {
        var provider = providers.named(providerName);
        var kind = Account.kind(certificates);
        var known = accounts.find(merchantId, providerName, kind);
        if (known.isEmpty()) {
            accounts.addIfNew(provider.newAccount(merchantId, certificates));
            known = accounts.find(
                    merchantId, providerName, kind); // this one, or one of another call at the same moment
        }
        return provider.node(known.orElseThrow());
    }

    @Override
    public URI gateway(ProviderName provider) {
        return gateway(provider.value());
    }

    /** The gateway's address on this node's loopback listener. */
    public URI gateway(String provider) {
        return below("http://127.0.0.1:" + settings.simulatorPort(), provider);
    }

    @Override
    public URI pages(ProviderName provider) {
        return below(settings.baseUrl(), provider.value());
    }

    private URI below(String server, String provider) {
        return URI.create(server + providers.named(provider).gatewayPath());
    }
}
