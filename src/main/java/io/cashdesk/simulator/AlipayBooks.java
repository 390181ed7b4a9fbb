package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** What Alipay keeps of a trade beside what {@link Books} keeps of any. */
@ApplicationScoped
class AlipayBooks {
    private static final Duration LIFE_OF_A_LOGIN = Duration.ofDays(1);

    @Inject
    Books books;

    @Inject
    Clock clock;

    /**
     * @param appId the application that made it, or an empty text for the seller's own
     * @param returnUrl where the browser goes after payment, or an empty text
     * @param quitUrl where it goes when the payer gives up, or an empty text
     * @param decidesAt when a payer at the till has made up his mind, or null
     * @param decision PAY, CLOSE, or null
     * @param watchAt when to look whether its end has to be told, or null
     * @param closedAt when it was found to be closed, or null
     */
    record Detail(
            UUID tradeId,
            AlipayProduct product,
            String appId,
            String returnUrl,
            String quitUrl,
            Instant decidesAt,
            String decision,
            Instant watchAt,
            Instant closedAt) {}

    /**
     * @param amount fen
     * @param shown false: it failed after it was accepted, and queries do not show it
     * @param total fen, what had gone back of the trade with this refund
     */
    record Refund(
            UUID id,
            UUID tradeId,
            String requestNo,
            long amount,
            String reason,
            boolean shown,
            Instant at,
            long total) {}

    /** An application may act for another seller. */
    record Authorization(String token, UUID applicationId, UUID sellerId) {}

    /** A file that waits to be fetched. */
    record Bill(String fileName, byte[] content) {}

    // trades

    void add(Detail detail) {
        books.update(
                "insert into sim_alipay_trade (trade_id, product, app_id, return_url, quit_url, decides_at, decision, watch_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                detail.tradeId(),
                detail.product().method,
                detail.appId(),
                detail.returnUrl(),
                detail.quitUrl(),
                detail.decidesAt(),
                detail.decision(),
                detail.watchAt());
    }

    Optional<Detail> detail(UUID trade) {
        return books
                .query(
                        "select * from sim_alipay_trade where trade_id = ?",
                        r -> new Detail(
                                r.getObject("trade_id", UUID.class),
                                AlipayProduct.named(r.getString("product")),
                                r.getString("app_id"),
                                r.getString("return_url"),
                                r.getString("quit_url"),
                                Books.instant(r, "decides_at"),
                                r.getString("decision"),
                                Books.instant(r, "watch_at"),
                                Books.instant(r, "closed_at")),
                        trade)
                .stream()
                .findFirst();
    }

    Optional<Books.Trade> tradeByTransaction(UUID account, String tradeNo) {
        return books
                .query(
                        "select * from sim_trade where account_id = ? and transaction_id = ?",
                        Books::trade,
                        account,
                        tradeNo)
                .stream()
                .findFirst();
    }

    /** A code on a screen that was never scanned and is too old is replaced by another. */
    void renew(UUID trade, String code, Instant expiresAt) {
        books.update(
                "update sim_trade set code = ?, expires_at = ? where id = ? and state = 'UNSCANNED'",
                code,
                expiresAt,
                trade);
    }

    /** Uses a payer's code up for this number; false if it was used for another. */
    boolean takeCode(String code, UUID account, String number) {
        books.update("insert into sim_alipay_code values (?, ?, ?) on conflict do nothing", code, account, number);
        return !books.query(
                        "select 1 from sim_alipay_code where auth_code = ? and account_id = ? and number = ?",
                        r -> true,
                        code,
                        account,
                        number)
                .isEmpty();
    }

    /** What the payer at this till has decided, handed to one caller alone: PAY or CLOSE. */
    Optional<String> takeDecision(UUID trade) {
        return books
                .query(
                        "update sim_alipay_trade set decides_at = null where trade_id = ? and decides_at <= ?"
                                + " returning decision",
                        r -> r.getString(1),
                        trade,
                        clock.instant())
                .stream()
                .findFirst();
    }

    List<UUID> undecided() {
        return books.query(
                "select trade_id from sim_alipay_trade where decides_at <= ? order by decides_at limit 50",
                r -> r.getObject(1, UUID.class),
                clock.instant());
    }

    /** Trades whose end may have to be told, for this node; nobody else looks at them in the next half minute. */
    List<UUID> takeWatched() {
        return books.query(
                "update sim_alipay_trade set watch_at = ? where trade_id in (select trade_id from sim_alipay_trade"
                        + " where watch_at <= ? order by watch_at limit 50 for update skip locked) returning trade_id",
                r -> r.getObject(1, UUID.class),
                clock.instant().plusSeconds(30),
                clock.instant());
    }

    void watch(UUID trade, Instant at) {
        books.update("update sim_alipay_trade set watch_at = ? where trade_id = ?", at, trade);
    }

    /** Something became of it just now; for a trade that is watched at all. */
    void lookNow(UUID trade) {
        books.update(
                "update sim_alipay_trade set watch_at = ? where trade_id = ? and watch_at is not null",
                clock.instant(),
                trade);
    }

