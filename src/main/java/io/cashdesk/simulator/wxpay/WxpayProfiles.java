package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.wechat.WechatApplication;
import io.cashdesk.simulator.wechat.WechatApplications;
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
    WechatApplications applications;

    /** The profile of an account. It is made at first use, so accounts of earlier versions get one too. */
    public WxpayProfile of(Account account) {
        var application = applications.of(account.merchantId(), AccountNumbers.of(account));
        var known = find(account.id(), application);
        if (known.isPresent()) return known.get();
        database.update(
                "insert into sim_wechat (account_id, sub_mchid, signs_with) values (?, ?, ?) on conflict do nothing",
                account.id(),
                subMchid(account.mchNo()),
                account.certificates() ? WxpayPlatform.CERTIFICATE : WxpayPlatform.PUBLIC_KEY);
        return find(account.id(), application).orElseThrow();
    }

    /** Ten digits, another number for every merchant number: those are unique, and this is one to one. */
    static String subMchid(String mchNo) {
        return "17" + mchNo.substring(2);
    }

    private Optional<WxpayProfile> find(UUID account, WechatApplication application) {
        return database.first(
                "select * from sim_wechat where account_id = ?",
                r -> new WxpayProfile(
                        r.getObject("account_id", UUID.class),
                        application.secret(),
                        r.getString("sub_mchid"),
                        application.subAppId(),
                        r.getString("signs_with")),
                account);
    }

    /** @param key {@link WxpayPlatform#PUBLIC_KEY} or {@link WxpayPlatform#CERTIFICATE} */
    void signWith(UUID account, String key) {
        database.update("update sim_wechat set signs_with = ? where account_id = ?", key, account);
    }
}
