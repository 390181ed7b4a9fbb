package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Refunds of both dialects: accepted first, final two seconds later, reported by a callback. In the general trade
 * system a payer can request one, which the merchant accepts or denies within three days; then the platform accepts it.
 */
@ApplicationScoped
class DouyinRefunds {
    private static final Duration UNTIL_FINAL = Duration.ofSeconds(2);
    static final Duration TO_DECIDE = Duration.ofDays(3);
    private static final Duration REFUNDABLE = Duration.ofDays(365);
    private static final int MOST = 50;
    private static final int MOST_OF_ALIPAY = 300;
    private static final int ALIPAY = 2;

    @Inject
    DouyinStore orders;

    @Inject
    DouyinRefundStore store;

    @Inject
    DouyinSettlementStore settlements;

    @Inject
    TradeStore trades;

    @Inject
    Transactions transactions;

    @Inject
    Notifier notifier;

    @Inject
    Payers payers;

    @Inject
    ExchangeLog log;

    @Inject
    Clock clock;

    /**
     * A refund that is requested.
     *
     * @param outRefundNo the merchant's number; empty: the payer requests it
     * @param amount fen
     * @param request for comparing a repetition
     * @param refusedWith the {@code err_no} of a refusal
     */
    record Request(
            String outRefundNo,
            long amount,
            String reason,
            String cpExtra,
            String notifyUrl,
            String request,
            int refusedWith) {
        boolean byPayer() {
            return outRefundNo.isEmpty();
        }

        DouyinRefusal refused(String why) {
            return new DouyinRefusal(refusedWith, why);
        }
    }

    /** The refund, or the one that was made with the same number and the same values. */
    DouyinRefund start(DouyinOrder order, Request request) {
        var trade = order.trade();
        var known = known(order, request);
        if (known.isPresent()) {
            if (trades.takeFault(trade, CommonFault.REFUND_REPETITION_LIMITED)) throw request.refused("请求过于频繁");
            return known.get();
        }
        if (trades.takeFault(trade, CommonFault.REFUND_FREQUENCY_LIMITED)) throw request.refused("请求过于频繁");
        var refund = transactions.inNew(() -> accept(orders.lock(trade.id()), request));
        log.add(Exchange.event(
                trade, Exchange.Event.REFUND_ACCEPTED, refund.refundNo() + " ¥" + Yuan.grouped(refund.amount())));
        if (request.byPayer() && !refund.notifyUrl().isEmpty()) {
            notifier.announce(trades.get(trade.id()), refund.id(), DouyinRefund.REQUESTED);
        }
        return refund;
    }

    private Optional<DouyinRefund> known(DouyinOrder order, Request request) {
        var known = store.byOutRefundNo(order.trade().accountId(), request.outRefundNo());
        if (known.filter(r -> !r.request().equals(request.request())
                        || !r.tradeId().equals(order.trade().id()))
                .isPresent()) {
            throw request.refused("开发者退款单号重复，且退款信息不一致");
        }
        return known;
    }

