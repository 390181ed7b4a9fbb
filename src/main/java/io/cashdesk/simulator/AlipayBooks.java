package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What Alipay keeps of a trade beside what {@link Books} keeps of any. */
@ApplicationScoped
class AlipayBooks {
    @Inject
    Books books;

    @Inject
    Clock clock;

    /**
     * @param product the method that made it, without its prefix: "precreate", "page.pay", …
     * @param returnUrl where the browser goes after payment, or an empty text
     * @param quitUrl where it goes when the payer gives up, or an empty text
     * @param decidesAt when a payer at the till has made up his mind, or null
     * @param decision PAY, CLOSE, or null
     */
    record Detail(UUID tradeId, String product, String returnUrl, String quitUrl, Instant decidesAt, String decision) {}

    record Refund(UUID id, UUID tradeId, String requestNo, long amount, String reason, boolean shown, Instant at) {}

    /** False if the payment code was used before. */
    boolean add(Detail detail, String authCode) {
        return books.update(
                        "insert into sim_alipay_trade values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                        detail.tradeId(),
                        detail.product(),
                        detail.returnUrl(),
                        detail.quitUrl(),
                        authCode,
                        detail.decidesAt(),
                        detail.decision())
                == 1;
    }

    Optional<Detail> detail(UUID trade) {
        return books
                .query(
                        "select * from sim_alipay_trade where trade_id = ?",
                        r -> new Detail(
                                r.getObject("trade_id", UUID.class),
                                r.getString("product"),
                                r.getString("return_url"),
                                r.getString("quit_url"),
                                Books.instant(r, "decides_at"),
                                r.getString("decision")),
                        trade)
                .stream()
                .findFirst();
    }

    boolean codeIsUsed(String authCode) {
        return !books.query(
                        "select trade_id from sim_alipay_trade where auth_code = ?",
                        r -> r.getObject(1, UUID.class),
                        authCode)
                .isEmpty();
    }

    void decided(UUID trade) {
        books.update("update sim_alipay_trade set decides_at = null where trade_id = ?", trade);
    }

    void add(UUID trade, String requestNo, long amount, String reason, boolean shown) {
        books.update(
                "insert into sim_alipay_refund values (?, ?, ?, ?, ?, ?, ?)",
                Ids.next(),
                trade,
                requestNo,
                amount,
                reason,
                shown,
                clock.instant());
    }

    List<Refund> refunds(UUID trade) {
        return books.query(
                "select * from sim_alipay_refund where trade_id = ? order by at", AlipayBooks::refund, trade);
    }

    Optional<Refund> refund(UUID trade, String requestNo) {
        return refunds(trade).stream()
                .filter(r -> r.requestNo().equals(requestNo))
                .findFirst();
    }

    Optional<Refund> refund(UUID id) {
        return books.query("select * from sim_alipay_refund where id = ?", AlipayBooks::refund, id).stream()
                .findFirst();
    }

    private static Refund refund(ResultSet r) throws SQLException {
        return new Refund(
                r.getObject("id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("request_no"),
                r.getLong("amount"),
                r.getString("reason"),
                r.getBoolean("shown"),
                Books.instant(r, "at"));
    }

    /** What has gone back until now, up to and with this refund if it is given. */
    long refunded(UUID trade, Refund upTo) {
        return refunds(trade).stream()
                .filter(Refund::shown)
                .filter(r -> upTo == null || !r.at().isAfter(upTo.at()))
                .mapToLong(Refund::amount)
                .sum();
    }

    String newLogin(String appId) {
        var code = Keys.letters(32).toLowerCase(java.util.Locale.ROOT);
        books.update("insert into sim_alipay_login values (?, ?, ?, false)", code, appId, clock.instant());
        return code;
    }

    /** Takes a login code, once and within a day. */
    boolean takeLogin(String appId, String code) {
        return books.update(
                        "update sim_alipay_login set used = true where code = ? and app_id = ? and not used and made_at > ?",
                        code,
                        appId,
                        clock.instant().minusSeconds(86_400))
                == 1;
    }
}
