package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which faults are set: for a trade that exists, or ({@code sim_dial}) for a number whose trade is made later. */
@ApplicationScoped
public class FaultSettings {
    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /** Sets the faults of one trade and clears all others. */
    void set(UUID trade, Collection<Fault> faults) {
        database.update("update sim_trade set faults = ? where id = ?", text(names(faults)), trade);
    }

    /** Sets the faults of all trades with this number, those that exist and those that are made later. */
    void setForNumber(String number, Collection<Fault> faults) {
        var text = text(names(faults));
        database.update("""
                insert into sim_dial (number, faults, made_at) values (?, ?, ?)
                on conflict (number) do update set faults = excluded.faults, made_at = excluded.made_at""", number, text, clock.instant());
        database.update("update sim_trade set faults = ? where number = ?", text, number);
    }

    /**
     * The names of the faults that a new trade has: those that were set for its number or, because a provider that
     * gives trades their numbers says them only afterwards, for the number of the merchant.
     */
    Set<String> ofNew(Account account, String number) {
        return setFor(number).or(() -> setFor(account.mchNo())).orElse(Set.of());
    }

    /** Gives a trade the faults that were set for this other number of it, if any were. */
    public void takeOver(Trade trade, String number) {
        setFor(number)
                .ifPresent(faults ->
                        database.update("update sim_trade set faults = ? where id = ?", text(faults), trade.id()));
    }

    private Optional<Set<String>> setFor(String number) {
        return database.first("select faults from sim_dial where number = ?", r -> parse(r.getString(1)), number);
    }

    /**
     * Removes a fault that is set for a number without a trade; of several callers at the same moment one gets true.
     */
    public boolean take(String number, Fault fault) {
        var set = setFor(number).orElse(Set.of());
        if (!set.contains(fault.name())) return false;
        var left = new LinkedHashSet<>(set);
        left.remove(fault.name());
        return database.update(
                        "update sim_dial set faults = ? where number = ? and faults = ?", text(left), number, text(set))
                == 1;
    }

    private static Set<String> names(Collection<Fault> faults) {
        var names = new LinkedHashSet<String>();
        for (var fault : faults) names.add(fault.name());
        return names;
    }

    static Set<String> parse(String text) {
        return text.isBlank() ? Set.of() : new LinkedHashSet<>(List.of(text.split(",")));
    }

    static String text(Set<String> names) {
        return String.join(",", names);
    }
}
