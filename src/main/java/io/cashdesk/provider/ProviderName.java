package io.cashdesk.provider;

/** The name of a provider as the API's users type it: "wxpay", "alipay". */
public record ProviderName(String value) {
    public static final ProviderName WXPAY = new ProviderName("wxpay");
    public static final ProviderName ALIPAY = new ProviderName("alipay");

    public ProviderName {
        if (value == null || !value.matches("[a-z][a-z-]{0,31}")) {
            throw new IllegalArgumentException("not a provider's name: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
