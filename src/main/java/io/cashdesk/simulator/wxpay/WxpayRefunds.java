package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Notifier;
import io.cashdesk.simulator.Payers;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * Refunds: accepted first, settled two seconds later, reported to the merchant if the request has an address.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791883">refunds</a>
 */
@ApplicationScoped
public class WxpayRefunds {
    private static final Duration UNTIL_SETTLED = Duration.ofSeconds(2);

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayPlatform platform;

    @Inject
    WxpayRefundStore refundStore;

    @Inject
    Notifier notifier;

    @Inject
    Payers payers;

    @Inject
    Clock clock;

    public WxpayAnswer create(Account account, JsonObject body) {
        var request = WxpayRefundRequest.read(body);
        var known = refundStore.find(account.id(), request.number());
        if (known.isPresent()) {
            if (trades.takeFault(trades.get(known.get().tradeId()), CommonFault.REFUND_REPETITION_LIMITED)) {
                throw tooMany();
            }
            return same(known.get(), body);
        }
        var order = order(account, request);
        check(order, request);
        var trade = order.trade();
        if (trade.has(CommonFault.REFUND_NOT_ENOUGH)) {
            throw new WxpayRefusal(403, "NOT_ENOUGH", "商户余额不足", WxpayRefusal.GENERAL);
        }
        if (trades.takeFault(trade, CommonFault.REFUND_FREQUENCY_LIMITED)) throw tooMany();
        var refund = refund(account, order, request, body);
        orderStore.add(order.detail());
        try {
            if (!refundStore.add(refund, trade.reported())) {
                throw WxpayRefusal.invalid("订单可退款余额不足，或部分退款超过50次", WxpayRefusal.GENERAL);
            }
        } catch (IllegalStateException taken) { // by a call with the same number at the same moment
            return same(refundStore.find(account.id(), request.number()).orElseThrow(() -> taken), body);
        }
        log.add(Exchange.event(
                trade, Exchange.Event.REFUND_ACCEPTED, refund.number() + " ¥" + Yuan.grouped(refund.amount())));
        var late = trades.takeFault(trades.get(trade.id()), CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING);
        return new WxpayAnswer(WxpayObjects.refund(order, refund), late);
    }

    private static WxpayRefusal tooMany() {
        return new WxpayRefusal(429, "FREQUENCY_LIMITED", "频率超限，请稍后重试", 268447840);
    }

    private WxpayAnswer same(WxpayRefund refund, JsonObject body) {
        if (!WxpayOrders.json(refund.request()).equals(body)) {
            throw WxpayRefusal.invalid("退款单号已使用，且参数与首次请求时不一致", 268498688);
        }
        return WxpayAnswer.of(answer(current(refund)));
    }

    private JsonObject answer(WxpayRefund refund) {
        return WxpayObjects.refund(orderStore.withDetail(trades.get(refund.tradeId())), refund);
    }

    private WxpayOrder order(Account account, WxpayRefundRequest request) {
        var trade = request.transactionId().isEmpty()
                ? trades.find(account.id(), request.outTradeNo())
                : trades.paidByTransactionId(account.id(), request.transactionId());
        var order = trade.filter(t -> t.state().equals("SUCCESS"))
                .map(orderStore::withDetail)
                .orElseThrow(() -> new WxpayRefusal(404, "RESOURCE_NOT_EXISTS", "订单不存在或未支付", 268512771));
        if (order.detail().partner() && request.subMchid().isEmpty()) {
            throw WxpayRefusal.parameter("sub_mchid", "missing");
        }
        if (!order.detail().subMchid().equals(request.subMchid())) {
            throw new WxpayRefusal(404, "RESOURCE_NOT_EXISTS", "子商户没有这笔订单", 268447845);
        }
        return order;
    }

    private void check(WxpayOrder order, WxpayRefundRequest request) {
        var trade = order.trade();
        if (request.total() != trade.reported()) {
            throw WxpayRefusal.invalid("订单金额与原订单不一致", WxpayRefusal.GENERAL);
        }
        var aYearAgo = clock.instant().atOffset(ZoneOffset.ofHours(8)).minusYears(1);
        if (trade.paidAt().isBefore(aYearAgo.toInstant())) {
            throw WxpayRefusal.invalid("订单已超过可退款的最大期限（支付完成后一年内）", 268447914);
        }
    }

