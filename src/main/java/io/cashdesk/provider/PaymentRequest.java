package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * What a provider is to collect. Built from the order and attempt rows alone, so that repeating it after a crash gives
 * the same bytes.
 *
 * @param attempt the product, the number and the sub-merchant; the number fits the provider's rules
 * @param amount more than nothing
 * @param subject the order's title
 * @param expiresAt the last moment to pay, in whole seconds; sent as the provider's own expiry
 * @param notifyUrl where the provider notifies us; without a query, so that an adapter may add one
 * @param returnUrl where a browser goes when the wallet is done with it, for products that have it
 * @param other the caller's extra parameters for the provider, keys already in the wire's own spelling; may be empty
 * @param goods what is bought where the provider's price list decides the amount ({@link Prices}); otherwise empty
 * @param session of the payer's last login, for a provider that {@link NeedsSession}; otherwise empty
 */
public record PaymentRequest(
        AttemptRef attempt,
        Money amount,
        String subject,
        Instant expiresAt,
        URI notifyUrl,
        Payer payer,
        Optional<URI> returnUrl,
        JsonObject other,
        JsonObject goods,
        Optional<SessionKey> session) {
    /** Of a provider that does not sign with the payer's session. */
    public PaymentRequest(
            AttemptRef attempt,
            Money amount,
            String subject,
            Instant expiresAt,
            URI notifyUrl,
            Payer payer,
            Optional<URI> returnUrl,
            JsonObject other,
            JsonObject goods) {
        this(attempt, amount, subject, expiresAt, notifyUrl, payer, returnUrl, other, goods, Optional.empty());
    }

    /** Of a provider that collects whatever amount it is told. */
    public PaymentRequest(
            AttemptRef attempt,
            Money amount,
            String subject,
            Instant expiresAt,
            URI notifyUrl,
            Payer payer,
            Optional<URI> returnUrl,
            JsonObject other) {
        this(attempt, amount, subject, expiresAt, notifyUrl, payer, returnUrl, other, JsonObject.EMPTY_JSON_OBJECT);
    }

    public PayType payType() {
        return attempt.payType();
    }

    public String attemptNo() {
        return attempt.attemptNo();
    }
}
