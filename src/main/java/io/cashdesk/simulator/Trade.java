package io.cashdesk.simulator;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * One order at a simulated provider.
 *
 * @param number the merchant's number ({@code out_trade_no}) or, where the provider gives trades their numbers, the
 *     provider's
 * @param code the content of the QR code, or another text that opens the wallet page; unique
 * @param amount fen
 * @param notifyUrl where notifications of the payment go, or an empty text
 * @param request the merchant's request, as the provider's package stores it
 * @param state UNSCANNED, NOTPAY, USERPAYING, SUCCESS, PAYERROR, REVOKED or CLOSED
 * @param reported fen; the amount that the provider reports as paid, which a fault may change
 * @param transactionId the provider's number
 * @param faults names of the faults that are set
 * @param paidAt null until it is paid
 */
public record Trade(
        UUID id,
        UUID accountId,
        String provider,
        String number,
        String code,
        long amount,
        String subject,
        String notifyUrl,
        String request,
        String state,
        long reported,
        String transactionId,
        Set<String> faults,
        Instant expiresAt,
        Instant createdAt,
        Instant paidAt) {
    public boolean expired(Instant now) {
        return now.isAfter(expiresAt);
    }

    public boolean has(Fault fault) {
        return faults.contains(fault.name());
    }

    /** The amount in fen that is reported once it is paid. */
    public long amountToReport() {
        return has(CommonFault.NOTIFY_WRONG_AMOUNT) ? amount + 1 : amount;
    }
}
