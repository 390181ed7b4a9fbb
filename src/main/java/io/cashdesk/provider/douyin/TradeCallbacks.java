package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.douyin.Members.text;

import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Callbacks of the trade system: a JSON text in JSON, whose bytes the platform has signed with the headers' time and
 * nonce. The time is not limited, because it is not known whether a repetition has the time of the first one; what was
 * applied once is not applied again.
 */
final class TradeCallbacks {
    private static final String VERSION = "3.0";

    private TradeCallbacks() {}

    static ParsedNotification read(DouyinAccount account, RawNotification raw) {
        var authentic = TradeSignature.isCallback(
                account.keys().orElseThrow().platform(),
                raw.header("Byte-Timestamp").orElse(""),
                raw.header("Byte-Nonce-Str").orElse(""),
                raw.body(),
                raw.header("Byte-Signature").orElse(""));
        if (!authentic) throw DouyinCallbacks.notAuthentic("Byte-Signature is wrong");
        var outer = DouyinCallbacks.object(raw);
        if (!(outer.get("msg") instanceof JsonString content)) throw DouyinCallbacks.notAuthentic("it has no msg");
        if (!text(outer, "version").equals(VERSION)) {
            throw DouyinCallbacks.notAuthentic("its version is " + text(outer, "version") + " and not " + VERSION);
        }
        var msg = content.getString();
        var said = DouyinCallbacks.object(msg);
        var type = text(outer, "type");
        var repeatKey = type + " " + Digest.sha256(msg);
        return switch (type) {
            case "payment" -> payment(account, repeatKey, said, msg);
            case "refund" -> refund(account, repeatKey, said, msg);
            case "pre_create_refund" -> request(account, repeatKey, said, msg);
            case "settle" -> settlement(account, repeatKey, said, msg);
            default -> ParsedNotification.onlyKept(repeatKey, type);
        };
    }

    private static ParsedNotification payment(DouyinAccount account, String repeatKey, JsonObject said, String msg) {
        var number = DouyinCallbacks.required(said, "out_order_no");
        var status = text(said, "status");
        if (status.equals("SUCCESS") && namesAnotherMerchant(account, said)) {
            DouyinCallbacks.requireOurs(account, said, "app_id");
            return new ParsedNotification(
                    repeatKey,
                    "payment",
                    new ParsedNotification.Hint(number, DouyinCallbacks.required(said, "order_id"), "", true));
        }
        return switch (status) {
            case "SUCCESS" ->
                ParsedNotification.ofPayment(
                        repeatKey,
                        "payment",
                        new ProviderReport.Paid(
                                number,
                                merchantNo(account, said),
                                text(said, "app_id"),
                                DouyinCallbacks.required(said, "order_id"),
                                DouyinCallbacks.amount(said, "total_amount"),
                                Members.time(said, "event_time"),
                                null,
                                "",
                                ProviderReport.WentBack.NOTHING,
                                ProviderReport.Details.payMethod(Members.wallet(said, "pay_channel")),
                                msg));
            case "CANCEL" -> {
                DouyinCallbacks.requireOurs(account, said, "app_id");
                yield ParsedNotification.ofPayment(repeatKey, "payment CANCEL", new ProviderReport.Closed(number, msg));
            }
            default -> throw DouyinCallbacks.notAuthentic("a payment with the unknown status " + status);
        };
    }

    /**
     * Whom a payment reached: another application is another merchant's, and so is another merchant than the one that
     * the account names in its orders. Orders that name none go to the application's own merchant.
     */
    static String merchantNo(DouyinAccount account, JsonObject said) {
        var appId = text(said, "app_id");
        if (!appId.isEmpty() && !appId.equals(account.appId())) return appId;
        return namesAnotherMerchant(account, said) ? text(said, "merchant_uid") : account.merchantNo();
    }

    /**
     * Whether the message names another merchant than the account's orders. A callback does not say which merchant the
     * account's orders named when this one was made, so that such a payment is queried: the query compares with that.
     */
    private static boolean namesAnotherMerchant(DouyinAccount account, JsonObject said) {
        var wanted = TradeOrder.merchantUid(account.requestOrder());
        var merchant = text(said, "merchant_uid");
        return !wanted.isEmpty() && !merchant.isEmpty() && !merchant.equals(wanted);
    }

    /**
     * A refund that was requested here says in {@code cp_extra} of which payment it is. Any other one, which a payer
     * requested or which was made in the console, has Douyin's numbers.
     */
    private static ParsedNotification refund(DouyinAccount account, String repeatKey, JsonObject said, String msg) {
        DouyinCallbacks.requireOurs(account, said, "app_id");
        var id = text(said, "refund_id");
        var number = text(said, "out_refund_no").isEmpty()
                ? DouyinCallbacks.required(said, "refund_id")
                : text(said, "out_refund_no");
        var status = text(said, "status");
        var report = switch (status) {
            case "SUCCESS" ->
                new RefundReport.Succeeded(
                        number,
                        id,
                        DouyinCallbacks.amount(said, "refund_total_amount"),
                        null,
                        Members.time(said, "event_time"),
                        msg);
            case "FAIL" -> new RefundReport.Closed(number, id, msg);
            default -> throw DouyinCallbacks.notAuthentic("a refund with the unknown status " + status);
        };
        return ParsedNotification.ofRefund(repeatKey, "refund", DouyinCallbacks.payment(said), report);
    }

    /**
     * A payer requests a refund. The reference lists no members of this message; these are those of the other calls.
     */
    private static ParsedNotification request(DouyinAccount account, String repeatKey, JsonObject said, String msg) {
        DouyinCallbacks.requireOurs(account, said, "app_id");
        return new ParsedNotification(
                repeatKey,
                "pre_create_refund",
                new ParsedNotification.RefundRequested(
                        DouyinCallbacks.payment(said),
                        DouyinCallbacks.required(said, "refund_id"),
                        DouyinCallbacks.amount(said, "refund_total_amount"),
                        reason(said),
                        Members.time(said, "refund_audit_deadline"),
                        msg));
    }

    /** A text, or the texts of a list. */
    private static String reason(JsonObject said) {
        var plain = text(said, "refund_reason");
        List<JsonObject> reasons = Members.objects(said.get("refund_reason"));
        return reasons.isEmpty()
                ? plain
                : reasons.stream()
                        .map(r -> text(r, "text"))
                        .filter(t -> !t.isEmpty())
                        .collect(Collectors.joining("；"));
    }

    private static ParsedNotification settlement(DouyinAccount account, String repeatKey, JsonObject said, String msg) {
        DouyinCallbacks.requireOurs(account, said, "app_id");
        var at = DouyinSettlements.time(said);
        return DouyinCallbacks.settlement(
                repeatKey,
                said,
                text(said, "out_order_no"),
                text(said, "out_settle_no"),
                text(said, "settle_id"),
                at == null ? Members.time(said, "event_time") : at,
                msg);
    }
}
