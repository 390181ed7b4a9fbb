package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.OldSimulatorRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Payment codes and bills. */
@ApplicationScoped
class OldWxpayRows extends OldSimulatorRows {
    @Override
    public String name() {
        return "rows of the simulated WeChat Pay";
    }

    @Override
    protected List<Table> tables() {
        return List.of(
                Table.byTime("sim_wechat_code", "auth_code", "made_at"),
                Table.byTime("sim_wechat_bill", "token", "made_at"));
    }
}
