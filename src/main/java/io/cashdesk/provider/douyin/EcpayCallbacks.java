package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.douyin.Members.text;

import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;

/**
 * Callbacks of the guaranteed payment: a JSON text in JSON, whose SHA-1 with the token proves the sender. {@code type}
 * is not signed, so that the text itself says what it is about, and a type that differs is refused. The time is not
 * limited, because it is not known whether a repetition has the time of the first one; what was applied once is not
 * applied again.
 */
final class EcpayCallbacks {
    private EcpayCallbacks() {}

    static ParsedNotification read(DouyinAccount account, RawNotification raw) {
        var outer = DouyinCallbacks.object(raw);
        if (!(outer.get("msg") instanceof JsonString content)) throw DouyinCallbacks.notAuthentic("it has no msg");
        var msg = content.getString();
        if (!EcpaySignature.isCallback(
                account.token(), text(outer, "timestamp"), text(outer, "nonce"), msg, signature(outer))) {
            throw DouyinCallbacks.notAuthentic("msg_signature is wrong");
        }
        var said = DouyinCallbacks.object(msg);
        var type = text(outer, "type");
        var kind = kind(said);
        if (!kind.equals(type)) throw DouyinCallbacks.notAuthentic("type is not that of the message");
        var repeatKey = kind + " " + Digest.sha256(msg);
        return switch (kind) {
            case "payment" -> payment(account, repeatKey, said, msg);
            case "refund" -> refund(account, repeatKey, said, msg);
            case "settle" -> settlement(account, repeatKey, said, msg);
            default -> ParsedNotification.onlyKept(repeatKey, kind);
        };
    }

    private static String signature(JsonObject outer) {
        return outer.get("msg_signature") instanceof JsonString text ? text.getString() : "";
    }

    /** What the signed text is about. */
    private static String kind(JsonObject said) {
        if (said.containsKey("cp_orderno")) return "payment";
        if (said.containsKey("cp_refundno") || said.containsKey("refund_no")) return "refund";
        if (said.containsKey("cp_settle_no") || said.containsKey("settle_no")) return "settle";
        return "withdraw";
    }

    /** Sent only for success, whose amount is {@code total_amount}. */
    private static ParsedNotification payment(DouyinAccount account, String repeatKey, JsonObject said, String msg) {
        var status = text(said, "status");
        if (!status.equals("SUCCESS")) return ParsedNotification.onlyKept(repeatKey, "payment " + status);
        return ParsedNotification.ofPayment(
                repeatKey,
                "payment",
                new ProviderReport.Paid(
                        DouyinCallbacks.required(said, "cp_orderno"),
                        merchantNo(account, said),
                        text(said, "appid"),
                        DouyinCallbacks.required(said, "order_id"),
                        DouyinCallbacks.amount(said, "total_amount"),
                        Members.time(said, "paid_at"),
                        null,
                        "",
                        ProviderReport.WentBack.NOTHING,
                        ProviderReport.Details.payMethod(Members.wallet(said, "way")),
                        msg));
    }

    /** No member names the merchant; another application is another merchant's. */
    private static String merchantNo(DouyinAccount account, JsonObject said) {
        var appId = text(said, "appid");
        return appId.equals(account.appId()) ? account.merchantNo() : appId;
    }

    /**
     * A refund that was requested here says in {@code cp_extra} of which payment it is. One that was made in Douyin's
     * console has Douyin's numbers; it cannot be queried without a number of ours, and need not be.
     */
    private static ParsedNotification refund(DouyinAccount account, String repeatKey, JsonObject said, String msg) {
        DouyinCallbacks.requireOurs(account, said, "appid");
        var id = text(said, "refund_no");
        var number = text(said, "cp_refundno").isEmpty()
                ? DouyinCallbacks.required(said, "refund_no")
                : text(said, "cp_refundno");
        var status = text(said, "status");
        var report = switch (status) {
            case "SUCCESS" ->
                new RefundReport.Succeeded(
                        number,
                        id,
                        DouyinCallbacks.amount(said, "refund_amount"),
                        null,
                        Members.time(said, "refunded_at"),
                        msg);
            case "FAIL" -> new RefundReport.Closed(number, id, msg);
            default -> throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "a refund with the unknown status " + status);
        };
        return ParsedNotification.ofRefund(repeatKey, "refund", DouyinCallbacks.payment(said), report);
    }

    /** Douyin settles by itself after a long time; such a settlement has no number of ours. */
    private static ParsedNotification settlement(DouyinAccount account, String repeatKey, JsonObject said, String msg) {
        DouyinCallbacks.requireOurs(account, said, "app_id");
        return DouyinCallbacks.settlement(
                repeatKey,
                said,
                text(said, "out_order_no"),
                text(said, "cp_settle_no"),
                text(said, "settle_no"),
                Members.time(said, "settled_at"),
                msg);
    }
}
