package io.cashdesk.provider;

/**
 * One product of one provider, as the API writes it: {@code wxpay_h5}, {@code wxpay-virtual_mp-weixin}. A provider's
 * name has no underscore, so the first one separates the two.
 *
 * @param product the part after the provider's name: "h5", "mp-weixin", "codepay"; a caller's platform may stand here,
 *     so it need not be a product that the provider has
 */
public record PayType(ProviderName provider, String product) {
    /** @throws IllegalArgumentException if the text is not a provider's name, an underscore and a product */
    public static PayType of(String text) {
        int end = text.indexOf('_');
        if (end < 0 || end == text.length() - 1) throw new IllegalArgumentException("not a pay type: " + text);
        return new PayType(new ProviderName(text.substring(0, end)), text.substring(end + 1));
    }

    @Override
    public String toString() {
        return provider + "_" + product;
    }
}
