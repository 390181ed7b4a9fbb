package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The table {@code sim_alipay_bill}: bills that were made for a download. */
@ApplicationScoped
class AlipayBillStore {
    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /** @param content a zip file */
    record Bill(String fileName, byte[] content) {}

    void add(String token, Bill bill) {
        database.update(
                "insert into sim_alipay_bill values (?, ?, ?, ?)",
                token,
                clock.instant(),
                bill.fileName(),
                bill.content());
    }

    /** The bill of this token, unless it is older than {@code life}. */
    Optional<Bill> find(String token, Duration life) {
        return database.first(
                "select * from sim_alipay_bill where token = ? and made_at > ?",
                r -> new Bill(r.getString("file_name"), r.getBytes("content")),
                token,
                clock.instant().minus(life));
    }
}
