package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.OldSimulatorRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Payment codes, login codes and bills. */
@ApplicationScoped
class OldAlipayRows extends OldSimulatorRows {
    @Override
    public String name() {
        return "rows of the simulated Alipay";
    }

    @Override
    protected List<Table> tables() {
        return List.of(
                Table.byTime("sim_alipay_code", "auth_code", "made_at"),
                Table.byTime("sim_alipay_login", "code", "made_at"),
                Table.byTime("sim_alipay_bill", "token", "made_at"));
    }
}
