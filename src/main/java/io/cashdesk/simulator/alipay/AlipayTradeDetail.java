package io.cashdesk.simulator.alipay;

import java.time.Instant;
import java.util.UUID;

/**
 * What Alipay stores of a trade beside {@link io.cashdesk.simulator.Trade}.
 *
 * @param appId the application that made it for another seller, or an empty text for the seller's own
 * @param returnUrl where the browser goes after payment, or an empty text
 * @param quitUrl where it goes when the payer gives up, or an empty text
 * @param decidesAt when a payer who was asked for a confirmation decides, or null
 * @param decision PAY, CLOSE, or null
 * @param watchAt when to check whether its end is to be reported, or null
 * @param closedAt when it was found to be closed, or null
 */
record AlipayTradeDetail(
        UUID tradeId,
        AlipayProduct product,
        String appId,
        String returnUrl,
        String quitUrl,
        Instant decidesAt,
        String decision,
        Instant watchAt,
        Instant closedAt) {}
