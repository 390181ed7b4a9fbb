package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.NewTrade;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.wechat.WechatPayer;
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

/** Orders: who may make one for whom, what happens when a number is used again, queries and closing. */
@ApplicationScoped
public class WxpayOrders {
    private static final Duration LIFE_OF_AN_ORDER = Duration.ofDays(7);
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(15);
    private static final Duration SHORTEST_EXPIRY = Duration.ofMinutes(1);

    @Inject
    TradeStore trades;

    @Inject
    TradeOperations operations;

    @Inject
    WxpayProfiles profiles;

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayRefundStore refundStore;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** A new order, or the same one again with a new code or prepay id. */
    WxpayAnswer prepay(Account account, WxpayProduct product, boolean partner, JsonObject body) {
        var request = WxpayOrderRequest.read(product, partner, body);
        checkCaller(account, request);
        var order = place(account, request, body);
        var trade = order.trade();
        var late = trades.takeFault(trade, CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
        var answer = Json.createObjectBuilder();
        switch (product) {
            case NATIVE -> answer.add("code_url", trade.code());
            case H5 ->
                answer.add(
                        "h5_url",
                        settings.baseUrl() + WxpayServer.PATH + "/h5?prepay_id=" + trade.code() + "&package="
                                + RandomText.digits(10));
            default -> answer.add("prepay_id", trade.code());
        }
        return new WxpayAnswer(answer.build(), late);
    }

    /** Refuses a caller who may not use these applications, this sub-merchant or this payer. */
    public void checkCaller(Account account, WxpayOrderRequest request) {
        sameMerchant(account, request.mchid());
        if (!account.appId().equals(request.appId())) throw notBound();
        if (request.partner()) {
            checkSubMerchant(account, request.subMchid());
            var profile = profiles.of(account);
            if (!request.subAppid().isEmpty() && !profile.subAppid().equals(request.subAppid())) throw notBound();
        }
        checkOpenid(request.openid(), request.appId(), request.partner() ? "payer/sp_openid" : "payer/openid");
        checkOpenid(request.subOpenid(), request.subAppid(), "payer/sub_openid");
    }

    private static WxpayRefusal notBound() {
        return new WxpayRefusal(400, "APPID_MCHID_NOT_MATCH", "appid 与 mchid 不匹配", 268445527);
    }

    /** Refuses a service provider who may not act for this sub-merchant. */
    void checkSubMerchant(Account account, String subMchid) {
        if (subMchid == null || subMchid.isEmpty()) {
            throw WxpayRefusal.queryParameter("sub_mchid", "missing", 268443704);
        }
        if (subMchid.equals(account.mchNo())) {
            throw WxpayRefusal.invalid("子商户号不能与服务商商户号相同", 268443705);
        }
        if (!subMchid.equals(profiles.of(account).subMchid())) {
            throw new WxpayRefusal(403, "NO_AUTH", "服务商与子商户没有受理关系", 268443701);
        }
    }

    private static void checkOpenid(String openid, String appId, String field) {
        if (openid.isEmpty() || WechatPayer.belongs(openid, appId)) return;
        throw new WxpayRefusal(
                400,
                "PARAM_ERROR",
                "appid与openid不匹配",
                Map.of("field", "/" + field, "value", openid, "issue", "openid is not of appid", "location", "body"));
    }

    static void sameMerchant(Account account, String mchid) {
        if (!account.mchNo().equals(mchid)) throw WxpayAuthorization.refused("mchid differs");
    }

    /** Stores an order, or finds the same one again; it gets a new code or prepay id. */
    public WxpayOrder place(Account account, WxpayOrderRequest request, JsonObject body) {
        var code = newCode(request.product());
        var made = write(account, request, body, code, "NOTPAY");
        var trade =
                operations.current(trades.find(account.id(), request.number()).orElseThrow());
        var order = orderStore.withDetail(trade);
        if (!made) checkSame(order, request, body);
        if (!made) trades.replaceCode(trade.id(), code);
        orderStore.addPrepay(code, trade.id());
        return orderStore.withDetail(trades.get(trade.id()));
    }

    /** Stores an order; returns false if its number is used. */
    boolean write(Account account, WxpayOrderRequest request, JsonObject body, String code, String state) {
        var made = operations.create(new NewTrade(
                account,
                request.number(),
                code,
                request.amount(),
                request.description(),
                request.notifyUrl(),
                body.toString(),
                state,
                expiry(request.expiresAt())));
        if (made) {
            var trade = trades.find(account.id(), request.number()).orElseThrow();
            orderStore.add(WxpayOrderDetail.of(trade.id(), request));
        }
        return made;
    }

    /** An expiry that is too near or too far is moved without an error. */
    private Instant expiry(Instant requested) {
        var now = clock.instant();
        if (requested == null) return now.plus(LIFE_OF_AN_ORDER);
        if (requested.isBefore(now.plus(SHORTEST_EXPIRY))) return now.plus(SHORTEST_EXPIRY);
        return requested.isAfter(now.plus(LONGEST_EXPIRY)) ? now.plus(LONGEST_EXPIRY) : requested;
    }

    /** A new content for the QR code or, for the other products, a new prepay id. */
    public String newCode(WxpayProduct product) {
        if (product == WxpayProduct.NATIVE) return "weixin://wxpay/bizpayurl?pr=" + RandomText.letters(9);
        var second =
                DateTimeFormatter.ofPattern("ddHHmmss").format(clock.instant().atOffset(ZoneOffset.ofHours(8)));
        return "wx" + second + RandomText.hex(26);
    }

    /** Refuses a number that is used again, unless it is for the same order while that can be paid. */
    static void checkSame(WxpayOrder order, WxpayOrderRequest request, JsonObject body) {
        var trade = order.trade();
        switch (trade.state()) {
            case "SUCCESS" -> throw new WxpayRefusal(400, "ORDERPAID", "该订单已支付", 268449538);
            case "CLOSED", "REVOKED", "PAYERROR" -> throw new WxpayRefusal(400, "ORDER_CLOSED", "订单已关闭", 268447914);
            default -> {
                var detail = order.detail();
                if (detail.product() != request.product() || detail.partner() != request.partner()) {
                    throw new WxpayRefusal(403, "OUT_TRADE_NO_USED", "商户订单号重复", 268498688);
                }
                if (!json(trade.request()).equals(body)) {
                    throw WxpayRefusal.invalid("请求重入时，参数与首次请求时不一致", 268498688);
                }
            }
        }
    }

    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    WxpayAnswer queryByNumber(Account account, String number, String subMchid) {
        var trade = trades.find(account.id(), number).orElseThrow(WxpayOrders::noOrder);
        return transaction(account, operations.current(trade), subMchid);
    }

    WxpayAnswer queryByTransaction(Account account, String id, String subMchid) {
        var trade = trades.paidByTransactionId(account.id(), id).orElseThrow(WxpayOrders::noOrder);
        return transaction(account, trade, subMchid);
    }

    private WxpayAnswer transaction(Account account, Trade trade, String subMchid) {
        var order = orderStore.withDetail(trade);
        ofSubMerchant(order, subMchid);
        var refunded = !refundStore.ofTrade(trade.id()).isEmpty();
        return WxpayAnswer.of(WxpayObjects.transaction(account, order, refunded));
    }

    /** The order of this number; refused if there is none or if it belongs to another sub-merchant. */
    WxpayOrder find(Account account, String number, String subMchid) {
        var trade = trades.find(account.id(), number).orElseThrow(WxpayOrders::noOrder);
        var order = orderStore.withDetail(operations.current(trade));
        ofSubMerchant(order, subMchid);
        return order;
    }

    /**
     * @param subMchid the sub-merchant for which a service provider calls, or an empty text for a merchant's own orders
     */
    private static void ofSubMerchant(WxpayOrder order, String subMchid) {
        if (!order.detail().subMchid().equals(subMchid)) {
            throw WxpayRefusal.invalid(
                    subMchid.isEmpty() ? "商户号与订单不匹配" : "子商户号与订单不匹配", subMchid.isEmpty() ? 268447843 : 268447845);
        }
    }

    static WxpayRefusal noOrder() {
        return new WxpayRefusal(404, "ORDER_NOT_EXIST", "订单不存在", 268512771);
    }

    WxpayAnswer close(Account account, String number, String subMchid) {
        var order = find(account, number, subMchid);
        if (order.detail().product() == WxpayProduct.CODE) {
            throw WxpayRefusal.invalid("付款码支付的订单不能关闭，请使用撤销", 268449641);
        }
        if (!operations.close(order.trade())) {
            throw new WxpayRefusal(400, "ORDERPAID", "该订单已支付", 268449538);
        }
        return WxpayAnswer.nothing();
    }
}
