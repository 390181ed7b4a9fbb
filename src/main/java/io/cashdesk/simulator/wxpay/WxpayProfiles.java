package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/** The table {@code sim_wechat}: the profiles of accounts. */
@ApplicationScoped
public class WxpayProfiles {
    @Inject
    SimulatorDatabase database;

    @Inject
    AccountStore accounts;

    /** The profile of an account. It is made at first use, so accounts of earlier versions get one too. */
    public WxpayProfile of(Account account) {
        var known = find(account.id());
        if (known.isPresent()) return known.get();
        var numbers = AccountNumbers.of(account);
        database.update(
                "insert into sim_wechat values (?, ?, ?, ?, ?) on conflict do nothing",
                account.id(),
                RandomText.hex(32),
                subMchid(account.mchNo()),
                "wx" + numbers.hex("subAppId", 16),
                account.certificates() ? WxpayPlatform.CERTIFICATE : WxpayPlatform.PUBLIC_KEY);
        return find(account.id()).orElseThrow();
    }

    /** Ten digits, another number for every merchant number: those are unique, and this is one to one. */
    static String subMchid(String mchNo) {
        return "17" + mchNo.substring(2);
    }

    private Optional<WxpayProfile> find(UUID account) {
        return database.first(
                "select * from sim_wechat where account_id = ?",
                r -> new WxpayProfile(
                        r.getObject("account_id", UUID.class),
                        r.getString("secret"),
                        r.getString("sub_mchid"),
                        r.getString("sub_appid"),
                        r.getString("signs_with")),
                account);
    }

    /** @param key {@link WxpayPlatform#PUBLIC_KEY} or {@link WxpayPlatform#CERTIFICATE} */
    void signWith(UUID account, String key) {
        database.update("update sim_wechat set signs_with = ? where account_id = ?", key, account);
    }

    /** The account whose sub-merchant has this application. */
    Optional<Account> accountBySubAppid(String subAppid) {
        return database.first(
                        "select account_id from sim_wechat where sub_appid = ?",
                        r -> r.getObject("account_id", UUID.class),
                        subAppid)
                .map(accounts::get);
    }
}
