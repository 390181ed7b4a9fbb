package io.cashdesk.provider.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayResponse;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.response.AlipayTradeFastpayRefundQueryResponse;
import com.alipay.api.response.AlipayTradePayResponse;
import com.alipay.api.response.AlipayTradeQueryResponse;
import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RefundReport;
import jakarta.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Alipay's answers and notifications, read into reports. Answers were verified by the SDK; notifications are verified
 * here.
 */
final class AlipayAnswers {
    static final String OK = "10000";

    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter WIRE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** The answer came and says no for good; other codes leave the outcome open. */
    private static final Set<String> UNDERSTOOD = Set.of("20001", "40001", "40002", "40003", "40004", "40005", "40006");

    private AlipayAnswers() {}

    static String wireTime(Instant at) {
        return WIRE_TIME.format(at.atOffset(CHINA));
    }

    // orders

    static ProviderReport order(AlipayAccount account, String attemptNo, AlipayTradeQueryResponse answer) {
        if ("ACQ.TRADE_NOT_EXIST".equals(answer.getSubCode())) {
            return new ProviderReport.Absent(attemptNo, evidence(answer));
        }
        if (!OK.equals(answer.getCode())) throw declined(answer);
        if (!attemptNo.equals(answer.getOutTradeNo())) throw unusable("an answer about another order");
        var evidence = evidence(answer);
        var status = String.valueOf(answer.getTradeStatus());
        return switch (status) {
            case "WAIT_BUYER_PAY" -> new ProviderReport.Unpaid(attemptNo, true, evidence);
            case "TRADE_SUCCESS", "TRADE_FINISHED" -> paid(account, answer);
            // closed unpaid, or paid and then given back in full: only the second has a moment of payment
            case "TRADE_CLOSED" ->
                answer.getSendPayDate() == null
                        ? new ProviderReport.Closed(attemptNo, evidence)
                        : paid(account, answer);
            default -> throw unusable("trade_status \"" + status + "\" is not known");
        };
    }

    private static ProviderReport paid(AlipayAccount account, AlipayTradeQueryResponse answer) {
        return paid(
                account,
                answer,
                answer.getOutTradeNo(),
                answer.getTradeNo(),
                answer.getTotalAmount(),
                answer.getSendPayDate(),
                answer.getBuyerUserId() != null ? answer.getBuyerUserId() : answer.getBuyerOpenId());
    }

    /** What a payment code came to: paid, or waiting for the payer. */
    static ProviderReport collected(AlipayAccount account, String attemptNo, AlipayTradePayResponse answer) {
        if ("10003".equals(answer.getCode())) return new ProviderReport.Unpaid(attemptNo, true, evidence(answer));
        if (!OK.equals(answer.getCode())) throw declined(answer);
        if (!attemptNo.equals(answer.getOutTradeNo())) throw unusable("an answer about another order");
        return paid(
                account,
                answer,
                attemptNo,
                answer.getTradeNo(),
                answer.getTotalAmount(),
                answer.getGmtPayment(),
                answer.getBuyerUserId() != null ? answer.getBuyerUserId() : answer.getBuyerOpenId());
    }

    private static ProviderReport paid(
            AlipayAccount account,
            AlipayResponse answer,
            String attemptNo,
            String tradeNo,
            String amount,
            Date at,
            String buyer) {
        try {
            return new ProviderReport.Paid(
                    attemptNo,
                    account.merchantNo(), // the answer is signed for this account and names no seller
                    account.appId(),
                    present(tradeNo, "trade_no"),
                    Money.fromYuan(amount),
                    moment(at),
                    buyer,
                    "",
                    wentBack(answer),
                    evidence(answer));
        } catch (NullPointerException | ArithmeticException | IllegalArgumentException e) {
            throw unusable("a paid trade with a field missing or malformed: " + e.getMessage());
        }
    }

    /** A trade that was paid is closed only when all of it was refunded; of a part the query does not tell. */
    private static ProviderReport.WentBack wentBack(AlipayResponse answer) {
        return answer instanceof AlipayTradeQueryResponse query && "TRADE_CLOSED".equals(query.getTradeStatus())
                ? ProviderReport.WentBack.ALL
                : ProviderReport.WentBack.NOTHING;
    }

    @SuppressWarnings("JavaUtilDate") // the SDK's own type; it reads Beijing's clock as such
    static Instant moment(Date sdkDate) {
        return sdkDate == null ? null : sdkDate.toInstant();
    }

