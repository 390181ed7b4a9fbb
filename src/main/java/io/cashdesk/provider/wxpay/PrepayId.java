package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.SubMerchant;

/**
 * An order that was created and that a wallet opens. It is stored as the prompt's handle, from which the wallet
 * parameters are signed again whenever they are handed out.
 *
 * @param appId the application that opens the cashier: the sub-merchant's if it has one, otherwise the account's
 * @param value WeChat Pay's {@code prepay_id}; valid for two hours
 */
record PrepayId(String appId, String value) {
    static PrepayId of(String accountAppId, SubMerchant sub, String value) {
        return new PrepayId(sub.appId().isEmpty() ? accountAppId : sub.appId(), value);
    }

    static PrepayId parse(String handle) {
        var space = handle.indexOf(' ');
        return new PrepayId(handle.substring(0, space), handle.substring(space + 1));
    }

    String handle() {
        return appId + " " + value;
    }
}
