package io.cashdesk.provider;

/** A call to a provider failed, or a notification is not authentic. */
public class ProviderFailure extends RuntimeException {
    /** What that means for the caller. */
    public enum Kind {
        /** The provider refused; repeating the call unchanged gives the same answer. */
        DECLINED,
        /** The request never reached the provider; repeating it is safe. */
        UNREACHABLE,
        /** No usable answer after sending; only a query shows the outcome; the call must not simply be repeated. */
        OUTCOME_UNKNOWN,
        /** The answer or notification did not carry a valid signature, or is not for this account. */
        NOT_AUTHENTIC
    }

    private final Kind kind;
    private final String providerCode;

    /**
     * @param providerCode the provider's own error code, or an empty text
     * @param message what happened, without secrets
     */
    public ProviderFailure(Kind kind, String providerCode, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.providerCode = providerCode;
    }

    public ProviderFailure(Kind kind, String providerCode, String message) {
        this(kind, providerCode, message, null);
    }

    public Kind kind() {
        return kind;
    }

    public String providerCode() {
        return providerCode;
    }
}
