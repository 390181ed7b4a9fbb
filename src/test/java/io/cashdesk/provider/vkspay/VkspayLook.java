package io.cashdesk.provider.vkspay;

import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Presentation;

/** The adapter's presentation, for tests of pages. */
public final class VkspayLook {
    private VkspayLook() {}

    /** @param payMethod an empty text: any wallet */
    public static Presentation of(String payMethod) {
        return VkspayPresentation.of(payMethod);
    }

    /** The adapter without a container. */
    public static PaymentProvider provider() {
        return new VkspayProvider();
    }
}
