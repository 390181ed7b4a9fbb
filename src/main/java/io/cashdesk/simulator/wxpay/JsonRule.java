package io.cashdesk.simulator.wxpay;

import jakarta.json.JsonValue;

/** What a field of a JSON object may be. */
interface JsonRule {
    /**
     * Refuses a value that the field may not have.
     *
     * @param path of the field in the body, for example {@code amount/total}
     * @throws WxpayRefusal PARAM_ERROR
     */
    void check(String path, JsonValue value);
}
