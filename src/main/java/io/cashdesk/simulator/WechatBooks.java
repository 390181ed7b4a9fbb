package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What the simulated WeChat Pay writes down beside {@link Books}: products, payers, refunds, logins, bills. */
@ApplicationScoped
class WechatBooks {
    /** How long a code of WeChat's login lives. */
    private static final Duration LIFE_OF_A_LOGIN = Duration.ofMinutes(5);

    @Inject
    Books books;

    @Inject
    Clock clock;

    /** What only WeChat Pay knows of an account: its application's secret, its one sub-merchant, the key it is signed with. */
    record Profile(UUID accountId, String secret, String subMchid, String subAppid, String signsWith) {
        boolean signsWithCertificate() {
            return signsWith.equals("CERTIFICATE");
        }
    }

    /**
     * What only WeChat Pay knows of an order.
     *
     * @param openid who pays or paid, in the application of who asked
     * @param refunded fen, accepted and not closed since
     */
    record Detail(
            UUID tradeId,
            WechatProduct product,
            boolean partner,
            String appId,
            String subMchid,
            String subAppid,
            String openid,
            String subOpenid,
            String attach,
            String deviceId,
            String clientIp,
            long refunded,
            int refunds) {
        static Detail of(UUID tradeId, WechatRules.Order order) {
            return new Detail(
                    tradeId,
                    order.product(),
                    order.partner(),
                    order.appId(),
                    order.subMchid(),
                    order.subAppid(),
                    order.openid(),
                    order.subOpenid(),
                    order.attach(),
                    order.deviceId(),
                    order.clientIp(),
                    0,
                    0);
        }
    }

    /** An order with everything about it. */
    record Order(Books.Trade trade, Detail detail) {}

    /** One permission to open the cashier for an order. */
    record Prepay(String id, UUID tradeId, Instant madeAt, String redirectUrl) {}

    /** Money going back; {@code settlesAt} is null if it waits for a person. */
    record Refund(
            UUID id,
            UUID accountId,
            UUID tradeId,
            String number,
            String refundId,
            long amount,
            String request,
            String notifyUrl,
            String state,
            String outcome,
            Instant settlesAt,
            Instant createdAt,
            Instant succeededAt) {}

    /** A code of WeChat's login, good once. */
    record Login(
            String code,
            String appId,
            String openid,
            String kind,
            String scope,
            boolean snapshot,
            int errcode,
            Instant madeAt,
            Instant usedAt) {}

    /** A bill that waits to be fetched. */
    record Bill(String token, UUID accountId, Instant madeAt, boolean gzip, String content) {}

    // accounts

    Optional<Profile> profile(UUID account) {
        return books
                .query(
                        "select * from sim_wechat where account_id = ?",
                        r -> new Profile(
                                r.getObject("account_id", UUID.class),
                                r.getString("secret"),
                                r.getString("sub_mchid"),
                                r.getString("sub_appid"),
                                r.getString("signs_with")),
                        account)
                .stream()
                .findFirst();
    }

    void addIfNew(Profile p) {
        books.update(
                "insert into sim_wechat values (?, ?, ?, ?, ?) on conflict do nothing",
                p.accountId(),
                p.secret(),
                p.subMchid(),
                p.subAppid(),
                p.signsWith());
    }

    void signWith(UUID account, String key) {
        books.update("update sim_wechat set signs_with = ? where account_id = ?", key, account);
    }

    /** The account whose sub-merchant has this application. */
    Optional<Books.Account> accountBySubAppid(String subAppid) {
        return books
                .query(
                        "select account_id from sim_wechat where sub_appid = ?",
                        r -> r.getObject("account_id", UUID.class),
                        subAppid)
                .stream()
                .findFirst()
                .map(books::account);
    }

    // orders

    void add(Detail d) {
        books.update(
                "insert into sim_wechat_trade (trade_id, product, partner, app_id, sub_mchid, sub_appid, openid, sub_openid,"
                        + " attach, device_id, client_ip) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                d.tradeId(),
                d.product().name(),
                d.partner(),
                d.appId(),
                d.subMchid(),
                d.subAppid(),
                d.openid(),
                d.subOpenid(),
                d.attach(),
                d.deviceId(),
                d.clientIp());
    }

    /** With what is known of it; an order that came another way counts as one for a code on a screen. */
    Order order(Books.Trade trade) {
        return books
                .query("select * from sim_wechat_trade where trade_id = ?", WechatBooks::detail, trade.id())
                .stream()
                .findFirst()
                .map(d -> new Order(trade, d))
                .orElseGet(() -> {
                    var appId = books.account(trade.accountId()).appId();
                    return new Order(
                            trade,
                            new Detail(
                                    trade.id(), WechatProduct.NATIVE, false, appId, "", "", "", "", "", "", "", 0, 0));
                });
    }

