package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * Payments at the till: the payer's code decides by its last four digits what becomes of it.
 *
 * <ul>
 *   <li>0002: he types his password for three seconds and pays
 *   <li>0003: he types for three seconds and gives up
 *   <li>0004: it is paid, but answered as a system error
 *   <li>0005: the code is too old
 *   <li>0006: he has too little money
 *   <li>0007: he types until he is paid or declined for through {@link ControlResource}, or the merchant reverses
 *   <li>any other: paid at once
 * </ul>
 *
 * No notification is ever sent.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012382150">code payments</a>
 */
@ApplicationScoped
class WechatCodes {
    private static final Duration TYPING = Duration.ofSeconds(3);
    private static final Duration LONGEST_REVERSE = Duration.ofDays(7);

    /** Divided by the simulator's hurry, like its other pauses. */
    private static final Duration BEFORE_REVERSE = Duration.ofSeconds(15);

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    WechatOrders orders;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    WechatGate.Answer pay(Books.Account account, boolean partner, JsonObject body) {
        return pay(account, WechatRules.order(WechatProduct.CODE, partner, body), body);
    }

    /** @param body what must be the same when the number comes again */
    WechatGate.Answer pay(Books.Account account, WechatRules.Order wanted, JsonObject body) {
        orders.checkWho(account, wanted);
        books.trade(account.id(), wanted.number()).ifPresent(t -> refuseAgain(wechat.order(t), wanted, body));
        var numberIsUsed = wechat.numberHasCode(account.id(), wanted.number());
        if (!wechat.takeCode(wanted.authCode(), account.id(), wanted.number())) {
            throw numberIsUsed ? used() : new WechatRules.Refused(400, "AUTH_CODE_INVALID", "付款码已被使用", 268435461);
        }
        var tail = wanted.authCode().substring(14);
        if (tail.equals("0005")) throw new WechatRules.Refused(400, "AUTHCODEEXPIRE", "付款码已过期，请用户刷新后重试", 268435461);
        if (!orders.write(account, wanted, body, "code:" + UUID.randomUUID(), "USERPAYING")) throw used();
        var trade = books.trade(account.id(), wanted.number()).orElseThrow();
        return decide(account, trade, tail);
    }

    private static void refuseAgain(WechatBooks.Order order, WechatRules.Order wanted, JsonObject body) {
        if (order.detail().product() != WechatProduct.CODE) throw used();
        if (order.trade().state().equals("USERPAYING")
                && WechatOrders.json(order.trade().request()).equals(body)) throw stillTyping();
        WechatOrders.again(order, wanted, body);
    }

    private static WechatRules.Refused used() {
        return new WechatRules.Refused(403, "OUT_TRADE_NO_USED", "商户订单号已用于另一个付款码", 268498688);
    }

    private static WechatRules.Refused stillTyping() {
        return new WechatRules.Refused(202, "USERPAYING", "用户支付中，需要输入密码", 268435461);
    }

    private WechatGate.Answer decide(Books.Account account, Books.Trade trade, String tail) {
        switch (tail) {
            case "0002" ->
                wechat.decideLater(trade.id(), "SUCCESS", clock.instant().plus(TYPING));
            case "0003" ->
                wechat.decideLater(trade.id(), "PAYERROR", clock.instant().plus(TYPING));
            case "0006" -> {
                books.move(trade.id(), "USERPAYING", "PAYERROR");
                throw new WechatRules.Refused(403, "NOT_ENOUGH", "用户余额不足", 268435461);
            }
            case "0007" -> books.log(trade.number(), "–", "typing", "", "the payer types until a test decides for him");
            default -> {
                var reported = trade.faults().contains(Fault.NOTIFY_WRONG_AMOUNT) ? trade.amount() + 1 : trade.amount();
                books.pay(trade.id(), reported);
                books.log(trade.number(), "–", "paid", "", "at the till; WeChat Pay notifies nobody");
            }
        }
        if (tail.equals("0004")) throw new WechatRules.Refused(500, "SYSTEM_ERROR", "系统错误", 268435461);
        var late = books.took(trade, Fault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
        var order = wechat.order(books.trade(trade.id()));
        return new WechatGate.Answer(WechatMessages.transaction(account, order, false), late);
    }

    /** Not paid: never will be. Paid: the money goes back. */
    WechatGate.Answer reverse(Books.Account account, String number, String subMchid, JsonObject body) {
        var order = orders.find(account, number, subMchid);
        var trade = order.trade();
        if (order.detail().product() != WechatProduct.CODE) throw WechatRules.invalid("仅付款码支付的订单可以撤销", 268435461);
        if (!body.getString(subMchid.isEmpty() ? "appid" : "sp_appid", account.appId())
                .equals(account.appId())) {
            throw new WechatRules.Refused(400, "APPID_MCHID_NOT_MATCH", "appid 与 mchid 不匹配", 268445527);
        }
        var age = Duration.between(trade.createdAt(), clock.instant());
        if (age.compareTo(BEFORE_REVERSE.dividedBy(settings.simulatorHurry())) < 0) {
            throw WechatRules.invalid("请在支付15秒后再调用撤销", 268435461);
        }
        if (age.compareTo(LONGEST_REVERSE) > 0) throw WechatRules.invalid("订单超过7天，不能撤销", 268447914);
        if (order.detail().refunds() > 0) throw new WechatRules.Refused(403, "TRADE_ERROR", "订单已发生退款，不能撤销", 268435461);
        if (books.took(trade, Fault.REVERSE_ONCE_MORE)) throw stillTyping();
        for (var state : new String[] {"USERPAYING", "NOTPAY", "PAYERROR", "SUCCESS"}) {
            if (books.move(trade.id(), state, "REVOKED")) {
                books.log(number, "–", "reversed", "", state.equals("SUCCESS") ? "the payer has his money back" : "");
            }
        }
        var answer = Json.createObjectBuilder();
        body.forEach(answer::add);
        return WechatGate.Answer.of(answer.add("out_trade_no", number).build());
    }
}
