package io.cashdesk.provider;

/**
 * What a payer shows to a scanner. It is worth money for a minute: it is never written down or logged.
 *
 * @param value digits, or Alipay's face token
 * @param storeId the shop's number, or an empty text; WeChat Pay v3 demands one
 */
public record PaymentCode(String value, String storeId) {
    @Override
    public String toString() {
        return value.substring(0, Math.min(2, value.length())) + "…";
    }
}
