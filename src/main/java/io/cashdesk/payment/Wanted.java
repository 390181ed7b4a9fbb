package io.cashdesk.payment;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import jakarta.json.JsonObject;
import java.time.Duration;

/**
 * How an order is to be collected.
 *
 * @param codeLife how long the code should live; the order's deadline cuts it
 * @param clientIp the payer's address, or null
 * @param other extra parameters for the provider
 */
record Wanted(
        PaymentProvider provider,
        AccountSettings account,
        String payType,
        Duration codeLife,
        String clientIp,
        JsonObject other) {
    /** Equal for calls that want the same. */
    String same() {
        return provider.name() + " " + payType + " " + account.id() + " " + other;
    }
}
