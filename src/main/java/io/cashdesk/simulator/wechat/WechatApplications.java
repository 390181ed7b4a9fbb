package io.cashdesk.simulator.wechat;

import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/**
 * The table {@code sim_wechat_app}: merchants' applications. The accounts that a merchant has at WeChat Pay and at
 * virtual payment belong to the same application, as one mini-program does in reality.
 */
@ApplicationScoped
public class WechatApplications {
    /** From these the numbers of applications are derived; docs/simulator.md names those of the merchant "demo". */
    private static final String NUMBERS_OF = "wxpay";

    private static final int MOST_ROUNDS = 100;

    @Inject
    SimulatorDatabase database;

    /**
     * The merchant's application; made at first use.
     *
     * @param numbers of one of its accounts; with another kind it is another application
     */
    public WechatApplication of(UUID merchant, AccountNumbers numbers) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            var known = find(merchant, numbers.kind());
            if (known.isPresent()) return known.get();
            var derived = new AccountNumbers(NUMBERS_OF, numbers.pid(), numbers.kind(), round);
            // stores nothing if another call at the same moment made it, or if another merchant has these numbers
            database.update(
                    "insert into sim_wechat_app (app_id, merchant_id, kind, sub_app_id, secret)"
                            + " values (?, ?, ?, ?, ?) on conflict do nothing",
                    "wx" + derived.hex("appId", 16),
                    merchant,
                    numbers.kind(),
                    "wx" + derived.hex("subAppId", 16),
                    RandomText.hex(32));
        }
        return find(merchant, numbers.kind()).orElseThrow();
    }

    private Optional<WechatApplication> find(UUID merchant, String kind) {
        return database.first(
                "select * from sim_wechat_app where merchant_id = ? and kind = ?",
                r -> new WechatApplication(r.getString("app_id"), r.getString("sub_app_id"), r.getString("secret")),
                merchant,
                kind);
    }

    /** The secret of an application: a merchant's, or a sub-merchant's. */
    public Optional<String> secret(String appId) {
        return database.first(
                "select secret from sim_wechat_app where app_id = ? or sub_app_id = ?",
                r -> r.getString(1),
                appId,
                appId);
    }
}
