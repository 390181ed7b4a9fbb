package io.cashdesk.provider;

/**
 * One attempt as its provider knows it.
 *
 * @param payType the product
 * @param attemptNo the number it carries there
 * @param sub on whose behalf it was made
 */
public record AttemptRef(PayType payType, String attemptNo, SubMerchant sub) {}
