package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.provider.PaymentProvider;

/** The adapter without a container, for tests of pages. */
public final class VirtualLook {
    private VirtualLook() {}

    public static PaymentProvider provider() {
        return new VirtualProvider();
    }
}
