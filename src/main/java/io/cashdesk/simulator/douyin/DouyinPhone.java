package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Douyin on the payer's phone: {@code tt.requestOrder} makes an order of the general trade system from signed data; the
 * cashier is opened by {@code tt.pay} (ecpay) or {@code tt.getOrderPayment}; and a payer requests a refund in the list
 * of orders.
 */
@ApplicationScoped
class DouyinPhone {
    /** How old signed data may be: the longest life of an order. */
    private static final Duration OLDEST = Duration.ofDays(2);

    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final String KEY_VERSION = "1";

    @Inject
    AccountStore accounts;

    @Inject
    DouyinStore store;

    @Inject
    DouyinOrders orders;

    @Inject
    DouyinRefunds refunds;

    @Inject
    TradeOperations operations;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    Clock clock;

    /** The order that {@code tt.requestOrder} makes, or made with the same arguments. */
    DouyinOrder requestOrder(String data, String byteAuthorization) {
        var authorization = ByteAuthorization.parse(byteAuthorization);
        var account = accounts.byAppId(DouyinServer.NAME, authorization.appId())
                .orElseThrow(() -> new DouyinRefusal(DouyinRefusal.CLIENT_UNAUTHORISED, "应用未授权：appid 不存在"));
        var line = Exchange.of(account.id(), numberIn(data), Exchange.Way.PAYER, "tt.requestOrder")
                .headers(Map.of("byteAuthorization", byteAuthorization))
                .body(data);
        try {
            check(authorization, data, account, clock.instant());
        } catch (DouyinRefusal refused) {
            log.add(line.verdict(Exchange.Verdict.WRONG, refused.getMessage()));
            throw refused;
        }
        log.add(line.verdict(Exchange.Verdict.RIGHT, ""));
        var order = TradeData.read(data, orders);
        var address = order.notifyUrl().isEmpty() ? store.notifyUrl(account.id()) : order.notifyUrl();
        return orders.take(
                account,
                new DouyinOrders.Order(
                        DouyinDialect.TRADE,
                        order.number(),
                        order.fen(),
                        order.title(),
                        address,
                        order.life(),
                        order.request(),
                        order.skuId(),
                        order.hiddenWays(),
                        ""),
                DouyinRefusal.CLIENT_ORDER_STATE);
    }

    /** The number in data that may be malformed; empty if it cannot be read. */
    private static String numberIn(String data) {
        try {
            return DouyinFields.parse(data, DouyinRefusal.CLIENT_PARAMETER)
                    .text("outOrderNo", 64)
                    .orElse("");
        } catch (DouyinRefusal malformed) { // the call itself is refused for it
            return "";
        }
    }

    static void check(ByteAuthorization authorization, String data, Account account, Instant now) {
        if (!authorization.keyVersion().equals(KEY_VERSION)) throw signature("key_version 不存在");
        var at = Instant.ofEpochSecond(authorization.timestamp());
        if (at.isAfter(now.plus(SKEW)) || at.isBefore(now.minus(OLDEST))) throw signature("timestamp 超出有效范围，单位为秒");
        if (!authorization.signs(data, account.publicKey())) {
            throw signature("验签失败，请检查应用私钥以及 data 是否与签名时完全一致");
        }
    }

    private static DouyinRefusal signature(String why) {
        return new DouyinRefusal(DouyinRefusal.CLIENT_SIGNATURE, "签名错误：" + why);
    }

    /** The order of an {@code order_id} and its {@code order_token}. */
    DouyinOrder ofEcpay(String orderId, String orderToken) {
        return store.byOrderId(orderId)
                .filter(o -> o.isOf(DouyinDialect.ECPAY))
                .filter(o -> o.detail().orderToken().equals(orderToken))
                .orElseThrow(() ->
                        new DouyinRefusal(DouyinRefusal.CLIENT_PARAMETER, "orderInfo 错误：order_id 或 order_token 不正确"));
    }

    DouyinOrder ofTrade(String orderId) {
        return store.byOrderId(orderId)
                .filter(o -> o.isOf(DouyinDialect.TRADE))
                .orElseThrow(() -> new DouyinRefusal(DouyinRefusal.CLIENT_PARAMETER, "orderId 不存在"));
    }

    /**
     * Plays the cashier.
     *
     * @param way that the payer chooses; 0: the first that is shown
     * @return the {@code code} of {@code tt.pay}
     */
    int pay(DouyinOrder opened, DouyinOutcome outcome, int way) {
        var order = orders.current(opened);
        var closed = closedCode(order);
        if (closed != DouyinOutcome.PAID) return closed;
        var trade = order.trade();
        switch (outcome) {
            case PAY -> {
                store.choose(
                        trade.id(),
                        order.ways().contains(way) ? way : order.ways().get(0));
                if (!operations.pay(trade)) return DouyinOutcome.UNKNOWN;
            }
            case CANCEL -> {
                operations.decline(trade);
                if (order.isOf(DouyinDialect.TRADE)) orders.cancel(order);
            }
            case FAIL -> trades.changeState(trade.id(), "NOTPAY", "PAYERROR");
            case TIMEOUT -> operations.expire(trade);
            case OPEN -> {}
        }
        return outcome.code();
    }

    /** The code for an order that cannot be paid; {@link DouyinOutcome#PAID} if it can. */
    private static int closedCode(DouyinOrder order) {
        return switch (order.trade().state()) {
            case "NOTPAY" -> DouyinOutcome.PAID;
            case "SUCCESS" -> DouyinOutcome.UNKNOWN;
            case "CLOSED" ->
                order.detail().ended().equals(DouyinOrders.USER_CANCEL)
                        ? DouyinOutcome.CLOSED
                        : DouyinOutcome.TIMEOUT.code();
            default -> DouyinOutcome.CLOSED;
        };
    }

    /**
     * The payer requests a refund, which the merchant decides about.
     *
     * @param amount fen; 0: all that is left
     */
    DouyinRefund requestRefund(String orderId, long amount, String reason) {
        var order = orders.current(ofTrade(orderId));
        var address = store.notifyUrl(order.trade().accountId());
        var fen = amount == 0 ? refunds.left(order) : amount;
        var refused = DouyinRefusal.CLIENT_ORDER_STATE;
        if (!order.paid()) throw new DouyinRefusal(refused, "订单未支付，不能退款");
        if (fen == 0) throw new DouyinRefusal(refused, "订单已全额退款");
        var request = new DouyinRefunds.Request(
                "", fen, reason, "", address.isEmpty() ? order.trade().notifyUrl() : address, "", refused);
        return refunds.start(order, request);
    }
}
