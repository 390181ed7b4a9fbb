package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.simulator.Account;
import java.util.SortedMap;

/**
 * A v2 message whose signature is right.
 *
 * @param key the merchant's v2 key
 * @param signType with which it is signed; the answer is signed with the same
 */
record WxpayV2Request(
        WxpayV2Call call, Account account, String key, String signType, SortedMap<String, String> fields) {
    /** The field's value, or an empty text. */
    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    boolean has(String name) {
        return !text(name).isEmpty();
    }

    RuntimeException refused(String code, String message) {
        return call.refused(code, message);
    }
}
