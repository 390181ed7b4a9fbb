package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.V3Answers.notAuthentic;
import static io.cashdesk.provider.wxpay.V3Answers.unusable;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RefundReport;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What WeChat Pay v2 says to us, in our words. Answers were verified before; notifications are verified here. */
final class V2Answers {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter PAID_AT = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final DateTimeFormatter REFUNDED_AT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private V2Answers() {}

    static void mustBeOurs(V2Account account, V2Message said) {
        var ours = (!said.has("mch_id") || said.text("mch_id").equals(account.mchId()))
                && (!said.has("appid") || said.text("appid").equals(account.appId()));
        if (!ours) throw notAuthentic("it is about another merchant or application");
    }

    /** What a query says of an order; of one that is not paid it says no more than its state. */
    static ProviderReport order(AttemptRef attempt, V2Message said) {
        var attemptNo = attempt.attemptNo();
        if (!said.text("out_trade_no").equals(attemptNo)) throw unusable("an answer about another order");
        var state = said.text("trade_state");
        var evidence = said.json().toString();
        return switch (state) {
            case "SUCCESS" -> paid(attemptNo, said);
            // some of it went back, so all of it had come
            case "REFUND" -> paid(attemptNo, said, true);
            case "NOTPAY" -> new ProviderReport.Unpaid(attemptNo, false, evidence);
            // of a payment code it is the end, and nothing else can be paid after it
            case "PAYERROR" ->
                attempt.payType().equals(Product.PAYMENT_CODE.payType())
                        ? new ProviderReport.Closed(attemptNo, evidence)
                        : new ProviderReport.Unpaid(attemptNo, false, evidence);
            case "USERPAYING", "ACCEPT" -> new ProviderReport.Unpaid(attemptNo, true, evidence);
            case "CLOSED", "REVOKED" -> new ProviderReport.Closed(attemptNo, evidence);
            default -> throw unusable("trade_state \"" + state + "\" is not known");
        };
    }

    /** Money that came, as a query, a notification or a payment at the till says it. */
    static ProviderReport.Paid paid(String attemptNo, V2Message said) {
        return paid(attemptNo, said, false);
    }

    private static ProviderReport.Paid paid(String attemptNo, V2Message said, boolean wentBack) {
        if (!said.text("out_trade_no").equals(attemptNo)) throw unusable("an answer about another order");
        try {
            return new ProviderReport.Paid(
                    attemptNo,
                    present(said, "mch_id"),
                    present(said, "appid"),
                    present(said, "transaction_id"),
                    fen(said, "total_fee"), // not cash_fee or settlement_total_fee: discounts are not our business
                    said.has("time_end") ? moment(said.text("time_end"), PAID_AT) : null,
                    payer(said),
                    said.text("sub_mch_id"),
                    wentBack,
                    said.json().toString());
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            throw unusable("a paid order with a field missing or malformed: " + e.getMessage());
        }
    }

    private static String payer(V2Message said) {
        if (said.has("sub_openid")) return said.text("sub_openid");
        return said.has("openid") ? said.text("openid") : null;
    }

    // refunds

    /** A refund that was accepted; what becomes of it, only a query or a notification says. */
    static RefundReport accepted(String refundNo, V2Message said) {
        if (!said.text("out_refund_no").equals(refundNo)) throw unusable("an answer about another refund");
        return new RefundReport.Processing(
                refundNo, said.text("refund_id"), said.json().toString());
    }

    /** One refund among those that a query lists, each field with its number at the end. */
    static RefundReport refund(String refundNo, V2Message said) {
        for (int n = 0; said.has("out_refund_no_" + n); n++) {
            if (said.text("out_refund_no_" + n).equals(refundNo)) return refund(refundNo, said, "_" + n);
        }
        throw unusable("an answer about another refund");
    }

    /** @param suffix what stands behind each field's name: "_0" in an answer, nothing in a notification */
    private static RefundReport refund(String refundNo, V2Message said, String suffix) {
        try {
            var refundId = present(said, "refund_id" + suffix);
            var state = said.text("refund_status" + suffix);
            var evidence = said.json().toString();
            return switch (state) {
                case "SUCCESS" -> {
                    var amount = fen(said, "refund_fee" + suffix);
                    var at = said.text((suffix.isEmpty() ? "success_time" : "refund_success_time") + suffix);
                    yield new RefundReport.Succeeded(
                            refundNo,
                            refundId,
                            amount,
                            cash(said, amount, suffix),
                            at.isEmpty() ? null : moment(at, REFUNDED_AT),
                            evidence);
                }
                case "PROCESSING" -> new RefundReport.Processing(refundNo, refundId, evidence);
                case "CHANGE" -> new RefundReport.Abnormal(refundNo, refundId, evidence);
                case "REFUNDCLOSE" -> new RefundReport.Closed(refundNo, refundId, evidence);
                default -> throw unusable("refund_status \"" + state + "\" is not known");
            };
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            throw unusable("a refund with a field missing or malformed: " + e.getMessage());
        }
    }