    void closed(UUID trade) {
        books.update("update sim_alipay_trade set closed_at = ? where trade_id = ?", clock.instant(), trade);
    }

    /** Holds a trade until the open transaction ends, so that two refunds cannot take the same fen. */
    Books.Trade locked(UUID trade) {
        return books.query("select * from sim_trade where id = ? for update", Books::trade, trade)
                .get(0);
    }

    List<Books.Trade> paidBetween(UUID account, Instant from, Instant to) {
        return books.query(
                "select * from sim_trade where account_id = ? and paid_at >= ? and paid_at < ? order by paid_at, id",
                Books::trade,
                account,
                from,
                to);
    }

    // refunds

    void add(Refund refund) {
        books.update(
                "insert into sim_alipay_refund (id, trade_id, request_no, amount, reason, shown, at, total)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                refund.id(),
                refund.tradeId(),
                refund.requestNo(),
                refund.amount(),
                refund.reason(),
                refund.shown(),
                refund.at(),
                refund.total());
    }

    List<Refund> refunds(UUID trade) {
        return books.query(
                "select * from sim_alipay_refund where trade_id = ? order by at, id", AlipayBooks::refund, trade);
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

    List<Refund> refundsBetween(UUID account, Instant from, Instant to) {
        return books.query(
                "select r.* from sim_alipay_refund r join sim_trade t on t.id = r.trade_id"
                        + " where t.account_id = ? and r.shown and r.at >= ? and r.at < ? order by r.at, r.id",
                AlipayBooks::refund,
                account,
                from,
                to);
    }

    private static Refund refund(ResultSet r) throws SQLException {
        return new Refund(
                r.getObject("id", UUID.class),
                r.getObject("trade_id", UUID.class),
                r.getString("request_no"),
                r.getLong("amount"),
                r.getString("reason"),
                r.getBoolean("shown"),
                Books.instant(r, "at"),
                r.getLong("total"));
    }

    /** What has gone back of a trade until now, in fen. */
    long refunded(UUID trade) {
        return refunds(trade).stream()
                .filter(Refund::shown)
                .mapToLong(Refund::amount)
                .sum();
    }

    // who may act for whom

    Optional<Authorization> authorization(UUID application) {
        return books
                .query(
                        "select * from sim_alipay_authorization where application_id = ?",
                        AlipayBooks::authorization,
                        application)
                .stream()
                .findFirst();
    }

    Optional<Authorization> authorization(String token) {
        return books
                .query("select * from sim_alipay_authorization where token = ?", AlipayBooks::authorization, token)
                .stream()
                .findFirst();
    }

    private static Authorization authorization(ResultSet r) throws SQLException {
        return new Authorization(
                r.getString("token"), r.getObject("application_id", UUID.class), r.getObject("seller_id", UUID.class));
    }

    void addIfNew(Authorization a) {
        books.update(
                "insert into sim_alipay_authorization values (?, ?, ?) on conflict do nothing",
                a.token(),
                a.applicationId(),
                a.sellerId());
    }

    // logins

    String newLogin(String appId, boolean openIdOnly) {
        var code = Keys.letters(32).toLowerCase(Locale.ROOT);
        books.update(
                "insert into sim_alipay_login (code, app_id, made_at, used, open_id_only) values (?, ?, ?, false, ?)",
                code,
                appId,
                clock.instant(),
                openIdOnly);
        return code;
    }

    /** Takes a login code, once and within a day: whether it tells the open id alone; absent if there is no such code. */
    Optional<Boolean> takeLogin(String appId, String code) {
        return books
                .query(
                        "update sim_alipay_login set used = true where code = ? and app_id = ? and not used and made_at > ?"
                                + " returning open_id_only",
                        r -> r.getBoolean(1),
                        code,
                        appId,
                        clock.instant().minus(LIFE_OF_A_LOGIN))
                .stream()
                .findFirst();
    }

    // bills

    void add(String token, Bill bill) {
        books.update(
                "insert into sim_alipay_bill values (?, ?, ?, ?)",
                token,
                clock.instant(),
                bill.fileName(),
                bill.content());
    }

    Optional<Bill> bill(String token, Duration life) {
        return books
                .query(
                        "select * from sim_alipay_bill where token = ? and made_at > ?",
                        r -> new Bill(r.getString("file_name"), r.getBytes("content")),
                        token,
                        clock.instant().minus(life))
                .stream()
                .findFirst();
    }

    // time

    /** What {@link WechatBooks#age} does not reach. */
    void age(UUID trade, Duration by) {
        var seconds = (double) by.toSeconds();
        books.update(
                "update sim_alipay_refund set at = at - make_interval(secs => ?) where trade_id = ?", seconds, trade);
        books.update(
                "update sim_alipay_trade set decides_at = decides_at - make_interval(secs => ?),"
                        + " watch_at = watch_at - make_interval(secs => ?) where trade_id = ?",
                seconds,
                seconds,
                trade);
    }
}
