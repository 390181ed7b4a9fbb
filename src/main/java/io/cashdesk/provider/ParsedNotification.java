package io.cashdesk.provider;

import java.util.Optional;

/**
 * An authentic notification, understood.
 *
 * @param repeatKey equal for every repetition of the same news, different for different news, even under a new signature
 * @param kind the provider's word for what it is about: "TRANSACTION.SUCCESS"
 * @param report what it says of an attempt
 * @param refund what it says of a refund; if both are empty, it is about something that we only keep
 */
public record ParsedNotification(
        String repeatKey, String kind, Optional<ProviderReport> report, Optional<RefundNews> refund) {
    /** News of a payment, or of something that we only keep. */
    public ParsedNotification(String repeatKey, String kind, Optional<ProviderReport> report) {
        this(repeatKey, kind, report, Optional.empty());
    }

    /**
     * News of a refund.
     *
     * @param attemptNo the number of the payment that is given back
     */
    public record RefundNews(String attemptNo, RefundReport report) {}
}
