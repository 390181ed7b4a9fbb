package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.TestAccounts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.net.URI;

/** Opens accounts at the simulated providers, with everything that a merchant would get from a provider's console. */
@ApplicationScoped
public class SimulatedAccounts implements TestAccounts {
    /**
     * How many merchants may have had the same numbers before. WeChat Pay's merchant number has eight derived digits:
     * of ten thousand merchants, two have the same ones with a probability of 40 percent.
     */
    private static final int MOST_ROUNDS = 100;

    @Inject
    AccountStore accounts;

    @Inject
    SimulatedProviders providers;

    @Inject
    Settings settings;

    @Override
    public JsonObject open(Holder holder, ProviderName provider, String node) {
        return open(holder, provider.value(), false);
    }

    /** The merchant's node at this provider; the account is opened if there is none of this kind. */
    public JsonObject open(Holder holder, String provider, boolean certificates) {
        return providers.named(provider).node(account(holder, provider, certificates));
    }

    @Override
    public JsonObject identifiers(Holder holder, ProviderName provider) {
        return providers.named(provider.value()).identifiers(account(holder, provider.value(), false));
    }

    @Override
    public void notifyAt(Holder holder, ProviderName provider, URI address) {
        providers.named(provider.value()).notifyAt(account(holder, provider.value(), false), address);
    }

    @Override
    public boolean simulates(ProviderName provider) {
        return providers.all().stream().anyMatch(p -> p.name().equals(provider.value()));
    }

    private Account account(Holder holder, String provider, boolean certificates) {
        var kind = Account.kind(certificates);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            var known = accounts.find(holder.merchantId(), provider, kind);
            if (known.isPresent()) return known.get();
            var numbers = new AccountNumbers(provider, holder.pid(), kind, round);
            // stores nothing if another call at the same moment opened it, or if another merchant has these numbers
            accounts.addIfNew(providers.named(provider).newAccount(holder.merchantId(), numbers));
        }
        return accounts.find(holder.merchantId(), provider, kind).orElseThrow();
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
