package io.cashdesk.provider;

/**
 * What a provider may need to know of the payer.
 *
 * @param clientIp the payer's IP address, as far as it is known
 * @param openid the payer's id in the wallet, or an empty text where the product needs none
 * @param screen where the payer sees what is created
 * @param payMethod with which of the provider's {@link PaymentProvider#payMethods()}, or an empty text: with any
 */
public record Payer(String clientIp, String openid, Screen screen, String payMethod) {
    /** Of a provider that is one wallet, or with any of its wallets. */
    public Payer(String clientIp, String openid, Screen screen) {
        this(clientIp, openid, screen, "");
    }

    /** Where a payer meets a payment. */
    public enum Screen {
        /** A code for the wallet's camera, on any screen or on paper. */
        CODE,
        /** A browser on a desk. */
        PC,
        /** A browser on a phone. */
        PHONE,
        /** An app or a mini-program. */
        APP
    }
}