    private WxpayRefund refund(Account account, WxpayOrder order, WxpayRefundRequest request, JsonObject body) {
        var now = clock.instant();
        var trade = order.trade();
        var outcome = trade.has(WxpayFault.REFUND_ABNORMAL)
                ? "ABNORMAL"
                : trade.has(CommonFault.REFUND_CLOSED) ? "CLOSED" : "SUCCESS";
        return new WxpayRefund(
                Ids.next(),
                account.id(),
                trade.id(),
                request.number(),
                number(now),
                request.amount(),
                body.toString(),
                request.notifyUrl(),
                "PROCESSING",
                outcome,
                trade.has(WxpayFault.REFUND_SLOW) ? null : now.plus(UNTIL_SETTLED),
                now,
                null);
    }

    private static String number(Instant now) {
        var day = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).format(now.atOffset(ZoneOffset.ofHours(8)));
        return "503" + RandomText.digits(8) + day + RandomText.digits(10);
    }

    WxpayAnswer query(Account account, String number, String subMchid) {
        var refund = refundStore.find(account.id(), number).orElseThrow(WxpayRefunds::unknown);
        var order = orderStore.withDetail(trades.get(refund.tradeId()));
        if (!order.detail().subMchid().equals(subMchid == null ? "" : subMchid)) throw unknown();
        if (trades.takeFault(order.trade(), CommonFault.REFUND_FOUND_LATE)) throw unknown();
        return WxpayAnswer.of(answer(current(refund)));
    }

    private static WxpayRefusal unknown() {
        return new WxpayRefusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在", 268512771);
    }

    /** The refund as it is now; it is settled first if that is due. */
    public WxpayRefund current(WxpayRefund refund) {
        var due = refund.settlesAt() != null && !refund.settlesAt().isAfter(clock.instant());
        if (due) settle(refund, Set.of("PROCESSING"), refund.outcome());
        return refundStore.get(refund.id());
    }

    /** Settles a refund and notifies the merchant; returns false if it is in none of the states {@code from}. */
    boolean settle(WxpayRefund refund, Set<String> from, String state) {
        if (!refundStore.settle(refund, from, state)) return false;
        var trade = trades.get(refund.tradeId());
        log.add(Exchange.event(
                trade,
                Exchange.Event.valueOf("REFUND_" + state),
                refund.number() + " ¥" + Yuan.grouped(refund.amount())));
        if (state.equals("SUCCESS")) payers.refund(trade, refund.amount());
        if (!refund.notifyUrl().isEmpty()) notifier.announce(trade, refund.id(), state);
        return true;
    }

    /**
     * The merchant names another destination for an abnormal refund.
     *
     * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791904">abnormal refunds</a>
     */
    WxpayAnswer redirect(Account account, String refundId, String serial, JsonObject body) {
        WxpayFields.checkAbnormalRefund(body);
        var refund = refundStore.byRefundId(account.id(), refundId).orElseThrow(WxpayRefunds::unknown);
        var order = orderStore.withDetail(trades.get(refund.tradeId()));
        if (!refund.number().equals(body.getString("out_refund_no"))
                || !order.detail().subMchid().equals(body.getString("sub_mchid", ""))) throw unknown();
        if (!current(refund).state().equals("ABNORMAL")) throw WxpayRefusal.invalid("退款单不是异常状态", WxpayRefusal.GENERAL);
        for (var name : new String[] {"bank_account", "real_name"}) {
            if (body.containsKey(name)) checkEncrypted(name, body.getString(name), serial);
        }
        refundStore.settleLater(refund.id(), "SUCCESS", clock.instant().plus(UNTIL_SETTLED));
        return WxpayAnswer.of(answer(refundStore.get(refund.id())));
    }

    /** Personal data must be encrypted with the key that the request names. */
    private void checkEncrypted(String name, String encrypted, String serial) {
        if (!platform.canDecrypt(encrypted, serial)) throw WxpayRefusal.parameter(name, "cannot be decrypted");
    }
}
