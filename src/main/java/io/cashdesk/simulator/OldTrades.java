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
        return List.of(Table.byId("sim_trade"), Table.byId("sim_log"), Table.byTime("sim_dial", "number", "made_at"));
    }
}
