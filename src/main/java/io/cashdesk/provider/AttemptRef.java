package io.cashdesk.provider;

/**
 * One try as its provider knows it.
 *
 * @param payType the product, as in the API: "wxpay_h5", "alipay_codepay"
 * @param attemptNo the number it carries there
 * @param sub on whose behalf it was made
 */
public record AttemptRef(String payType, String attemptNo, SubMerchant sub) {}
