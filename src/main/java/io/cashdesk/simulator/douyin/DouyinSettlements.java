package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.simulator.Notifier;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Settlements of both dialects. A payment is settled once, with what is left after its refunds; one that failed can be
 * requested again with another number.
 */
@ApplicationScoped
class DouyinSettlements {
    private static final Duration UNTIL_FINAL = Duration.ofSeconds(2);

    @Inject
    DouyinStore orders;

    @Inject
    DouyinSettlementStore store;

    @Inject
    DouyinRefundStore refunds;

    @Inject
    TradeStore trades;

    @Inject
    Transactions transactions;

    @Inject
    Notifier notifier;

    @Inject
    Clock clock;

    /**
     * @param others fen for other parties, which are part of what is settled
     * @param request for comparing a repetition
     * @param refusedWith the {@code err_no} of a refusal
     */
    record Request(String outSettleNo, long others, String cpExtra, String notifyUrl, String request, int refusedWith) {
        DouyinRefusal refused(String why) {
            return new DouyinRefusal(refusedWith, why);
        }
    }

    /** The settlement, or the one that was made with the same number and the same values. */
    DouyinSettlement start(DouyinOrder order, Request request) {
        return transactions.inNew(() -> accept(orders.lock(order.trade().id()), request));
    }

    private DouyinSettlement accept(DouyinOrder order, Request request) {
        var trade = order.trade();
        var known = store.byOutSettleNo(trade.accountId(), request.outSettleNo());
        if (known.isPresent()) {
            if (known.get().request().equals(request.request())
                    && known.get().tradeId().equals(trade.id())) return known.get();
            throw request.refused("开发者结算单号重复，且结算信息不一致");
        }
        if (!order.paid()) throw request.refused("订单未支付，不能结算");
        if (effective(order).isPresent()) throw request.refused("订单已结算");
        if (refunds.ofTrade(trade.id()).stream().anyMatch(r -> r.state().equals(DouyinRefund.PROCESSING))) {
            throw request.refused("订单存在处理中的退款，不能结算");
        }
        var left = left(order);
        if (left == 0) throw request.refused("订单已全额退款，没有可结算金额");
        if (request.others() > left) throw request.refused("分账金额超过可结算金额");
        var now = clock.instant();
        var settlement = new DouyinSettlement(
                Ids.next(),
                trade.accountId(),
                trade.id(),
                (order.isOf(DouyinDialect.ECPAY) ? "" : "st") + "7" + RandomText.digits(18),
                request.outSettleNo(),
                left,
                "商户分成金额(分)" + (left - request.others()) + "，其他分账方金额(分)" + request.others(),
                request.cpExtra(),
                request.notifyUrl(),
                request.request(),
                DouyinSettlement.PROCESSING,
                trade.has(DouyinFault.SETTLE_FAILS) ? DouyinSettlement.FAIL : DouyinSettlement.SUCCESS,
                now.plus(UNTIL_FINAL),
                now,
                null);
        store.add(settlement);
        return settlement;
    }

    private Optional<DouyinSettlement> effective(DouyinOrder order) {
        return store.ofTrade(order.trade().id()).stream()
                .filter(s -> !s.state().equals(DouyinSettlement.FAIL))
                .findFirst();
    }

    /** Fen that are not refunded. */
    private long left(DouyinOrder order) {
        return order.trade().amount()
                - refunds.ofTrade(order.trade().id()).stream()
                        .filter(r -> !r.state().equals(DouyinRefund.CLOSED))
                        .mapToLong(DouyinRefund::amount)
                        .sum();
    }

    /** Fen that are paid, not refunded and not settled. */
    long unsettled(DouyinOrder order) {
        return order.paid() && effective(order).isEmpty() ? left(order) : 0;
    }

    /** The settlement as it is now. */
    DouyinSettlement current(DouyinSettlement settlement) {
        var due = settlement.settlesAt() != null && !settlement.settlesAt().isAfter(clock.instant());
        if (due
                && store.end(settlement.id(), settlement.outcome())
                && !settlement.notifyUrl().isEmpty()) {
            notifier.announce(trades.get(settlement.tradeId()), settlement.id(), settlement.outcome());
        }
        return store.get(settlement.id());
    }

    void settleDue() {
        store.due().forEach(this::current);
    }
}
