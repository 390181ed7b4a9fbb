package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_account}: merchants' accounts at the simulated providers. */
@ApplicationScoped
public class AccountStore {
    @Inject
    SimulatorDatabase database;

    /** @param kind {@link Account#KEY} or {@link Account#CERTIFICATE} */
    public Optional<Account> find(UUID merchant, String provider, String kind) {
        return database.first(
                "select * from sim_account where merchant_id = ? and provider = ? and kind = ?",
                AccountStore::read,
                merchant,
                provider,
                kind);
    }

    public Optional<Account> byMchNo(String provider, String mchNo) {
        return database.first(
                "select * from sim_account where provider = ? and mch_no = ?", AccountStore::read, provider, mchNo);
    }

    public Optional<Account> byAppId(String provider, String appId) {
        return database.first(
                "select * from sim_account where provider = ? and app_id = ?", AccountStore::read, provider, appId);
    }

    /** The account of this id, which must exist. */
    public Account get(UUID id) {
        return database.query("select * from sim_account where id = ?", AccountStore::read, id)
                .get(0);
    }

    /** Does nothing if the merchant has an account of this kind at this provider, or another account has its number. */
    public void addIfNew(Account a) {
        database.update(
                "insert into sim_account values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                a.id(),
                a.merchantId(),
                a.provider(),
                a.kind(),
                a.mchNo(),
                a.appId(),
                a.publicKey(),
                a.serial(),
                a.sharedKey(),
                a.node(),
                a.pid());
    }

    private static Account read(ResultSet r) throws SQLException {
        return new Account(
                r.getObject("id", UUID.class),
                r.getObject("merchant_id", UUID.class),
                r.getString("provider"),
                r.getString("kind"),
                r.getString("mch_no"),
                r.getString("app_id"),
                r.getString("public_key"),
                r.getString("serial"),
                r.getString("v3_key"),
                r.getString("node"),
                r.getString("pid"));
    }
}