    private DouyinRefund accept(DouyinOrder order, Request request) {
        var meanwhile = known(order, request);
        if (meanwhile.isPresent()) return meanwhile.get();
        var trade = order.trade();
        var now = clock.instant();
        if (!order.paid()) throw request.refused("订单未支付，不能退款");
        if (now.isAfter(trade.paidAt().plus(REFUNDABLE))) throw request.refused("订单支付已超过一年，不能退款");
        if (trade.has(CommonFault.REFUND_NOT_ENOUGH)) throw request.refused("商户余额不足，退款失败");
        var others = store.ofTrade(trade.id());
        if (others.size() >= (order.detail().way() == ALIPAY ? MOST_OF_ALIPAY : MOST)) {
            throw request.refused("退款次数超过限制");
        }
        if (request.amount() > left(order)) throw request.refused("退款金额超过订单可退金额");
        var waits = request.byPayer() || trade.has(DouyinFault.REFUND_SLOW);
        var refund = new DouyinRefund(
                Ids.next(),
                trade.accountId(),
                trade.id(),
                (order.isOf(DouyinDialect.ECPAY) ? "" : "or") + "7" + RandomText.digits(18),
                request.outRefundNo(),
                request.amount(),
                request.reason(),
                request.cpExtra(),
                request.notifyUrl(),
                request.request(),
                settlements.ofTrade(trade.id()).stream()
                        .anyMatch(s -> !s.state().equals(DouyinSettlement.FAIL)),
                request.byPayer() ? DouyinRefund.TO_AUDIT : DouyinRefund.NONE,
                now.plus(TO_DECIDE),
                "",
                DouyinRefund.PROCESSING,
                trade.has(CommonFault.REFUND_CLOSED) ? DouyinRefund.CLOSED : DouyinRefund.SUCCESS,
                waits ? null : now.plus(UNTIL_FINAL),
                now,
                null);
        store.add(refund);
        return refund;
    }

    /** Fen that are not refunded and not being refunded. */
    long left(DouyinOrder order) {
        return order.trade().amount()
                - store.ofTrade(order.trade().id()).stream()
                        .filter(r -> !r.state().equals(DouyinRefund.CLOSED))
                        .mapToLong(DouyinRefund::amount)
                        .sum();
    }

    /** The merchant decides about a payer's request. The same decision again changes nothing. */
    void decide(DouyinRefund refund, boolean accepted, String denyMessage) {
        var audit = accepted ? DouyinRefund.AGREE : DouyinRefund.DENY;
        var now = store.find(refund.id()).orElseThrow();
        if ((!now.byPayer() && accepted) || now.audit().equals(audit)) return;
        if (!decided(now, audit, denyMessage)) {
            throw new DouyinRefusal(DouyinRefusal.REVERSE_TRADE, "[20001] 退款单已审核");
        }
    }

    private boolean decided(DouyinRefund refund, String audit, String denyMessage) {
        var accepted = audit.equals(DouyinRefund.AGREE);
        var slow = trades.get(refund.tradeId()).has(DouyinFault.REFUND_SLOW);
        Instant finalAt = accepted && !slow ? clock.instant().plus(UNTIL_FINAL) : null;
        if (!store.decide(refund.id(), audit, denyMessage, finalAt)) return false;
        if (!accepted && store.settle(refund.id(), DouyinRefund.CLOSED)) {
            log.add(Exchange.event(
                    trades.get(refund.tradeId()),
                    Exchange.Event.REFUND_CLOSED,
                    refund.refundNo() + " ¥" + Yuan.grouped(refund.amount())));
        }
        return true;
    }

    /** The refund as it is now. */
    DouyinRefund current(DouyinRefund refund) {
        var now = clock.instant();
        if (refund.audit().equals(DouyinRefund.TO_AUDIT) && !refund.auditUntil().isAfter(now)) {
            decided(refund, DouyinRefund.AGREE, "");
        }
        if (refund.settlesAt() != null && !refund.settlesAt().isAfter(now)) settle(refund, refund.outcome());
        return store.find(refund.id()).orElseThrow();
    }

    /** Settles a refund and reports it; returns false if it is not in progress (any more). */
    boolean settle(DouyinRefund refund, String state) {
        if (!store.settle(refund.id(), state)) return false;
        var trade = trades.get(refund.tradeId());
        log.add(Exchange.event(
                trade,
                Exchange.Event.valueOf("REFUND_" + state),
                refund.refundNo() + " ¥" + Yuan.grouped(refund.amount())));
        if (state.equals(DouyinRefund.SUCCESS)) payers.refund(trade, refund.amount());
        if (!refund.notifyUrl().isEmpty()) notifier.announce(trade, refund.id(), state);
        return true;
    }

    void settleDue() {
        store.undecided().forEach(this::current);
        store.due().forEach(this::current);
    }
}
