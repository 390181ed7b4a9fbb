package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.Trade;
import java.time.Instant;
import java.util.UUID;

/** An order of virtual payment: the trade, and what virtual payment stores of it. */
record VirtualOrder(Trade trade, Detail detail) {
    /**
     * @param wxOrderId WeChat's own number
     * @param channelOrderId the merchant's number in the payer's bill
     * @param env 0 production, 1 sandbox
     * @param productId an empty text for coins
     * @param origPrice fen a piece without a promotion; 0 for coins
     * @param providing empty, DELIVERING or DELIVERED
     * @param providedAt null until it is delivered
     */
    record Detail(
            UUID tradeId,
            String wxOrderId,
            String channelOrderId,
            String openid,
            int env,
            String productId,
            long quantity,
            long origPrice,
            String attach,
            String providing,
            Instant providedAt) {
        static final String DELIVERING = "DELIVERING";
        static final String DELIVERED = "DELIVERED";

        boolean coins() {
            return productId.isEmpty();
        }
    }

    boolean paid() {
        return trade.state().equals("SUCCESS");
    }
}
