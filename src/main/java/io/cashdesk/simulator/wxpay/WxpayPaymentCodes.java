package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Payers;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * Payments with the code on the payer's phone. The last four digits of the code decide what happens:
 *
 * <ul>
 *   <li>0002: the payer enters the password for three seconds and pays
 *   <li>0003: the payer enters the password for three seconds and gives up
 *   <li>0004: it is paid, but answered as a system error
 *   <li>0005: the code is too old
 *   <li>0006: the payer has too little money
 *   <li>0007: the payer enters the password until a test pays or declines, or the merchant reverses
 *   <li>any other: paid at once
 * </ul>
 *
 * No notification is sent.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012382150">code payments</a>
 */
@ApplicationScoped
public class WxpayPaymentCodes {
    private static final Duration ENTERING_PASSWORD = Duration.ofSeconds(3);
    private static final Duration LONGEST_REVERSE = Duration.ofDays(7);

    /** Divided by {@code CASHDESK_SIMULATOR_HURRY}. */
    private static final Duration BEFORE_REVERSE = Duration.ofSeconds(15);

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    Payers payers;

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayOrders orders;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    WxpayAnswer pay(Account account, boolean partner, JsonObject body) {
        return pay(account, WxpayOrderRequest.read(WxpayProduct.CODE, partner, body), body);
    }

    /** @param body what must be the same when the number is used again */
    public WxpayAnswer pay(Account account, WxpayOrderRequest request, JsonObject body) {
        orders.checkCaller(account, request);
        trades.find(account.id(), request.number())
                .ifPresent(t -> refuseAgain(orderStore.withDetail(t), request, body));
        var numberIsUsed = orderStore.numberHasCode(account.id(), request.number());
        if (!orderStore.takeCode(request.authCode(), account.id(), request.number())) {
            throw numberIsUsed ? used() : new WxpayRefusal(400, "AUTH_CODE_INVALID", "付款码已被使用", WxpayRefusal.GENERAL);
        }
        var tail = request.authCode().substring(14);
        if (tail.equals("0005")) throw new WxpayRefusal(400, "AUTHCODEEXPIRE", "付款码已过期，请用户刷新后重试", WxpayRefusal.GENERAL);
        if (!orders.write(account, request, body, "code:" + UUID.randomUUID(), "USERPAYING")) throw used();
        var trade = trades.find(account.id(), request.number()).orElseThrow();
        return decide(account, trade, tail);
    }

    private static void refuseAgain(WxpayOrder order, WxpayOrderRequest request, JsonObject body) {
        if (order.detail().product() != WxpayProduct.CODE) throw used();
        if (order.trade().state().equals("USERPAYING")
                && WxpayOrders.json(order.trade().request()).equals(body)) throw enteringPassword();
        WxpayOrders.checkSame(order, request, body);
    }

    private static WxpayRefusal used() {
        return new WxpayRefusal(403, "OUT_TRADE_NO_USED", "商户订单号已用于另一个付款码", 268498688);
    }

    private static WxpayRefusal enteringPassword() {
        return new WxpayRefusal(202, "USERPAYING", "用户支付中，需要输入密码", WxpayRefusal.GENERAL);
    }

    private WxpayAnswer decide(Account account, Trade trade, String tail) {
        switch (tail) {
            case "0002" ->
                orderStore.decideLater(trade.id(), "SUCCESS", clock.instant().plus(ENTERING_PASSWORD));
            case "0003" ->
                orderStore.decideLater(trade.id(), "PAYERROR", clock.instant().plus(ENTERING_PASSWORD));
            case "0006" -> {
                trades.changeState(trade.id(), "USERPAYING", "PAYERROR");
                throw new WxpayRefusal(403, "NOT_ENOUGH", "用户余额不足", WxpayRefusal.GENERAL);
            }
            case "0007" -> log.add(Exchange.event(trade, Exchange.Event.PASSWORD, ""));
            default -> {
                if (trades.markPaid(trade.id(), trade.amountToReport())) payers.pay(trade);
                log.add(Exchange.event(trade, Exchange.Event.PAID_BY_CODE, Yuan.grouped(trade.amount())));
            }
        }
        if (tail.equals("0004")) throw new WxpayRefusal(500, "SYSTEM_ERROR", "系统错误", WxpayRefusal.GENERAL);
        var late = trades.takeFault(trade, CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
        var order = orderStore.withDetail(trades.get(trade.id()));
        return new WxpayAnswer(WxpayObjects.transaction(account, order, false), late);
    }

    /** Ends an order. If it is paid, the payer gets the money back. */
    public WxpayAnswer reverse(Account account, String number, String subMchid, JsonObject body) {
        var order = orders.find(account, number, subMchid);
        var trade = order.trade();
        if (order.detail().product() != WxpayProduct.CODE)
            throw WxpayRefusal.invalid("仅付款码支付的订单可以撤销", WxpayRefusal.GENERAL);
        if (!body.getString(subMchid.isEmpty() ? "appid" : "sp_appid", account.appId())
                .equals(account.appId())) {
            throw new WxpayRefusal(400, "APPID_MCHID_NOT_MATCH", "appid 与 mchid 不匹配", 268445527);
        }
        var age = Duration.between(trade.createdAt(), clock.instant());
        if (age.compareTo(BEFORE_REVERSE.dividedBy(settings.simulatorHurry())) < 0) {
            throw WxpayRefusal.invalid("请在支付15秒后再调用撤销", WxpayRefusal.GENERAL);
        }
        if (age.compareTo(LONGEST_REVERSE) > 0) throw WxpayRefusal.invalid("订单超过7天，不能撤销", 268447914);
        if (order.detail().refunds() > 0)
            throw new WxpayRefusal(403, "TRADE_ERROR", "订单已发生退款，不能撤销", WxpayRefusal.GENERAL);
        if (trades.takeFault(trade, CommonFault.REVERSE_ONCE_MORE)) throw enteringPassword();
        for (var state : new String[] {"USERPAYING", "NOTPAY", "PAYERROR", "SUCCESS"}) {
            if (trades.changeState(trade.id(), state, "REVOKED")) {
                log.add(Exchange.event(trade, Exchange.Event.REVERSED, ""));
                if (state.equals("SUCCESS")) payers.refund(trade, trade.amount());
            }
        }
        var answer = Json.createObjectBuilder();
        body.forEach(answer::add);
        return WxpayAnswer.of(answer.add("out_trade_no", number).build());
    }
}
