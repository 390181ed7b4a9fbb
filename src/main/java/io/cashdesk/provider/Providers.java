package io.cashdesk.provider;

import io.cashdesk.ground.problem.ProblemType;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All adapters by name: every bean that implements {@link PaymentProvider}. */
@ApplicationScoped
public class Providers {
    @Inject
    @Any
    Instance<PaymentProvider> found;

    private final Map<String, PaymentProvider> byName = new TreeMap<>();

    protected Providers() {} // for CDI

    /** These providers and no others, without a container. */
    public Providers(Collection<PaymentProvider> these) {
        these.forEach(p -> byName.put(p.name().value(), p));
    }

    @PostConstruct
    void collect() {
        found.forEach(p -> byName.put(p.name().value(), p));
    }

    public PaymentProvider named(String name) {
        var provider = byName.get(name);
        if (provider == null) throw ProblemType.PROVIDER_UNKNOWN.with(name, String.join(", ", byName.keySet()));
        return provider;
    }

    /** Whether there is one of that name. */
    public boolean knows(String name) {
        return byName.containsKey(name);
    }

    /** In the order of {@link Presentation#position()}. */
    public List<PaymentProvider> all() {
        return byName.values().stream()
                .sorted(Comparator.comparingInt(p -> p.presentation().position()))
                .toList();
    }

    /** Whether this product can be used where the payer is; in the browser of a wallet no other wallet can. */
    public boolean worksIn(Client client, PaymentProvider provider, PayType payType) {
        return provider.worksIn(client, payType)
                && browserOf(client)
                        .filter(wallet -> !provider.worksInBrowserOf(wallet.name()))
                        .isEmpty();
    }

    /** The provider in whose wallet's browser the payer is; empty in any other browser. */
    public Optional<PaymentProvider> browserOf(Client client) {
        return byName.values().stream()
                .filter(p -> p.presentation().ownBrowser().test(client))
                .findFirst();
    }
}
