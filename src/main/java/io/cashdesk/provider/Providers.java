package io.cashdesk.provider;

import io.cashdesk.ground.problem.ProblemType;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** All adapters there are, found by name; a new one is found by existing. */
@ApplicationScoped
public class Providers {
    @Inject
    @Any
    Instance<PaymentProvider> found;

    private final Map<String, PaymentProvider> byName = new TreeMap<>();

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

    public Collection<PaymentProvider> all() {
        return byName.values();
    }
}
