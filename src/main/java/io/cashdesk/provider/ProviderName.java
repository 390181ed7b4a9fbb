package io.cashdesk.provider;

/** The name of a provider as users of the API type it: lower-case letters and hyphens, at most 32. */
public record ProviderName(String value) {
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
