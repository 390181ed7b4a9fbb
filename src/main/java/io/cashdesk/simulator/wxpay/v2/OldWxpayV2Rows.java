package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.job.OldRows;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/** What was made through v2: by its id, which is the trade's or the refund's own and begins with its time. */
@ApplicationScoped
class OldWxpayV2Rows implements OldRows {
    private static final int AT_ONCE = 200;

    @Inject
    WxpayV2Store store;

    @Inject
    Settings settings;

    @Override
    public String name() {
        return "rows of the simulated WeChat Pay v2";
    }

    @Override
    public boolean deleteSome(Instant now) {
        return settings.testsKept()
                .map(kept -> store.deleteBefore(Ids.first(now.minus(kept)), AT_ONCE) == AT_ONCE)
                .orElse(false);
    }
}
