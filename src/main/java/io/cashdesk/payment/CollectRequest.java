package io.cashdesk.payment;

import io.cashdesk.ground.signing.Digest;
import io.cashdesk.order.Attempt;
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
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * How an order is to be collected.
 *
 * @param codeLife how long the attempt should live; the order's deadline cuts it
 * @param sub on whose behalf
 * @param returnUrl where the payer's browser goes afterwards, for products that have it
 * @param other extra parameters for the provider
 * @param code what the merchant scanned from the payer's screen; in memory only, never stored
 * @param session what tells the payer's session from another, where the provider signs with it; otherwise empty
 * @param began when this call began, where the wallet takes a prompt only once ({@link Creates#onceOnly}): then no
 *     prompt of an earlier call is handed out again, because the payer may have cancelled it; otherwise empty
 * @param waitedFor the attempt of another call that ran when this one began; then this call gets its prompt
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
        String session,
        Optional<Instant> began,
        Optional<UUID> waitedFor) {
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
                "",
                provider instanceof Creates creates && creates.onceOnly() ? Optional.of(Instant.MAX) : Optional.empty(),
                Optional.empty());
    }

    /** The same in this session, by a call that began at this moment. */
    CollectRequest in(String session, Instant began) {
        return new CollectRequest(
                provider,
                account,
                payType,
                codeLife,
                payer,
                sub,
                returnUrl,
                other,
                code,
                session,
                this.began.map(never -> began),
                waitedFor);
    }

    /** The same, after the call that opened this attempt has ended. */
    CollectRequest afterWaitingFor(UUID attempt) {
        return new CollectRequest(
                provider,
                account,
                payType,
                codeLife,
                payer,
                sub,
                returnUrl,
                other,
                code,
                session,
                began,
                Optional.of(attempt));
    }

    /** Whether what this attempt shows is what this request would get. */
    boolean isFor(Attempt attempt) {
        var fresh = began.isEmpty()
                || !attempt.createdAt().isBefore(began.get())
                || waitedFor.equals(Optional.of(attempt.id()));
        return fresh && attempt.sameRequest(key());
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
                session);
    }

    /** SHA-256 of the payment code, or null. */
    String codeHash() {
        return code.map(c -> Digest.sha256(provider.name() + " " + c.value())).orElse(null);
    }
}
