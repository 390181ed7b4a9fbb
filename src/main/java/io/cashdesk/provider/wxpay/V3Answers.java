package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RefundReport;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** What WeChat Pay v3 says to us, in our words. Everything here was verified before. */
final class V3Answers {
    private V3Answers() {}

    static ParsedNotification news(WxpayAccount account, String event, JsonObject opened) {
        try {
            if (event.equals("TRANSACTION.SUCCESS")) {
                var report = order(account, opened.getString("out_trade_no", ""), opened);
                return ParsedNotification.ofPayment(repeatKey(event, opened), event, report);
            }
            if (event.startsWith("REFUND.")) return refundNews(account, event, opened);
        } catch (ProviderFailure e) {
            throw notAuthentic("the transaction or refund in it cannot be read");
        }
        return ParsedNotification.onlyKept(event + " " + Digest.sha256(opened.toString()), event);
    }

    private static String repeatKey(String event, JsonObject opened) {
        return String.join(
                " ",
                event,
                opened.getString("transaction_id", ""),
                opened.getString("trade_state", ""),
                String.valueOf(opened.getJsonObject("amount")));
    }

    static ProviderReport order(WxpayAccount account, String attemptNo, JsonObject transaction) {
        if (!transaction.getString("out_trade_no", "").equals(attemptNo))
            throw unusable("an answer about another order");
        mustBeOurs(account, transaction);
        var state = transaction.getString("trade_state", "");
        var evidence = transaction.toString();
        return switch (state) {
            case "SUCCESS" -> paid(account, attemptNo, transaction, false);
            // some of it went back, so all of it had come
            case "REFUND" -> paid(account, attemptNo, transaction, true);
            case "NOTPAY" -> new ProviderReport.Unpaid(attemptNo, false, evidence);
            // of a payment code it is the end, and nothing else can be paid after it
            case "PAYERROR" ->
                "MICROPAY".equals(transaction.getString("trade_type", ""))
                        ? new ProviderReport.Closed(attemptNo, evidence)
                        : new ProviderReport.Unpaid(attemptNo, false, evidence);
            case "USERPAYING", "ACCEPT" -> new ProviderReport.Unpaid(attemptNo, true, evidence);
            case "CLOSED", "REVOKED" -> new ProviderReport.Closed(attemptNo, evidence);
            default -> throw unusable("trade_state \"" + state + "\" is not known");
        };
    }

    private static void mustBeOurs(WxpayAccount account, JsonObject said) {
        var merchant = said.getString("sp_mchid", said.getString("mchid", account.mchId()));
        var app = said.getString("sp_appid", said.getString("appid", account.appId()));
        if (!merchant.equals(account.mchId()) || !app.equals(account.appId())) {
            throw notAuthentic("it is about another merchant or application");
        }
    }

    private static ProviderReport paid(
            WxpayAccount account, String attemptNo, JsonObject transaction, boolean wentBack) {
        try {
            var amount = transaction.getJsonObject("amount"); // total, not payer_total: discounts are not our business
            var payer = transaction.getJsonObject("payer");
            var partner = transaction.containsKey("sp_mchid");
            return new ProviderReport.Paid(
                    attemptNo,
                    transaction.getString(partner ? "sp_mchid" : "mchid"),
                    // the account's own where only the payer's application is named
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

    private static ParsedNotification refundNews(WxpayAccount account, String event, JsonObject opened) {
        mustBeOurs(account, opened);
        var key = event + " " + opened.getString("refund_id", "") + " " + opened.getString("refund_status", "");
        return ParsedNotification.ofRefund(key, event, opened.getString("out_trade_no", ""), refund(opened));
    }

    /** The state is called {@code status} in answers and {@code refund_status} in notifications. */
    static RefundReport refund(JsonObject said) {
        try {
            var refundNo = said.getString("out_refund_no");
            var refundId = said.getString("refund_id", "");
            var state = said.getString("status", said.getString("refund_status", ""));
            var evidence = said.toString();
            return switch (state) {
                case "SUCCESS" -> {
                    var amount = said.getJsonObject("amount");
                    yield new RefundReport.Succeeded(
                            refundNo,
                            refundId,
                            fen(amount, "refund"),
                            amount.containsKey("payer_refund") ? fen(amount, "payer_refund") : null,
                            moment(said.getString("success_time", "")),
                            evidence);
                }
                case "PROCESSING" -> new RefundReport.Processing(refundNo, refundId, evidence);
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

    private static Money fen(JsonObject amount, String name) {
        return new Money(amount.getJsonNumber(name).longValueExact(), amount.getString("currency", Money.CNY));
    }

    private static Instant moment(String wire) {
        return wire.isEmpty() ? null : OffsetDateTime.parse(wire).toInstant();
    }

    static String evidence(ProviderFailure e) {
        return Json.createObjectBuilder()
                .add("code", e.providerCode())
                .add("message", String.valueOf(e.getMessage()))
                .build()
                .toString();
    }

    static ProviderFailure unusable(String what) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", what);
    }

    static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }
}
