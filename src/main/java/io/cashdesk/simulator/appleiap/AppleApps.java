package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The apps, and the table {@code sim_apple}: where the notifications of each go. */
@ApplicationScoped
class AppleApps {
    @Inject
    AccountStore accounts;

    @Inject
    SimulatorDatabase database;

    Optional<Account> byBundleId(String bundleId) {
        return accounts.byMchNo(AppleServer.NAME, bundleId);
    }

    /** The accounts that were opened last, newest first. */
    List<Account> latest() {
        return database
                .query(
                        "select id from sim_account where provider = ? order by id desc limit 10",
                        r -> r.getObject("id", UUID.class),
                        AppleServer.NAME)
                .stream()
                .map(accounts::get)
                .toList();
    }

    /** Where notifications go; an empty text: nowhere. */
    String notifyUrl(UUID account) {
        return database.first("select notify_url from sim_apple where account_id = ?", r -> r.getString(1), account)
                .orElse("");
    }

    void notifyAt(UUID account, String url) {
        database.update("""
                insert into sim_apple (account_id, notify_url) values (?, ?)
                on conflict (account_id) do update set notify_url = excluded.notify_url""", account, url);
    }
}
