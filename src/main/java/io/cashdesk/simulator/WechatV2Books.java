package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/** What the simulated WeChat Pay writes down for v2 beside {@link WechatBooks}: keys, and what was asked for in its words. */
@ApplicationScoped
class WechatV2Books {
    @Inject
    Books books;

    /** A merchant's v2 key, and his certificate as he downloads it. */
    record Key(UUID accountId, String apiKey, String pfx) {}

    Optional<Key> key(UUID account) {
        return books
                .query(
                        "select * from sim_wechat_v2_key where account_id = ?",
                        r -> new Key(r.getObject("account_id", UUID.class), r.getString("api_key"), r.getString("pfx")),
                        account)
                .stream()
                .findFirst();
    }

    void addIfNew(Key key) {
        books.update(
                "insert into sim_wechat_v2_key values (?, ?, ?) on conflict do nothing",
                key.accountId(),
                key.apiKey(),
                key.pfx());
    }

    /** This payment or refund was asked for through v2, signed so. */
    void asked(UUID id, String signType) {
        books.update(
                "insert into sim_wechat_v2_asked values (?, ?) on conflict (id) do update set sign_type = excluded.sign_type",
                id,
                signType);
    }

    /** How a payment or a refund was signed for when it was asked for through v2; empty if it was not. */
    Optional<String> signType(UUID id) {
        return books.query("select sign_type from sim_wechat_v2_asked where id = ?", r -> r.getString(1), id).stream()
                .findFirst();
    }
}
