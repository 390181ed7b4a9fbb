package io.cashdesk.simulator;

import io.cashdesk.ground.problem.ProblemType;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All simulated providers. They are found as beans, so a new one needs no registration. */
@ApplicationScoped
public class SimulatedProviders {
    @Inject
    @Any
    Instance<SimulatedProvider> found;

    private final Map<String, SimulatedProvider> byName = new TreeMap<>();
    private final Map<String, Fault> faults = new LinkedHashMap<>();

    @PostConstruct
    void collect() {
        found.forEach(p -> byName.put(p.name(), p));
        for (var fault : CommonFault.values()) faults.put(fault.name(), fault);
        byName.values().forEach(p -> p.faults().forEach(f -> faults.putIfAbsent(f.name(), f)));
    }

    /** Refused with PROVIDER_UNKNOWN if there is none of that name. */
    public SimulatedProvider named(String name) {
        var provider = byName.get(name);
        if (provider == null) throw ProblemType.PROVIDER_UNKNOWN.with(name, String.join(", ", byName.keySet()));
        return provider;
    }

    /** The provider of this trade. */
    public SimulatedProvider of(Trade trade) {
        return named(trade.provider());
    }

    public Collection<SimulatedProvider> all() {
        return byName.values();
    }

    /** The fault of this name, of any provider. */
    Optional<Fault> fault(String name) {
        return Optional.ofNullable(faults.get(name));
    }

    /** The names of all faults of all providers, for error messages. */
    Collection<String> faultNames() {
        return faults.keySet();
    }
}
