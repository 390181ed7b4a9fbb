package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Presentation;

/** The adapter's presentation, for tests of pages. */
public final class WxpayLook {
    public static final Presentation WXPAY = WxpayPresentation.WXPAY;

    private WxpayLook() {}

    /** The adapter without a container. */
    public static PaymentProvider provider() {
        return new WxpayProvider();
    }
}
