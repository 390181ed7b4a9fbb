package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * WeChat Pay's refunds: accepted first, settled a moment later, told to the merchant if he gave an address.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791883">refunds</a>
 */
@ApplicationScoped
class WechatRefunds {
    private static final Duration UNTIL_SETTLED = Duration.ofSeconds(2);

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Notifier notifier;

    @Inject
    Clock clock;

    WechatGate.Answer create(Books.Account account, JsonObject body) {
        var wanted = WechatRules.refund(body);
        var known = wechat.refund(account.id(), wanted.number());
        if (known.isPresent()) return same(known.get(), body);
        var order = order(account, wanted);
        check(order, wanted);
        var trade = order.trade();
        if (trade.faults().contains(Fault.REFUND_NOT_ENOUGH)) {
            throw new WechatRules.Refused(403, "NOT_ENOUGH", "商户余额不足", 268435461);
        }
        if (books.took(trade, Fault.REFUND_FREQUENCY_LIMITED)) {
            throw new WechatRules.Refused(429, "FREQUENCY_LIMITED", "频率超限，请稍后重试", 268447840);
        }
        var refund = refund(account, order, wanted, body);
        wechat.add(order.detail());
        try {
            if (!wechat.add(refund, trade.reported())) {
                throw WechatRules.invalid("订单可退款余额不足，或部分退款超过50次", 268435461);
            }
        } catch (IllegalStateException taken) { // by a call with the same number at the same moment
            return same(wechat.refund(account.id(), wanted.number()).orElseThrow(() -> taken), body);
        }
        books.log(trade.number(), "–", "refund accepted", refund.number(), refund.amount() + " fen");
        var late = books.took(books.trade(trade.id()), Fault.REFUND_TIMES_OUT_AFTER_ACCEPTING);
        return new WechatGate.Answer(WechatMessages.refund(order, refund), late);
    }

    private WechatGate.Answer same(WechatBooks.Refund refund, JsonObject body) {
        if (!WechatOrders.json(refund.request()).equals(body)) {
            throw WechatRules.invalid("退款单号已使用，且参数与首次请求时不一致", 268498688);
        }
        return WechatGate.Answer.of(told(current(refund)));
    }

    private JsonObject told(WechatBooks.Refund refund) {
        return WechatMessages.refund(wechat.order(books.trade(refund.tradeId())), refund);
    }

    private WechatBooks.Order order(Books.Account account, WechatRules.Refund wanted) {
        var trade = wanted.transactionId().isEmpty()
                ? books.trade(account.id(), wanted.outTradeNo())
                : books.tradeByTransaction(account.id(), wanted.transactionId());
        var order = trade.filter(t -> t.state().equals("SUCCESS"))
                .map(wechat::order)
                .orElseThrow(() -> new WechatRules.Refused(404, "RESOURCE_NOT_EXISTS", "订单不存在或未支付", 268512771));
        if (order.detail().partner() && wanted.subMchid().isEmpty()) {
            throw WechatRules.parameter("sub_mchid", "missing");
        }
        if (!order.detail().subMchid().equals(wanted.subMchid())) {
            throw new WechatRules.Refused(404, "RESOURCE_NOT_EXISTS", "子商户没有这笔订单", 268447845);
        }
        return order;
    }

    private void check(WechatBooks.Order order, WechatRules.Refund wanted) {
        var trade = order.trade();
        if (wanted.total() != trade.reported()) {
            throw WechatRules.invalid("订单金额与原订单不一致", 268435461);
        }
        var aYearAgo = clock.instant().atOffset(ZoneOffset.ofHours(8)).minusYears(1);
        if (trade.paidAt().isBefore(aYearAgo.toInstant())) {
            throw WechatRules.invalid("订单已超过可退款的最大期限（支付完成后一年内）", 268447914);
        }
    }

