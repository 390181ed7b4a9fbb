package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** WeChat Pay's orders: who may order for whom, what happens when a number comes again, queries and closing. */
@ApplicationScoped
class WechatOrders {
    private static final Duration LIFE_OF_AN_ORDER = Duration.ofDays(7);
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(15);
    private static final Duration SHORTEST_EXPIRY = Duration.ofMinutes(1);

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    Cashier cashier;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** A new order, or the same one again with a fresh permission to open the cashier. */
    WechatGate.Answer prepay(Books.Account account, WechatProduct product, boolean partner, JsonObject body) {
        var wanted = WechatRules.order(product, partner, body);
        checkWho(account, wanted);
        var order = place(account, wanted, body);
        var trade = order.trade();
        var late = books.took(trade, Fault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
        var answer = Json.createObjectBuilder();
        switch (product) {
            case NATIVE -> answer.add("code_url", trade.code());
            case H5 ->
                answer.add(
                        "h5_url",
                        settings.baseUrl() + "/simulator/wxpay/h5?prepay_id=" + trade.code() + "&package="
                                + Keys.digits(10));
            default -> answer.add("prepay_id", trade.code());
        }
        return new WechatGate.Answer(answer.build(), late);
    }

    /** Whether this caller may order with these applications, for this sub-merchant and this payer. */
    void checkWho(Books.Account account, WechatRules.Order wanted) {
        sameMerchant(account, wanted.mchid());
        if (!account.appId().equals(wanted.appId())) throw notBound();
        if (wanted.partner()) {
            checkSubMerchant(account, wanted.subMchid());
            var profile = accounts.profile(account);
            if (!wanted.subAppid().isEmpty() && !profile.subAppid().equals(wanted.subAppid())) throw notBound();
        }
        checkOpenid(wanted.openid(), wanted.appId(), wanted.partner() ? "payer/sp_openid" : "payer/openid");
        checkOpenid(wanted.subOpenid(), wanted.subAppid(), "payer/sub_openid");
    }

    private static WechatRules.Refused notBound() {
        return new WechatRules.Refused(400, "APPID_MCHID_NOT_MATCH", "appid 与 mchid 不匹配", 268445527);
    }

    /** What a service provider may do for whom. */
    void checkSubMerchant(Books.Account account, String subMchid) {
        if (subMchid == null || subMchid.isEmpty()) {
            throw WechatRules.queryParameter("sub_mchid", "missing", 268443704);
        }
        if (subMchid.equals(account.mchNo())) {
            throw WechatRules.invalid("子商户号不能与服务商商户号相同", 268443705);
        }
        if (!subMchid.equals(accounts.profile(account).subMchid())) {
            throw new WechatRules.Refused(403, "NO_AUTH", "服务商与子商户没有受理关系", 268443701);
        }
    }

    private static void checkOpenid(String openid, String appId, String field) {
        if (openid.isEmpty() || WechatPayer.belongs(openid, appId)) return;
        throw new WechatRules.Refused(
                400,
                "PARAM_ERROR",
                "appid与openid不匹配",
                Map.of("field", "/" + field, "value", openid, "issue", "openid is not of appid", "location", "body"));
    }

    static void sameMerchant(Books.Account account, String mchid) {
        if (!account.mchNo().equals(mchid)) throw WechatAuthorization.refused("mchid differs");
    }

    /** Writes an order down, or finds it again, with a fresh permission to open the cashier. */
    WechatBooks.Order place(Books.Account account, WechatRules.Order wanted, JsonObject body) {
        var permission = permission(wanted.product());
        var made = write(account, wanted, body, permission, "NOTPAY");
        var trade = cashier.current(books.trade(account.id(), wanted.number()).orElseThrow());
        var order = wechat.order(trade);
        if (!made) again(order, wanted, body);
        if (!made) books.recode(trade.id(), permission);
        wechat.addPrepay(permission, trade.id());
        return wechat.order(books.trade(trade.id()));
    }

    /** Writes an order down; false if its number is taken. */
    boolean write(Books.Account account, WechatRules.Order wanted, JsonObject body, String code, String state) {
        var made = cashier.make(new Cashier.Wish(
                account,
                wanted.number(),
                code,
                wanted.amount(),
                wanted.description(),
                wanted.notifyUrl(),
                body.toString(),
                state,
                expiry(wanted.expiresAt())));
        if (made) {
            var trade = books.trade(account.id(), wanted.number()).orElseThrow();
            wechat.add(WechatBooks.Detail.of(trade.id(), wanted));
        }
        return made;
    }

    /** Too near and too far are moved without a word. */
    private Instant expiry(Instant asked) {
        var now = clock.instant();
        if (asked == null) return now.plus(LIFE_OF_AN_ORDER);
        if (asked.isBefore(now.plus(SHORTEST_EXPIRY))) return now.plus(SHORTEST_EXPIRY);
        return asked.isAfter(now.plus(LONGEST_EXPIRY)) ? now.plus(LONGEST_EXPIRY) : asked;
    }

    String permission(WechatProduct product) {
        if (product == WechatProduct.NATIVE) return "weixin://wxpay/bizpayurl?pr=" + Keys.letters(9);
        var second =
                DateTimeFormatter.ofPattern("ddHHmmss").format(clock.instant().atOffset(ZoneOffset.ofHours(8)));
        return "wx" + second + Keys.random("0123456789abcdef", 26);
    }

    /** What becomes of a number that comes again. */
    static void again(WechatBooks.Order order, WechatRules.Order wanted, JsonObject body) {
        var trade = order.trade();
        switch (trade.state()) {
            case "SUCCESS" -> throw new WechatRules.Refused(400, "ORDERPAID", "该订单已支付", 268449538);
            case "CLOSED", "REVOKED", "PAYERROR" ->
                throw new WechatRules.Refused(400, "ORDER_CLOSED", "订单已关闭", 268447914);
            default -> {
                var detail = order.detail();
                if (detail.product() != wanted.product() || detail.partner() != wanted.partner()) {
                    throw new WechatRules.Refused(403, "OUT_TRADE_NO_USED", "商户订单号重复", 268498688);
                }
                if (!json(trade.request()).equals(body)) {
                    throw WechatRules.invalid("请求重入时，参数与首次请求时不一致", 268498688);
                }
            }
        }
    }

    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    WechatGate.Answer queryByNumber(Books.Account account, String number, String subMchid) {
        var trade = books.trade(account.id(), number).orElseThrow(WechatOrders::noOrder);
        return told(account, cashier.current(trade), subMchid);
    }

    WechatGate.Answer queryByTransaction(Books.Account account, String id, String subMchid) {
        var trade = books.tradeByTransaction(account.id(), id).orElseThrow(WechatOrders::noOrder);
        return told(account, trade, subMchid);
    }

    private WechatGate.Answer told(Books.Account account, Books.Trade trade, String subMchid) {
        var order = wechat.order(trade);
        ofSubMerchant(order, subMchid);
        var refunded = !wechat.refundsOf(trade.id()).isEmpty();
        return WechatGate.Answer.of(WechatMessages.transaction(account, order, refunded));
    }

    /** The order at this number; refused if there is none or it is somebody else's. */
    WechatBooks.Order find(Books.Account account, String number, String subMchid) {
        var trade = books.trade(account.id(), number).orElseThrow(WechatOrders::noOrder);
        var order = wechat.order(cashier.current(trade));
        ofSubMerchant(order, subMchid);
        return order;
    }

    /** @param subMchid for whom a service provider asks, or an empty text for a merchant's own orders */
    private static void ofSubMerchant(WechatBooks.Order order, String subMchid) {
        if (!order.detail().subMchid().equals(subMchid)) {
            throw WechatRules.invalid(
                    subMchid.isEmpty() ? "商户号与订单不匹配" : "子商户号与订单不匹配", subMchid.isEmpty() ? 268447843 : 268447845);
        }
    }

    static WechatRules.Refused noOrder() {
        return new WechatRules.Refused(404, "ORDER_NOT_EXIST", "订单不存在", 268512771);
    }

    WechatGate.Answer close(Books.Account account, String number, String subMchid) {
        var order = find(account, number, subMchid);
        if (order.detail().product() == WechatProduct.CODE) {
            throw WechatRules.invalid("付款码支付的订单不能关闭，请使用撤销", 268449641);
        }
        if (!cashier.close(order.trade())) {
            throw new WechatRules.Refused(400, "ORDERPAID", "该订单已支付", 268449538);
        }
        return WechatGate.Answer.nothing();
    }
}
