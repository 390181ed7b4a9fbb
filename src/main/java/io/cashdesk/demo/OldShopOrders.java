package io.cashdesk.demo;

import io.cashdesk.ground.job.OldRows;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/** The demo shop's orders, with the webhooks that it received about them. */
@ApplicationScoped
class OldShopOrders implements OldRows {
    private static final int AT_ONCE = 200;

    @Inject
    ShopOrders orders;

    @Inject
    Settings settings;

    @Override
    public String name() {
        return "orders of the demo shop";
    }

    @Override
    public boolean deleteSome(Instant now) {
        return settings.testsKept()
                .map(kept -> orders.deleteBefore(now.minus(kept), AT_ONCE) == AT_ONCE)
                .orElse(false);
    }
}
