package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Trades, the log of their messages, and faults that were chosen for a number. */
@ApplicationScoped
class OldTrades extends OldSimulatorRows {
    @Override
    public String name() {
        return "simulated trades";
    }

    @Override
    protected List<Table> tables() {
        return List.of(
                new Table("sim_trade", "id", "created_at"),
                new Table("sim_log", "id", "at"),
                new Table("sim_dial", "number", "made_at"));
    }
}
