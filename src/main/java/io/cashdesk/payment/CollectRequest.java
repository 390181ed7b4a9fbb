package io.cashdesk.payment;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How an order is to be collected.
 *
 * @param codeLife how long the attempt should live; the order's deadline cuts it
 * @param sub on whose behalf
 * @param returnUrl where the payer's browser goes afterwards, for products that have it
 * @param other extra parameters for the provider
 * @param code what the merchant scanned from the payer's screen; in memory only, never stored
 * @param onlyThisCall a text of this call's own where the wallet takes a prompt only once ({@link Creates#onceOnly}),
 *     so that no earlier attempt is handed out again; otherwise empty
 */
record CollectRequest(
        PaymentProvider provider,
        AccountSettings account,
        PayType payType,
        Duration codeLife,
        Payer payer,
        SubMerchant sub,
        Optional<URI> returnUrl,
        JsonObject other,
        Optional<PaymentCode> code,
        String onlyThisCall) {
    CollectRequest(
            PaymentProvider provider,
            AccountSettings account,
            PayType payType,
            Duration codeLife,
            Payer payer,
            SubMerchant sub,
            Optional<URI> returnUrl,
            JsonObject other,
            Optional<PaymentCode> code) {
        this(
                provider,
                account,
                payType,
                codeLife,
                payer,
                sub,
                returnUrl,
                other,
                code,
                provider instanceof Creates creates && creates.onceOnly()
                        ? Ids.next().toString()
                        : "");
    }

    /** Equal for equal requests. */
    String key() {
        var token = sub.token().isEmpty() ? "" : Digest.sha256(sub.token()).substring(0, 16);
        return String.join(
                " ",
                provider.name().value(),
                payType.toString(),
                provider instanceof Creates creates ? creates.variant(account, payType, payer) : "",
                account.id().toString(),
                payer.openid(),
                payer.payMethod(),
                sub.mchId(),
                sub.appId(),
                token,
                other.toString(),
                codeHash() == null ? "" : codeHash(),
                onlyThisCall);
    }

    /** SHA-256 of the payment code, or null. */
    String codeHash() {
        return code.map(c -> Digest.sha256(provider.name() + " " + c.value())).orElse(null);
    }
}