    private static Detail detail(ResultSet r) throws SQLException {
        return new Detail(
                r.getObject("trade_id", UUID.class),
                WechatProduct.valueOf(r.getString("product")),
                r.getBoolean("partner"),
                r.getString("app_id"),
                r.getString("sub_mchid"),
                r.getString("sub_appid"),
                r.getString("openid"),
                r.getString("sub_openid"),
                r.getString("attach"),
                r.getString("device_id"),
                r.getString("client_ip"),
                r.getLong("refunded"),
                r.getInt("refunds"));
    }

    /** The payer is typing his password; at that moment it will be this. */
    void decideLater(UUID trade, String outcome, Instant at) {
        books.update("update sim_wechat_trade set outcome = ?, decides_at = ? where trade_id = ?", outcome, at, trade);
    }

    /** What the payer decided at the till, if his time has come. */
    void decide(UUID trade) {
        books.update(
                "update sim_trade t set state = w.outcome, paid_at = case w.outcome when 'SUCCESS' then w.decides_at end"
                        + " from sim_wechat_trade w where w.trade_id = t.id and t.id = ? and t.state = 'USERPAYING'"
                        + " and w.decides_at <= ?",
                trade,
                clock.instant());
    }

    // prepays

    void addPrepay(String id, UUID trade) {
        books.update("insert into sim_wechat_prepay values (?, ?, ?, '')", id, trade, clock.instant());
    }

    Optional<Prepay> prepay(String id) {
        return books
                .query(
                        "select * from sim_wechat_prepay where prepay_id = ?",
                        r -> new Prepay(
                                r.getString("prepay_id"),
                                r.getObject("trade_id", UUID.class),
                                Books.instant(r, "made_at"),
                                r.getString("redirect_url")),
                        id)
                .stream()
                .findFirst();
    }

    void redirectTo(String prepayId, String url) {
        books.update("update sim_wechat_prepay set redirect_url = ? where prepay_id = ?", url, prepayId);
    }

    // codes at the till

    /** Uses a payer's code up for this number; false if it, or the number, belongs to another. */
    boolean takeCode(String code, UUID account, String number) {
        books.update("insert into sim_wechat_code values (?, ?, ?) on conflict do nothing", code, account, number);
        return !books.query(
                        "select 1 from sim_wechat_code where auth_code = ? and account_id = ? and number = ?",
                        r -> true,
                        code,
                        account,
                        number)
                .isEmpty();
    }

    boolean numberHasCode(UUID account, String number) {
        return !books.query(
                        "select 1 from sim_wechat_code where account_id = ? and number = ?", r -> true, account, number)
                .isEmpty();
    }

    // refunds

    /**
     * Accepts a refund if enough is left of the payment and it has had fewer than 50; false otherwise. One statement, so that
     * two at the same moment cannot both take the last fen.
     */
    boolean add(Refund r, long total) {
        return books.update(
                        "with reserved as (update sim_wechat_trade set refunded = refunded + ?, refunds = refunds + 1"
                                + " where trade_id = ? and refunded + ? <= ? and refunds < 50 returning trade_id)"
                                + " insert into sim_wechat_refund (id, account_id, trade_id, number, refund_id, amount, request,"
                                + " notify_url, state, outcome, settles_at, created_at)"
                                + " select ?, ?, trade_id, ?, ?, ?, ?, ?, ?, ?, ?, ? from reserved",
                        r.amount(),
                        r.tradeId(),
                        r.amount(),
                        total,
                        r.id(),
                        r.accountId(),
                        r.number(),
                        r.refundId(),
                        r.amount(),
                        r.request(),
                        r.notifyUrl(),
                        r.state(),
                        r.outcome(),
                        r.settlesAt(),
                        r.createdAt())
                == 1;
    }

    Optional<Refund> refund(UUID account, String number) {
        return refunds("account_id = ? and number = ?", account, number).stream()
                .findFirst();
    }

    Optional<Refund> refundById(UUID account, String refundId) {
        return refunds("account_id = ? and refund_id = ?", account, refundId).stream()
                .findFirst();
    }

    Refund refund(UUID id) {
        return refunds("id = ?", id).get(0);
    }

    List<Refund> refundsByNumber(String number) {
        return refunds("number = ?", number);
    }

    /** Newest first. */
    List<Refund> refundsOf(UUID trade) {
        return refunds("trade_id = ?", trade);
    }

    /** Those whose moment has come. */
    List<Refund> refundsDue() {
        return refunds("state = 'PROCESSING' and settles_at <= ?", clock.instant());
    }

    private List<Refund> refunds(String where, Object... parameters) {
        return books.query(
                "select * from sim_wechat_refund where " + where + " order by created_at desc",
                r -> new Refund(
                        r.getObject("id", UUID.class),
                        r.getObject("account_id", UUID.class),
                        r.getObject("trade_id", UUID.class),
                        r.getString("number"),
                        r.getString("refund_id"),
                        r.getLong("amount"),
                        r.getString("request"),
                        r.getString("notify_url"),
                        r.getString("state"),
                        r.getString("outcome"),
                        Books.instant(r, "settles_at"),
                        Books.instant(r, "created_at"),
                        Books.instant(r, "succeeded_at")),
                parameters);
    }

