package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayFailures.notAuthentic;
import static io.cashdesk.provider.wxpay.WxpayFailures.unusable;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RefundReport;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Orders and refunds of API v2, read into reports. What is read here has been verified before. Amounts are fen. */
final class V2Answers {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter PAID_AT = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final DateTimeFormatter REFUNDED_AT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private V2Answers() {}

    /**
     * A message about another merchant or application is not for this account. Only a payment is reported all the same,
     * with the merchant and application that it names: the caller compares them, and an operator is notified.
     */
    static void checkIdentity(V2Account account, V2Message message) {
        var same = (!message.has("mch_id") || message.text("mch_id").equals(account.mchId()))
                && (!message.has("appid") || message.text("appid").equals(account.appId()));
        if (!same) throw notAuthentic("it is about another merchant or application");
    }

    // payments

    /** The answer to a query of an order. For an unpaid one it contains little more than the state. */
    static ProviderReport order(V2Account account, AttemptRef attempt, V2Message answer) {
        var attemptNo = attempt.attemptNo();
        if (!answer.text("out_trade_no").equals(attemptNo)) throw unusable("an answer about another order");
        var state = answer.text("trade_state");
        if (!state.equals("SUCCESS") && !state.equals("REFUND")) checkIdentity(account, answer);
        var evidence = answer.json().toString();
        return switch (state) {
            case "SUCCESS" -> paid(attemptNo, answer);
            // the payment was complete, and was refunded since, all or a part of it
            case "REFUND" -> paid(attemptNo, answer, ProviderReport.WentBack.AT_LEAST_A_PART);
            case "NOTPAY" -> new ProviderReport.Unpaid(attemptNo, false, evidence);
            // final for a payment by code; every other order can still be paid
            case "PAYERROR" ->
                Product.PAYMENT_CODE.is(attempt.payType())
                        ? new ProviderReport.Closed(attemptNo, evidence)
                        : new ProviderReport.Unpaid(attemptNo, false, evidence);
            case "USERPAYING", "ACCEPT" -> new ProviderReport.Unpaid(attemptNo, true, evidence);
            case "CLOSED", "REVOKED" -> new ProviderReport.Closed(attemptNo, evidence);
            default -> throw unusable("trade_state \"" + state + "\" is not known");
        };
    }

    /** A payment, from a notification or from the answer to a query or to a payment by code. */
    static ProviderReport.Paid paid(String attemptNo, V2Message message) {
        return paid(attemptNo, message, ProviderReport.WentBack.NOTHING);
    }

    private static ProviderReport.Paid paid(String attemptNo, V2Message message, ProviderReport.WentBack wentBack) {
        if (!message.text("out_trade_no").equals(attemptNo)) throw unusable("an answer about another order");
        try {
            return new ProviderReport.Paid(
                    attemptNo,
                    present(message, "mch_id"),
                    present(message, "appid"),
                    present(message, "transaction_id"),
                    // the order's price; cash_fee and settlement_total_fee are less if the payer used a coupon
                    fen(message, "total_fee"),
                    message.has("time_end") ? moment(message.text("time_end"), PAID_AT) : null,
                    payer(message),
                    message.text("sub_mch_id"),
                    wentBack,
                    message.json().toString());
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            throw unusable("a paid order with a field missing or malformed: " + e.getMessage());
        }
    }

    private static String payer(V2Message message) {
        if (message.has("sub_openid")) return message.text("sub_openid");
        return message.has("openid") ? message.text("openid") : null;
    }

    /** The answer to a reversal. With {@code recall=Y} it was not done and must be requested again. */
    static ProviderReport reversed(String attemptNo, V2Message answer) {
        var evidence = answer.json().toString();
        return answer.text("recall").equals("Y")
                ? new ProviderReport.Unpaid(attemptNo, true, evidence)
                : new ProviderReport.Closed(attemptNo, evidence);
    }

    // refunds

    /** The answer to a request for a refund: accepted. Its result comes from a query or a notification. */
    static RefundReport accepted(String refundNo, V2Message answer) {
        if (!answer.text("out_refund_no").equals(refundNo)) throw unusable("an answer about another refund");
        return new RefundReport.Processing(
                refundNo,
                answer.text("refund_id"),
                cashOfAccepted(answer),
                answer.json().toString());
    }

    /** Null where the answer does not say, or not legibly: the refund is accepted all the same. */
    private static Money cashOfAccepted(V2Message answer) {
        try {
            return answer.has("cash_refund_fee") ? fen(answer, "cash_refund_fee") : null;
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    /** One of the refunds in the answer to a query; each of its fields ends with the refund's index in the list. */
    static RefundReport refund(String refundNo, V2Message answer) {
        for (int n = 0; answer.has("out_refund_no_" + n); n++) {
            if (answer.text("out_refund_no_" + n).equals(refundNo)) return refund(refundNo, answer, "_" + n);
        }
        throw unusable("an answer about another refund");
    }

    /** The refund in the decrypted content of a notification; it must have an amount in every state. */
    static RefundReport notifiedRefund(V2Message content) {
        fen(content, "refund_fee");
        return refund(present(content, "out_refund_no"), content, "");
    }

    /** @param suffix the end of each field name: "_0" in the answer to a query, empty in a notification */
    private static RefundReport refund(String refundNo, V2Message message, String suffix) {
        try {
            var refundId = present(message, "refund_id" + suffix);
            var state = message.text("refund_status" + suffix);
            var evidence = message.json().toString();
            return switch (state) {
                case "SUCCESS" -> {
                    var amount = fen(message, "refund_fee" + suffix);
                    var at = message.text((suffix.isEmpty() ? "success_time" : "refund_success_time") + suffix);
                    yield new RefundReport.Succeeded(
                            refundNo,
                            refundId,
                            amount,
                            cash(message, amount, suffix),
                            at.isEmpty() ? null : moment(at, REFUNDED_AT),
                            evidence);
                }
                case "PROCESSING" -> new RefundReport.Processing(refundNo, refundId, null, evidence);
                case "CHANGE" -> new RefundReport.Abnormal(refundNo, refundId, evidence);
                case "REFUNDCLOSE" -> new RefundReport.Closed(refundNo, refundId, evidence);
                default -> throw unusable("refund_status \"" + state + "\" is not known");
            };
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            throw unusable("a refund with a field missing or malformed: " + e.getMessage());
        }
    }

    /** The refunded amount less the refunded coupons; null where the message does not contain the latter. */
    private static Money cash(V2Message message, Money amount, String suffix) {
        var coupons = "coupon_refund_fee" + suffix;
        if (!message.has(coupons)) return null;
        return new Money(
                Math.subtractExact(amount.minor(), fen(message, coupons).minor()), amount.currency());
    }

    // values

    /** @throws IllegalArgumentException if the field is missing or empty */
    static String present(V2Message message, String name) {
        if (!message.has(name)) throw new IllegalArgumentException(name + " is missing");
        return message.text(name);
    }

    private static Money fen(V2Message message, String name) {
        var text = message.text(name);
        if (!text.matches("\\d{1,12}")) throw new IllegalArgumentException(name + " is no amount in fen");
        return new Money(Long.parseLong(text), message.has("fee_type") ? message.text("fee_type") : Money.CNY);
    }

    private static Instant moment(String wire, DateTimeFormatter format) {
        return LocalDateTime.parse(wire, format).toInstant(CHINA);
    }

    static String wireTime(Instant at) {
        return PAID_AT.format(at.atOffset(CHINA));
    }
}
