package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.Optional;

/**
 * What a caller determines of a payment beside the order, before anything of it is stored or sent.
 *
 * @param sub on whose behalf
 * @param code what the merchant scanned from the payer's screen
 * @param returnUrl where the payer's browser goes afterwards
 * @param other extra parameters in the provider's spelling; may be empty
 * @param amount of the order, or null if it is not known
 */
public record CallerInput(
        PayType payType,
        Payer payer,
        SubMerchant sub,
        Optional<PaymentCode> code,
        Optional<URI> returnUrl,
        JsonObject other,
        Money amount) {
    /** For a provider that compares nothing with the amount. */
    public CallerInput(
            PayType payType,
            Payer payer,
            SubMerchant sub,
            Optional<PaymentCode> code,
            Optional<URI> returnUrl,
            JsonObject other) {
        this(payType, payer, sub, code, returnUrl, other, null);
    }
}
