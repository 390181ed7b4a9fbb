package io.cashdesk.provider;

/**
 * One attempt as its provider knows it.
 *
 * @param payType the product
 * @param attemptNo the number it carries there
 * @param sub on whose behalf it was made
 * @param providerNo the provider's own number of it ({@link Creates.Created}), or an empty text if it has said none
 * @param openid who was to pay, or an empty text where the product needs none
 */
public record AttemptRef(PayType payType, String attemptNo, SubMerchant sub, String providerNo, String openid) {
    /** Of a provider that knows it by the number that we gave, and of a payer who need not be known. */
    public AttemptRef(PayType payType, String attemptNo, SubMerchant sub) {
        this(payType, attemptNo, sub, "", "");
    }
}
