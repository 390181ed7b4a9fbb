package io.cashdesk.handler;

import jakarta.json.JsonObject;

/**
 * An order that was paid, as a {@link PaidHandler} sees it. The provider's signature, the merchant and the amount were checked.
 *
 * @param outTradeNo the merchant's number
 * @param totalFee what was paid, in fen
 * @param test whether it was paid with the simulator's money: do not deliver for it
 * @param data the whole record, as webhooks carry it: {@code docs/api.md}; the keys of {@code custom} stand beside the others
 */
public record PaidOrder(String pid, String outTradeNo, String type, long totalFee, boolean test, JsonObject data) {}
