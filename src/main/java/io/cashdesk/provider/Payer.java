package io.cashdesk.provider;

/**
 * What a provider may need to know of the payer.
 *
 * @param clientIp his address as far as we know it
 * @param openid who he is to the wallet, or an empty text where the product does not ask
 * @param screen where he will see what we hand out
 */
public record Payer(String clientIp, String openid, Screen screen) {
    /** Where a payer meets a payment. */
    public enum Screen {
        /** A code for his wallet's camera, on any screen or on paper. */
        CODE,
        /** A browser on a desk. */
        PC,
        /** A browser on a phone. */
        PHONE,
        /** An app or a mini-program. */
        APP
    }
}
