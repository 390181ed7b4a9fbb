package io.cashdesk.simulator.wechat;

import io.cashdesk.simulator.OldSimulatorRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Login codes and access tokens. */
@ApplicationScoped
class OldWechatRows extends OldSimulatorRows {
    @Override
    public String name() {
        return "logins and access tokens of the simulated WeChat";
    }

    @Override
    protected List<Table> tables() {
        return List.of(
                Table.byTime("sim_wechat_login", "code", "made_at"),
                Table.byTime("sim_wechat_token", "token", "made_at"));
    }
}
