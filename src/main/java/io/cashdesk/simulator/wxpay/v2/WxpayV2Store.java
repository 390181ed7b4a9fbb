package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/**
 * The tables {@code sim_wechat_v2_key} and {@code sim_wechat_v2_asked}: merchants' v2 keys, and what was made through
 * v2.
 */
@ApplicationScoped
class WxpayV2Store {
    @Inject
    SimulatorDatabase database;

    /**
     * A merchant's v2 key.
     *
     * @param apiKey 32 ASCII characters
     * @param pfx the merchant's certificate as the console gives it out: PKCS #12, Base64
     */
    record Key(UUID accountId, String apiKey, String pfx) {}

    Optional<Key> key(UUID account) {
        return database.first(
                "select * from sim_wechat_v2_key where account_id = ?",
                r -> new Key(r.getObject("account_id", UUID.class), r.getString("api_key"), r.getString("pfx")),
                account);
    }

    void addIfNew(Key key) {
        database.update(
                "insert into sim_wechat_v2_key values (?, ?, ?) on conflict do nothing",
                key.accountId(),
                key.apiKey(),
                key.pfx());
    }

    /**
     * Records that a payment or refund was made through v2.
     *
     * @param id of the trade or the refund
     * @param signType with which the merchant signed the request
     */
    void recordSignType(UUID id, String signType) {
        database.update("""
                insert into sim_wechat_v2_asked values (?, ?)
                on conflict (id) do update set sign_type = excluded.sign_type""", id, signType);
    }

    /** The sign type of the request that made a trade or refund through v2; empty if it was not made through v2. */
    Optional<String> signType(UUID id) {
        return database.first("select sign_type from sim_wechat_v2_asked where id = ?", r -> r.getString(1), id);
    }

    /** Deletes records with ids before this one; returns how many. */
    int deleteBefore(UUID id, int atMost) {
        return database.update("""
                delete from sim_wechat_v2_asked
                where id in (
                    select id from sim_wechat_v2_asked
                    where id < ?
                    order by id
                    limit %d
                    for update skip locked)
                """.formatted(atMost), id);
    }
}