    /** Moves a refund from one of these states; false if it was elsewhere. A closed one gives back what it had reserved. */
    boolean settle(Refund r, Set<String> from, String to) {
        return books.update(
                        "with settled as (update sim_wechat_refund set state = ?, settles_at = null,"
                                + " succeeded_at = case when ? = 'SUCCESS' then ?::timestamptz end"
                                + " where id = ? and state = any (string_to_array(?, ',')) returning trade_id, state, amount)"
                                + " update sim_wechat_trade t set refunded = refunded - case s.state when 'CLOSED' then s.amount"
                                + " else 0 end from settled s where t.trade_id = s.trade_id",
                        to,
                        to,
                        clock.instant(),
                        r.id(),
                        String.join(",", from))
                == 1;
    }

    /** After somebody looked after it: it settles at this moment after all. */
    void settleLater(UUID refund, String outcome, Instant at) {
        books.update(
                "update sim_wechat_refund set state = 'PROCESSING', outcome = ?, settles_at = ? where id = ?",
                outcome,
                at,
                refund);
    }

    // logins

    void add(Login l) {
        books.update(
                "insert into sim_wechat_login values (?, ?, ?, ?, ?, ?, ?, ?)",
                l.code(),
                l.appId(),
                l.openid(),
                l.kind(),
                l.scope(),
                l.snapshot(),
                l.errcode(),
                l.madeAt());
    }

    Optional<Login> login(String code) {
        return books
                .query(
                        "select * from sim_wechat_login where code = ?",
                        r -> new Login(
                                r.getString("code"),
                                r.getString("app_id"),
                                r.getString("openid"),
                                r.getString("kind"),
                                r.getString("scope"),
                                r.getBoolean("snapshot"),
                                r.getInt("errcode"),
                                Books.instant(r, "made_at"),
                                Books.instant(r, "used_at")),
                        code)
                .stream()
                .findFirst();
    }

    /** False if it was used before or is too old. */
    boolean use(Login login) {
        return books.update(
                        "update sim_wechat_login set used_at = ? where code = ? and used_at is null and made_at > ?",
                        clock.instant(),
                        login.code(),
                        clock.instant().minus(LIFE_OF_A_LOGIN))
                == 1;
    }

    // bills

    void add(Bill b) {
        books.update(
                "insert into sim_wechat_bill values (?, ?, ?, ?, ?)",
                b.token(),
                b.accountId(),
                b.madeAt(),
                b.gzip(),
                b.content());
    }

    Optional<Bill> bill(String token) {
        return books
                .query(
                        "select * from sim_wechat_bill where token = ?",
                        r -> new Bill(
                                r.getString("token"),
                                r.getObject("account_id", UUID.class),
                                Books.instant(r, "made_at"),
                                r.getBoolean("gzip"),
                                r.getString("content")),
                        token)
                .stream()
                .findFirst();
    }

    /** What was paid to this account in a span of time, oldest first. */
    List<Order> paidBetween(UUID account, Instant from, Instant to) {
        return books
                .query(
                        "select * from sim_trade where account_id = ? and paid_at >= ? and paid_at < ? order by paid_at",
                        Books::trade,
                        account,
                        from,
                        to)
                .stream()
                .map(this::order)
                .toList();
    }

    /** What this account was asked to give back in a span of time, oldest first. */
    List<Refund> refundsBetween(UUID account, Instant from, Instant to) {
        var found = refunds("account_id = ? and created_at >= ? and created_at < ?", account, from, to);
        return found.stream()
                .sorted((a, b) -> a.createdAt().compareTo(b.createdAt()))
                .toList();
    }

    // time, for tests

    /** Makes an order and everything about it this much older. */
    void age(UUID trade, Duration by) {
        var seconds = by.toSeconds();
        books.update(
                "update sim_trade set created_at = created_at - make_interval(secs => ?),"
                        + " paid_at = paid_at - make_interval(secs => ?),"
                        + " expires_at = expires_at - make_interval(secs => ?) where id = ?",
                (double) seconds,
                (double) seconds,
                (double) seconds,
                trade);
        books.update(
                "update sim_wechat_prepay set made_at = made_at - make_interval(secs => ?) where trade_id = ?",
                (double) seconds,
                trade);
        books.update(
                "update sim_wechat_refund set created_at = created_at - make_interval(secs => ?),"
                        + " settles_at = settles_at - make_interval(secs => ?),"
                        + " succeeded_at = succeeded_at - make_interval(secs => ?) where trade_id = ?",
                (double) seconds,
                (double) seconds,
                (double) seconds,
                trade);
        books.update(
                "update sim_wechat_trade set decides_at = decides_at - make_interval(secs => ?) where trade_id = ?",
                (double) seconds,
                trade);
    }
}
