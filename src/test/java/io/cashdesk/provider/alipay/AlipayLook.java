package io.cashdesk.provider.alipay;

import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Presentation;

/** The adapter's presentation, for tests of pages. */
public final class AlipayLook {
    public static final Presentation ALIPAY = AlipayPresentation.ALIPAY;

    private AlipayLook() {}

    /** The adapter without a container. */
    public static PaymentProvider provider() {
        return new AlipayProvider();
    }
}