    /** What is left of it without coupons; null where it does not say. */
    private static Money cash(V2Message said, Money amount, String suffix) {
        var coupons = "coupon_refund_fee" + suffix;
        if (!said.has(coupons)) return null;
        return new Money(Math.subtractExact(amount.minor(), fen(said, coupons).minor()), amount.currency());
    }

    // notifications

    /** Verifies, then reads. There are two kinds: a payment's is signed, a refund's has its content sealed with our key. */
    static ParsedNotification news(V2Account account, byte[] body) {
        V2Message said;
        try {
            said = V2Message.read(body);
        } catch (V2Message.Malformed e) {
            throw notAuthentic("it is no flat XML");
        }
        try {
            return said.has("req_info") ? refundNews(account, said) : paymentNews(account, said);
        } catch (ProviderFailure e) {
            if (e.kind() == ProviderFailure.Kind.NOT_AUTHENTIC) throw e;
            throw notAuthentic("the transaction or refund in it cannot be read");
        } catch (IllegalArgumentException e) {
            throw notAuthentic("the transaction or refund in it cannot be read");
        }
    }

    /**
     * Answers to queries are signed with the same key and look alike. One that says anything but success is no notification,
     * whoever brings it.
     */
    private static ParsedNotification paymentNews(V2Account account, V2Message said) {
        var method = V2Signature.of(said.fields());
        if (method == null || !said.isSigned(method, account.key())) throw notAuthentic("the signature is wrong");
        if (!said.has("mch_id") || !said.has("appid")) throw notAuthentic("it does not say whose it is");
        mustBeOurs(account, said);
        if (!said.text("return_code").equals("SUCCESS")) throw notAuthentic("return_code is not SUCCESS");
        if (!said.text("result_code").equals("SUCCESS")) {
            var code = said.text("err_code");
            var key = "TRANSACTION.FAIL " + said.text("out_trade_no") + " " + code + " " + said.text("nonce_str");
            return ParsedNotification.onlyKept(key, "TRANSACTION.FAIL");
        }
        if (said.has("trade_state") && !said.text("trade_state").equals("SUCCESS")) {
            throw notAuthentic("it is an answer and no notification");
        }
        var paid = paid(present(said, "out_trade_no"), said);
        var amount = paid.amount();
        var key = String.join(
                " ", "TRANSACTION.SUCCESS", paid.transactionId(), "SUCCESS", amount.minor() + " " + amount.currency());
        return ParsedNotification.ofPayment(key, "TRANSACTION.SUCCESS", paid);
    }

    /**
     * Whoever could seal this knows the merchant's key. The cipher has no tag, so that a changed byte is found only if it leaves
     * something that cannot be: every field is read strictly, and amounts are compared with what was asked for. The kinds are
     * called as v3 calls them.
     */
    private static ParsedNotification refundNews(V2Account account, V2Message said) {
        mustBeOurs(account, said);
        V2Message opened;
        try {
            opened = V2Message.read(V2Signature.open(said.text("req_info"), account.key()), "root");
        } catch (GeneralSecurityException | V2Message.Malformed e) {
            throw notAuthentic("req_info does not open under the account's key");
        }
        var refundNo = present(opened, "out_refund_no");
        var attemptNo = present(opened, "out_trade_no");
        fen(opened, "refund_fee"); // there whatever the state is
        var report = refund(refundNo, opened, "");
        var state = report instanceof RefundReport.Succeeded
                ? "SUCCESS"
                : report instanceof RefundReport.Abnormal
                        ? "ABNORMAL"
                        : report instanceof RefundReport.Closed ? "CLOSED" : "PROCESSING";
        var kind = "REFUND." + state;
        return ParsedNotification.ofRefund(kind + " " + opened.text("refund_id"), kind, attemptNo, report);
    }

    // values

    private static String present(V2Message said, String name) {
        if (!said.has(name)) throw new IllegalArgumentException(name + " is missing");
        return said.text(name);
    }

    private static Money fen(V2Message said, String name) {
        var text = said.text(name);
        if (!text.matches("\\d{1,12}")) throw new IllegalArgumentException(name + " is no amount in fen");
        return new Money(Long.parseLong(text), said.has("fee_type") ? said.text("fee_type") : Money.CNY);
    }

    private static Instant moment(String wire, DateTimeFormatter format) {
        return LocalDateTime.parse(wire, format).toInstant(CHINA);
    }

    static String wireTime(Instant at) {
        return PAID_AT.format(at.atOffset(CHINA));
    }
}