    // refunds

    /** Without a status the refund was not received, or failed; both are "there is none". */
    static RefundReport refund(String refundNo, AlipayTradeFastpayRefundQueryResponse answer) {
        if ("ACQ.TRADE_NOT_EXIST".equals(answer.getSubCode())) {
            return new RefundReport.Absent(refundNo, evidence(answer));
        }
        if (!OK.equals(answer.getCode())) throw declined(answer);
        var status = answer.getRefundStatus();
        var amount = answer.getRefundAmount();
        if (status == null && amount == null) return new RefundReport.Absent(refundNo, evidence(answer));
        if (!refundNo.equals(answer.getOutRequestNo())) throw unusable("an answer about another refund");
        if (status == null) return new RefundReport.Processing(refundNo, "", null, evidence(answer));
        if (!status.equals("REFUND_SUCCESS")) throw unusable("refund_status \"" + status + "\" is not known");
        try {
            var cash = answer.getPresentRefundBuyerAmount();
            return new RefundReport.Succeeded(
                    refundNo,
                    "",
                    Money.fromYuan(amount),
                    cash == null ? null : Money.fromYuan(cash),
                    moment(answer.getGmtRefundPay()),
                    evidence(answer));
        } catch (NullPointerException | ArithmeticException | IllegalArgumentException e) {
            throw unusable("a refund with a field missing or malformed: " + e.getMessage());
        }
    }

    // notifications

    static ParsedNotification news(AlipayAccount account, Map<String, String> fields) {
        var status = fields.getOrDefault("trade_status", "");
        var id = fields.getOrDefault("notify_id", "");
        if (id.isEmpty()) throw notAuthentic("it has no notify_id");
        var key = String.join(
                " ", id, fields.getOrDefault("trade_no", ""), status, fields.getOrDefault("total_amount", ""));
        var kind = fields.getOrDefault("notify_type", "") + " " + status;
        var attemptNo = fields.getOrDefault("out_trade_no", "");
        if (!"trade_status_sync".equals(fields.get("notify_type"))) return ParsedNotification.onlyKept(key, kind);
        if (aboutRefund(fields)) {
            var report = refund(fields);
            var refundKey = key + " " + report.refundNo() + " " + fields.getOrDefault("refund_fee", "");
            return ParsedNotification.ofRefund(refundKey, kind, attemptNo, report);
        }
        var evidence = evidence(fields);
        return switch (status) {
            case "TRADE_SUCCESS", "TRADE_FINISHED" ->
                ParsedNotification.ofPayment(key, kind, paid(account, fields, attemptNo, evidence));
            // closed although it was paid, without a refund in it: only a query shows the outcome
            case "TRADE_CLOSED" ->
                fields.getOrDefault("gmt_payment", "").isEmpty()
                        ? ParsedNotification.ofPayment(key, kind, new ProviderReport.Closed(attemptNo, evidence))
                        : ParsedNotification.onlyKept(key, kind);
            default -> ParsedNotification.onlyKept(key, kind);
        };
    }

    /** A refund is notified at the payment's own address; it has gmt_refund, or a refund_fee above 0. */
    private static boolean aboutRefund(Map<String, String> fields) {
        if (!fields.getOrDefault("gmt_refund", "").isEmpty()) return true;
        var fee = fields.getOrDefault("refund_fee", "");
        return !fee.isEmpty() && !fee.matches("0+(\\.0+)?");
    }

    /** {@code refund_fee} is what went back in all, so it does not say what went back now. */
    private static RefundReport refund(Map<String, String> fields) {
        try {
            var now = fields.getOrDefault("send_back_fee", "");
            var at = fields.getOrDefault("gmt_refund", "");
            return new RefundReport.Succeeded(
                    fields.getOrDefault("out_biz_no", ""),
                    "",
                    now.isEmpty() ? null : Money.fromYuan(now),
                    null,
                    at.isEmpty() ? null : moment(at.replaceAll("\\.\\d+$", "")),
                    evidence(fields));
        } catch (ArithmeticException | IllegalArgumentException | DateTimeException e) {
            throw notAuthentic("a field is missing or malformed");
        }
    }

