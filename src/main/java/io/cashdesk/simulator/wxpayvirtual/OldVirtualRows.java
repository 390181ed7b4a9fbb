package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.OldSimulatorRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Changes of coins, and bills; balances are kept. */
@ApplicationScoped
class OldVirtualRows extends OldSimulatorRows {
    @Override
    public String name() {
        return "rows of the simulated virtual payment";
    }

    @Override
    protected List<Table> tables() {
        return List.of(Table.byId("sim_virtual_coin_entry"), Table.byTime("sim_virtual_bill", "token", "made_at"));
    }
}
