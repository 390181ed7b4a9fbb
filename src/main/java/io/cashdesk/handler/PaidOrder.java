package io.cashdesk.handler;

import jakarta.json.JsonObject;

/**
 * An order that was paid, as a {@link PaidHandler} gets it. The provider's signature, the merchant and the amount were
 * checked.
 *
 * @param outTradeNo the merchant's number
 * @param totalFee what was paid, in fen
 * @param test whether it was paid at the simulator: deliver nothing for it
 * @param data the whole order, as webhooks carry it ({@code docs/api.md}, "Webhooks"); the keys of {@code custom}
 *     beside the others
 */
public record PaidOrder(String pid, String outTradeNo, String type, long totalFee, boolean test, JsonObject data) {}