    private static ProviderReport paid(
            AlipayAccount account, Map<String, String> fields, String attemptNo, String evidence) {
        try {
            var at = fields.getOrDefault("gmt_payment", "");
            var ourOwn = !account.sellerId().isEmpty() && !onBehalf(fields);
            return new ProviderReport.Paid(
                    attemptNo,
                    ourOwn ? present(fields.get("seller_id"), "seller_id") : account.merchantNo(),
                    present(fields.get("app_id"), "app_id"),
                    present(fields.get("trade_no"), "trade_no"),
                    Money.fromYuan(fields.get("total_amount")),
                    at.isEmpty() ? null : moment(at),
                    fields.getOrDefault("buyer_id", "").isEmpty()
                            ? fields.get("buyer_open_id")
                            : fields.get("buyer_id"),
                    "",
                    ProviderReport.WentBack.NOTHING,
                    evidence);
        } catch (NullPointerException | ArithmeticException | IllegalArgumentException | DateTimeException e) {
            throw notAuthentic("a field is missing or malformed");
        }
    }

    /** An application that acts for another merchant: then the seller is that merchant. */
    static boolean onBehalf(Map<String, String> fields) {
        var by = fields.getOrDefault("auth_app_id", "");
        return !by.isEmpty() && !by.equals(fields.get("app_id"));
    }

    private static Instant moment(String wire) {
        return LocalDateTime.parse(wire, WIRE_TIME).toInstant(CHINA);
    }

    static void verify(AlipayAccount account, Map<String, String> fields) {
        if (!"RSA2".equals(fields.get("sign_type"))) throw notAuthentic("sign_type is not RSA2");
        for (var signed : signedFields(fields)) {
            if (verified(account, fields, signed)) return;
        }
        throw notAuthentic("the signature is wrong");
    }

    /**
     * What may have been signed. Sources agree on all fields but three kinds, so each is tried inside and outside of
     * the signed text, the documented way first: parameters without a value (documented as left out, and kept by the
     * official SDK), {@code alipay_cert_sn} (kept by the official SDK, left out by others) and {@code sign_type} (left
     * out of payments' notifications, and kept in the gateway's other messages).
     */
    private static Collection<Map<String, String>> signedFields(Map<String, String> fields) {
        var tried = new LinkedHashSet<Map<String, String>>();
        for (var withoutType : List.of(true, false)) {
            for (var withNumber : List.of(true, false)) {
                for (var withoutEmpty : List.of(true, false)) {
                    var signed = new HashMap<>(fields);
                    signed.remove("sign");
                    if (withoutType) signed.remove("sign_type");
                    if (!withNumber) signed.remove("alipay_cert_sn");
                    if (withoutEmpty) signed.values().removeIf(String::isEmpty);
                    tried.add(signed);
                }
            }
        }
        return tried;
    }

    private static boolean verified(AlipayAccount account, Map<String, String> fields, Map<String, String> signed) {
        try {
            var charset = fields.getOrDefault("charset", "");
            var text = new TreeMap<>(signed)
                    .entrySet().stream()
                            .map(field -> field.getKey() + '=' + field.getValue())
                            .collect(Collectors.joining("&"));
            return AlipaySignature.rsaCheck(
                    text, fields.get("sign"), account.alipayPublicKey(), charset.isEmpty() ? "utf-8" : charset, "RSA2");
        } catch (AlipayApiException | RuntimeException e) {
            return false; // a signature that cannot even be read is wrong
        }
    }

    // failures

    static ProviderFailure declined(AlipayResponse answer) {
        var code = answer.getSubCode() == null ? answer.getCode() : answer.getSubCode();
        var message = answer.getSubMsg() == null ? answer.getMsg() : answer.getSubMsg();
        var open = !UNDERSTOOD.contains(answer.getCode()) || code.endsWith("SYSTEM_ERROR");
        return new ProviderFailure(open ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED, code, String.valueOf(message));
    }

    static ProviderFailure unusable(String what) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", what);
    }

    static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }

    static String evidence(AlipayResponse answer) {
        var evidence = Json.createObjectBuilder();
        evidence.add("body", answer.getBody() == null ? "" : answer.getBody());
        return evidence.build().toString();
    }

    private static String evidence(Map<String, String> fields) {
        var evidence = Json.createObjectBuilder();
        fields.forEach((name, value) -> {
            if (!name.equals("sign")) evidence.add(name, value);
        });
        return evidence.build().toString();
    }

    private static String present(String value, String name) {
        if (value == null || value.isEmpty()) throw new IllegalArgumentException(name);
        return value;
    }
}
