package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Instant;

/**
 * What we ask a provider to collect. Built from the order and attempt rows alone, so that repeating it after a crash gives
 * the same bytes.
 *
 * @param payType the product, as in the API: "wxpay_h5", "alipay_h5"
 * @param attemptNo the number this try carries at the provider; fits its rules
 * @param amount more than nothing
 * @param subject the order's title
 * @param expiresAt the last moment to pay, in whole seconds; sent as the provider's own expiry
 * @param notifyUrl where the provider tells us; without a query
 * @param clientIp the payer's address
 * @param other the caller's extra parameters for the provider, keys already in the wire's own spelling; may be empty
 */
public record PaymentRequest(
        String payType,
        String attemptNo,
        Money amount,
        String subject,
        Instant expiresAt,
        URI notifyUrl,
        String clientIp,
        JsonObject other) {}
