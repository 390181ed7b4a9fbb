package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.OldSimulatorRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Access tokens; orders, refunds and settlements are deleted with their trades. */
@ApplicationScoped
class OldDouyinRows extends OldSimulatorRows {
    @Override
    public String name() {
        return "rows of the simulated Douyin";
    }

    @Override
    protected List<Table> tables() {
        return List.of(Table.byTime("sim_douyin_token", "token", "made_at"));
    }
}
