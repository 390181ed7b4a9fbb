package io.cashdesk.simulator.vkspay;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Payers;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;

/**
 * Refunds of all dialects. They are final at once. Epay V2's number makes a request repeatable; the others have none.
 */
@ApplicationScoped
class VkspayRefunds {
    @Inject
    VkspayStore store;

    @Inject
    ExchangeLog log;

    @Inject
    Payers payers;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    private record Accepted(VkspayRefund refund, boolean fresh) {}

    /**
     * Refunds, or finds the refund with this number.
     *
     * @param outRefundNo the merchant's number, or an empty text
     * @param prefix of the gateway's number
     */
    VkspayRefund refund(Trade trade, VkspayDialect dialect, String outRefundNo, long fen, String prefix) {
        var accepted = transactions.inNew(() -> accept(trade, dialect, outRefundNo, fen, prefix));
        var refund = accepted.refund();
        if (accepted.fresh() && refund.succeeded()) {
            payers.refund(trade, fen);
            log.add(Exchange.event(trade, Exchange.Event.REFUND_SUCCESS, refund.refundNo() + " ¥" + Yuan.grouped(fen)));
        }
        return refund;
    }

    private Accepted accept(Trade given, VkspayDialect dialect, String outRefundNo, long fen, String prefix) {
        var trade = store.lock(given.id());
        var known = outRefundNo.isEmpty()
                ? Optional.<VkspayRefund>empty()
                : store.refund(trade.accountId(), "", outRefundNo);
        if (known.isPresent()) {
            if (known.get().amount() != fen || !known.get().tradeId().equals(trade.id())) {
                throw VkspayRefusal.of("商户退款单号已存在，且退款信息不一致");
            }
            return new Accepted(known.get(), false);
        }
        check(trade, dialect, fen);
        // epay V1 shows no refund that fails later
        var fails = trade.has(CommonFault.REFUND_CLOSED) && dialect != VkspayDialect.EPAY_V1;
        var number = prefix + VkspayFormat.digits(clock.instant()) + RandomText.digits(6);
        var refund = new VkspayRefund(
                Ids.next(), trade.id(), number, outRefundNo, fen, fails ? "CLOSED" : "SUCCESS", clock.instant());
        store.add(refund);
        return new Accepted(refund, true);
    }

    private void check(Trade trade, VkspayDialect dialect, long fen) {
        if (trade.has(VkspayFault.REFUND_NOT_ENABLED)) {
            throw VkspayRefusal.of(VkspayRefusal.NO_REFUNDS, "商户未开启订单退款API接口");
        }
        if (!trade.state().equals("SUCCESS")) throw VkspayRefusal.of("订单未支付，不能退款");
        var refunds = store.refunds(trade.id());
        if (dialect == VkspayDialect.EPAY_V1 && !refunds.isEmpty()) throw VkspayRefusal.of("订单已退款，不能重复退款");
        if (fen > trade.amount() - refunded(trade)) throw VkspayRefusal.of("退款金额不能大于订单可退金额");
        if (trade.has(CommonFault.REFUND_NOT_ENOUGH)) throw VkspayRefusal.of("商户余额不足，请先充值");
    }

    /** Fen that the payer has back. */
    long refunded(Trade trade) {
        return store.refunds(trade.id()).stream()
                .filter(VkspayRefund::succeeded)
                .mapToLong(VkspayRefund::amount)
                .sum();
    }
}
