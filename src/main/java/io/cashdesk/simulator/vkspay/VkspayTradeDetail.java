package io.cashdesk.simulator.vkspay;

import java.util.UUID;

/**
 * What only VksPay stores of a trade.
 *
 * @param wallet wxpay, alipay, or an empty text: the payer chooses
 * @param param returned with notifications, or an empty text
 * @param returnUrl where the payer goes after the payment, or an empty text
 */
record VkspayTradeDetail(
        UUID tradeId, VkspayDialect dialect, String wallet, String param, String returnUrl, String clientIp) {}
