package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import jakarta.json.JsonObject;
import java.time.Period;
import java.util.Optional;

/**
 * A provider that sends money back to the payer. (Named so because {@code refund.Refunds} are the refunds themselves.)
 */
public interface MakesRefunds {
    /** Whether a merchant's own refund number may be this provider's number. */
    boolean fitsRefund(String outRefundNo);

    /** How many refunds one payment can have. */
    int mostRefunds(AccountSettings account);

    /**
     * Whether a refund may be requested again with the same number. Where the provider has no number for refunds it may
     * not: a second request would be a second refund. Such a request is sent once; if its outcome is unknown only a
     * query can tell it, or else a person.
     */
    default boolean repeatable(AccountSettings account) {
        return true;
    }

    /**
     * What a merchant must do beside a refund of these goods; a refund's answer says so. Empty if nothing.
     *
     * @param goods as {@link Prices} has them; empty of other payments
     */
    default Optional<LocalizedText> besideRefund(JsonObject goods) {
        return Optional.empty();
    }

    /** How long after the payment it can be refunded. */
    Period refundable();

    /**
     * Requests a refund. May be repeated with the same request, if it is {@link #repeatable}: a provider that has it
     * already says so and does nothing.
     *
     * @throws ProviderFailure OUTCOME_UNKNOWN if only {@link #queryRefund} can tell what came of it
     */
    RefundReport refund(AccountSettings account, RefundRequest request);

    /**
     * What became of it.
     *
     * @throws ProviderFailure if no verified answer came; an unknown refund is an answer, {@link RefundReport.Absent}
     */
    RefundReport queryRefund(AccountSettings account, RefundRequest request);
}