    private WechatBooks.Refund refund(
            Books.Account account, WechatBooks.Order order, WechatRules.Refund wanted, JsonObject body) {
        var now = clock.instant();
        var faults = order.trade().faults();
        var outcome = faults.contains(Fault.REFUND_ABNORMAL)
                ? "ABNORMAL"
                : faults.contains(Fault.REFUND_CLOSED) ? "CLOSED" : "SUCCESS";
        return new WechatBooks.Refund(
                Ids.next(),
                account.id(),
                order.trade().id(),
                wanted.number(),
                number(now),
                wanted.amount(),
                body.toString(),
                wanted.notifyUrl(),
                "PROCESSING",
                outcome,
                faults.contains(Fault.REFUND_SLOW) ? null : now.plus(UNTIL_SETTLED),
                now,
                null);
    }

    private static String number(Instant now) {
        var day = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).format(now.atOffset(ZoneOffset.ofHours(8)));
        return "503" + Keys.digits(8) + day + Keys.digits(10);
    }

    WechatGate.Answer query(Books.Account account, String number, String subMchid) {
        var refund = wechat.refund(account.id(), number).orElseThrow(WechatRefunds::unknown);
        var order = wechat.order(books.trade(refund.tradeId()));
        if (!order.detail().subMchid().equals(subMchid == null ? "" : subMchid)) throw unknown();
        return WechatGate.Answer.of(told(current(refund)));
    }

    private static WechatRules.Refused unknown() {
        return new WechatRules.Refused(404, "RESOURCE_NOT_EXISTS", "退款单不存在", 268512771);
    }

    /** The refund as it is now: settled if its moment has come, whoever looks first. */
    WechatBooks.Refund current(WechatBooks.Refund refund) {
        var due = refund.settlesAt() != null && !refund.settlesAt().isAfter(clock.instant());
        if (due) settle(refund, Set.of("PROCESSING"), refund.outcome());
        return wechat.refund(refund.id());
    }

    /** Ends a refund and tells the merchant; false if it was not in one of these states any more. */
    boolean settle(WechatBooks.Refund refund, Set<String> from, String state) {
        if (!wechat.settle(refund, from, state)) return false;
        var trade = books.trade(refund.tradeId());
        books.log(trade.number(), "–", "refund " + state.toLowerCase(Locale.ROOT), refund.number(), "");
        if (!refund.notifyUrl().isEmpty()) notifier.announce(trade, refund.id(), state);
        return true;
    }

    /**
     * The merchant says where an abnormal refund shall go instead.
     *
     * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791904">abnormal refunds</a>
     */
    WechatGate.Answer redirect(Books.Account account, String refundId, String serial, JsonObject body) {
        WechatRules.abnormal(body);
        var refund = wechat.refundById(account.id(), refundId).orElseThrow(WechatRefunds::unknown);
        var order = wechat.order(books.trade(refund.tradeId()));
        if (!refund.number().equals(body.getString("out_refund_no"))
                || !order.detail().subMchid().equals(body.getString("sub_mchid", ""))) throw unknown();
        if (!current(refund).state().equals("ABNORMAL")) throw WechatRules.invalid("退款单不是异常状态", 268435461);
        for (var name : new String[] {"bank_account", "real_name"}) {
            if (body.containsKey(name)) checkSealed(name, body.getString(name), serial);
        }
        wechat.settleLater(refund.id(), "SUCCESS", clock.instant().plus(UNTIL_SETTLED));
        return WechatGate.Answer.of(told(wechat.refund(refund.id())));
    }

    /** Personal data come encrypted, with the key that the request names. */
    private void checkSealed(String name, String sealed, String serial) {
        for (var platform : new String[] {"wxpay", SimulatedAccounts.WXPAY_CERTIFICATE}) {
            var keys = accounts.platform(platform);
            var id = platform.equals("wxpay") ? keys.publicKeyId() : keys.serial();
            if (id.equals(serial) && Keys.opens(sealed, keys.privateKey())) return;
        }
        throw new WechatRules.Refused(
                400,
                "PARAM_ERROR",
                "参数错误",
                Map.of("field", "/" + name, "issue", "cannot be decrypted", "location", "body"));
    }
}
