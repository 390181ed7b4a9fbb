package io.cashdesk.simulator.wxpay;

import jakarta.json.JsonObject;

/**
 * The answer to a call.
 *
 * @param body null for an answer without content (204)
 * @param late true if it is sent after the caller's time-out
 */
public record WxpayAnswer(JsonObject body, boolean late) {
    static WxpayAnswer of(JsonObject body) {
        return new WxpayAnswer(body, false);
    }

    static WxpayAnswer nothing() {
        return new WxpayAnswer(null, false);
    }
}
