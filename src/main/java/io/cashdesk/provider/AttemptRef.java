package io.cashdesk.provider;

/**
 * One attempt as its provider knows it.
 *
 * @param payType the product
 * @param attemptNo the number it carries there
 * @param sub on whose behalf it was made
 * @param providerNo the provider's own number of it ({@link Creates.Created}), or an empty text if it has said none
 * @param openid who was to pay, or an empty text where the product needs none
 * @param environment in which of the provider's environments it was made ({@link Creates#environment}), or an empty
 *     text
 */
public record AttemptRef(
        PayType payType, String attemptNo, SubMerchant sub, String providerNo, String openid, String environment) {
    /** Of a provider with one environment. */
    public AttemptRef(PayType payType, String attemptNo, SubMerchant sub, String providerNo, String openid) {
        this(payType, attemptNo, sub, providerNo, openid, "");
    }

    /** Of a provider that knows it by the number that we gave, and of a payer who need not be known. */
    public AttemptRef(PayType payType, String attemptNo, SubMerchant sub) {
        this(payType, attemptNo, sub, "", "");
    }
}
