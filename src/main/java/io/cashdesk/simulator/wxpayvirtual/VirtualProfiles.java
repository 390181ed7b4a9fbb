package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_virtual}: the settings of accounts, as in the consoles of virtual payment and message push. */
@ApplicationScoped
class VirtualProfiles {
    /** One coin is one fen, as WeChat recommends. */
    static final long RATE = 100;

    @Inject
    SimulatorDatabase database;

    @Inject
    AccountStore accounts;

    @Inject
    VirtualProducts products;

    /** The profile of an account, made at first use together with its products. */
    VirtualProfile of(Account account) {
        var known = find(account.id());
        if (known.isPresent()) return known.get();
        var numbers = AccountNumbers.of(account);
        var isNew = database.update(
                        """
                        insert into sim_virtual (account_id, offer_id, original_id, app_key, sandbox_app_key, rate, sandbox,
                            released, ios, coin_state, token, aes_key, push_url, mode, format)
                        values (?, ?, ?, ?, ?, ?, false, true, false, 'PUBLISHED', ?, ?, '', 'SAFE', 'JSON')
                        on conflict do nothing""",
                        account.id(),
                        offerId(account.mchNo()),
                        "gh_" + numbers.hex("originalId", 12),
                        RandomText.letters(32),
                        RandomText.letters(32),
                        RATE,
                        RandomText.letters(32),
                        RandomText.letters(43))
                == 1;
        if (isNew) products.addFirst(account.id());
        return find(account.id()).orElseThrow();
    }

    /** Ten digits, another number for every merchant number: those are unique, and this is one to one. */
    static String offerId(String mchNo) {
        return "14" + mchNo.substring(2);
    }

    private Optional<VirtualProfile> find(UUID account) {
        return database.first("select * from sim_virtual where account_id = ?", VirtualProfiles::read, account);
    }

    /** The account with this number of a paying application. */
    Optional<Account> accountOf(String offerId) {
        return database.first(
                        "select account_id from sim_virtual where offer_id = ?",
                        r -> r.getObject("account_id", UUID.class),
                        offerId)
                .map(accounts::get);
    }

    /** The accounts that were opened last, newest first. */
    List<Account> latest() {
        return database
                .query(
                        "select id from sim_account where provider = ? order by id desc limit 10",
                        r -> r.getObject("id", UUID.class),
                        VirtualServer.NAME)
                .stream()
                .map(accounts::get)
                .toList();
    }

    /** Stores what the console can change. */
    void store(VirtualProfile p) {
        database.update(
                """
                update sim_virtual set rate = ?, sandbox = ?, released = ?, ios = ?, coin_state = ?, token = ?, aes_key = ?,
                    push_url = ?, mode = ?, format = ?
                where account_id = ?""",
                p.rate(),
                p.sandbox(),
                p.released(),
                p.ios(),
                p.coinState(),
                p.token(),
                p.aesKey(),
                p.pushUrl(),
                p.mode().name(),
                p.xml() ? "XML" : "JSON",
                p.accountId());
    }

    /** Where events go; the address is not checked. */
    void storePushUrl(UUID account, String url) {
        database.update("update sim_virtual set push_url = ? where account_id = ?", url, account);
    }

    private static VirtualProfile read(ResultSet r) throws SQLException {
        return new VirtualProfile(
                r.getObject("account_id", UUID.class),
                r.getString("offer_id"),
                r.getString("original_id"),
                r.getString("app_key"),
                r.getString("sandbox_app_key"),
                r.getLong("rate"),
                r.getBoolean("sandbox"),
                r.getBoolean("released"),
                r.getBoolean("ios"),
                r.getString("coin_state"),
                r.getString("token"),
                r.getString("aes_key"),
                r.getString("push_url"),
                PushMode.valueOf(r.getString("mode")),
                r.getString("format").equals("XML"));
    }
}
