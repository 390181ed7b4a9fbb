package io.cashdesk.simulator.vkspay;

import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The state of an order as epay sites number it. */
@ApplicationScoped
class EpayStatus {
    static final int UNPAID = 0;
    static final int PAID = 1;
    static final int REFUNDED = 2;

    @Inject
    TradeStore trades;

    @Inject
    VkspayRefunds refunds;

    /** REFUNDED after any refund, also of a part. A closed order is UNPAID. */
    int of(Trade trade) {
        if (trade.paidAt() == null) return UNPAID;
        if (refunds.refunded(trade) == 0) return PAID;
        return trades.takeFault(trade, CommonFault.REFUND_FOUND_LATE) ? PAID : REFUNDED;
    }
}
