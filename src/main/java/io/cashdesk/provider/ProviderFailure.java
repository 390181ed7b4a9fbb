package io.cashdesk.provider;

/** A provider did not do what we asked. */
public class ProviderFailure extends RuntimeException {
    /** What that means for whoever asked. */
    public enum Kind {
        /** The provider understood and said no; asking again unchanged gives the same answer. */
        DECLINED,
        /** The request never reached the provider; asking again is safe. */
        UNREACHABLE,
        /** No usable answer after sending; only a query can tell, never a blind retry. */
        OUTCOME_UNKNOWN,
        /** The answer or notification did not carry a valid signature, or is not about us. */
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
