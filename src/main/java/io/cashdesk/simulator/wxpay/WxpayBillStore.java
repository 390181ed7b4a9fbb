package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_wechat_bill}: bills that were made for a download. */
@ApplicationScoped
class WxpayBillStore {
    @Inject
    SimulatorDatabase database;

    /** @param gzip whether the download is compressed; {@code content} is not */
    record Bill(String token, UUID accountId, Instant madeAt, boolean gzip, String content) {}

    void add(Bill b) {
        database.update(
                "insert into sim_wechat_bill values (?, ?, ?, ?, ?)",
                b.token(),
                b.accountId(),
                b.madeAt(),
                b.gzip(),
                b.content());
    }

    Optional<Bill> find(String token) {
        return database.first(
                "select * from sim_wechat_bill where token = ?",
                r -> new Bill(
                        r.getString("token"),
                        r.getObject("account_id", UUID.class),
                        SimulatorDatabase.instant(r, "made_at"),
                        r.getBoolean("gzip"),
                        r.getString("content")),
                token);
    }
}
