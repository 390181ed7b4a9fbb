package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayFailures.notAuthentic;
import static io.cashdesk.provider.wxpay.WxpayFailures.unusable;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import jakarta.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Transactions and refunds of API v3, read into reports. What is read here has been verified before. Amounts are fen.
 */
final class V3Answers {
    private V3Answers() {}

    /**
     * A message about another merchant or application is not for this account. Only a payment is reported all the same,
     * with the merchant and application that it names: the caller compares them, and an operator is notified.
     */
    static void checkIdentity(V3Account account, JsonObject message) {
        var merchant = message.getString("sp_mchid", message.getString("mchid", account.mchId()));
        var app = message.getString("sp_appid", message.getString("appid", account.appId()));
        if (!merchant.equals(account.mchId()) || !app.equals(account.appId())) {
            throw notAuthentic("it is about another merchant or application");
        }
    }

    // payments

    static ProviderReport order(V3Account account, String attemptNo, JsonObject transaction) {
        if (!transaction.getString("out_trade_no", "").equals(attemptNo))
            throw unusable("an answer about another order");
        var state = transaction.getString("trade_state", "");
        if (!state.equals("SUCCESS") && !state.equals("REFUND")) checkIdentity(account, transaction);
        var evidence = transaction.toString();
        return switch (state) {
            case "SUCCESS" -> paid(account, attemptNo, transaction, ProviderReport.WentBack.NOTHING);
            // the payment was complete, and was refunded since, all or a part of it
            case "REFUND" -> paid(account, attemptNo, transaction, ProviderReport.WentBack.AT_LEAST_A_PART);
            case "NOTPAY" -> new ProviderReport.Unpaid(attemptNo, false, evidence);
            // final for a payment by code; every other order can still be paid
            case "PAYERROR" ->
                "MICROPAY".equals(transaction.getString("trade_type", ""))
                        ? new ProviderReport.Closed(attemptNo, evidence)
                        : new ProviderReport.Unpaid(attemptNo, false, evidence);
            case "USERPAYING", "ACCEPT" -> new ProviderReport.Unpaid(attemptNo, true, evidence);
            case "CLOSED", "REVOKED" -> new ProviderReport.Closed(attemptNo, evidence);
            default -> throw unusable("trade_state \"" + state + "\" is not known");
        };
    }

    private static ProviderReport paid(
            V3Account account, String attemptNo, JsonObject transaction, ProviderReport.WentBack wentBack) {
        try {
            // total, the order's price; payer_total is less if the payer used a coupon
            var amount = transaction.getJsonObject("amount");
            var payer = transaction.getJsonObject("payer");
            var partner = transaction.containsKey("sp_mchid");
            return new ProviderReport.Paid(
                    attemptNo,
                    transaction.getString(partner ? "sp_mchid" : "mchid"),
                    // a partner's transaction may name the sub-merchant's application only
                    partner ? transaction.getString("sp_appid", account.appId()) : transaction.getString("appid"),
                    transaction.getString("transaction_id"),
                    new Money(amount.getJsonNumber("total").longValueExact(), amount.getString("currency", Money.CNY)),
                    moment(transaction.getString("success_time", "")),
                    payer == null ? null : openid(payer),
                    transaction.getString("sub_mchid", ""),
                    wentBack,
                    transaction.toString());
        } catch (NullPointerException
                | ClassCastException
                | ArithmeticException
                | DateTimeException
                | IllegalArgumentException e) {
            throw unusable("a paid transaction with a field missing or malformed: " + e.getMessage());
        }
    }

    private static String openid(JsonObject payer) {
        return payer.getString("openid", payer.getString("sub_openid", payer.getString("sp_openid", null)));
    }

    // refunds

    /** The answer to a request for, or a query of, this refund. */
    static RefundReport refund(RefundRequest request, JsonObject answer) {
        var report = refund(answer);
        if (!report.refundNo().equals(request.refundNo())) throw unusable("an answer about another refund");
        return report;
    }

    /** The state's field is {@code status} in answers and {@code refund_status} in notifications. */
    static RefundReport refund(JsonObject message) {
        try {
            var refundNo = message.getString("out_refund_no");
            var refundId = message.getString("refund_id", "");
            var state = message.getString("status", message.getString("refund_status", ""));
            var evidence = message.toString();
            return switch (state) {
                case "SUCCESS" -> {
                    yield new RefundReport.Succeeded(
                            refundNo,
                            refundId,
                            fen(message.getJsonObject("amount"), "refund"),
                            cash(message),
                            moment(message.getString("success_time", "")),
                            evidence);
                }
                case "PROCESSING" -> new RefundReport.Processing(refundNo, refundId, cash(message), evidence);
                case "ABNORMAL" -> new RefundReport.Abnormal(refundNo, refundId, evidence);
                case "CLOSED" -> new RefundReport.Closed(refundNo, refundId, evidence);
                default -> throw unusable("refund status \"" + state + "\" is not known");
            };
        } catch (NullPointerException
                | ClassCastException
                | ArithmeticException
                | DateTimeException
                | IllegalArgumentException e) {
            throw unusable("a refund with a field missing or malformed: " + e.getMessage());
        }
    }

    /** What the payer gets of it without coupons; null where the message does not say. */
    private static Money cash(JsonObject message) {
        var amount = message.getJsonObject("amount");
        return amount != null && amount.containsKey("payer_refund") ? fen(amount, "payer_refund") : null;
    }

    // values

    private static Money fen(JsonObject amount, String name) {
        return new Money(amount.getJsonNumber(name).longValueExact(), amount.getString("currency", Money.CNY));
    }

    private static Instant moment(String wire) {
        return wire.isEmpty() ? null : OffsetDateTime.parse(wire).toInstant();
    }
}
