package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.V2Answers.present;
import static io.cashdesk.provider.wxpay.WxpayFailures.notAuthentic;

import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.RefundReport;
import java.security.GeneralSecurityException;

/**
 * Notifications of API v2: XML. A payment's is signed with the account's v2 key; a refund's is not signed, but its
 * content is encrypted under that key.
 */
final class V2Notifications {
    private V2Notifications() {}

    /** Verifies, then reads. */
    static ParsedNotification read(V2Account account, byte[] body) {
        V2Message message;
        try {
            message = V2Message.read(body);
        } catch (V2Message.Malformed e) {
            throw notAuthentic("it is no flat XML");
        }
        try {
            return message.has("req_info") ? refund(account, message) : payment(account, message);
        } catch (ProviderFailure e) {
            if (e.kind() == ProviderFailure.Kind.NOT_AUTHENTIC) throw e;
            throw notAuthentic("the transaction or refund in it cannot be read");
        } catch (IllegalArgumentException e) {
            throw notAuthentic("the transaction or refund in it cannot be read");
        }
    }

    /**
     * Answers to queries have the same format and are signed with the same key, so that an answer could be replayed as
     * a notification. Therefore a message with any state but success is refused.
     */
    private static ParsedNotification payment(V2Account account, V2Message message) {
        var type = V2Signature.of(message.fields());
        if (type == null || !message.isSigned(type, account.key())) throw notAuthentic("the signature is wrong");
        if (!message.has("mch_id") || !message.has("appid")) throw notAuthentic("it does not say whose it is");
        if (!message.text("return_code").equals("SUCCESS")) throw notAuthentic("return_code is not SUCCESS");
        if (!message.text("result_code").equals("SUCCESS")) {
            V2Answers.checkIdentity(account, message);
            var key = String.join(
                    " ",
                    "TRANSACTION.FAIL",
                    message.text("out_trade_no"),
                    message.text("err_code"),
                    message.text("nonce_str"));
            return ParsedNotification.onlyKept(key, "TRANSACTION.FAIL");
        }
        if (message.has("trade_state") && !message.text("trade_state").equals("SUCCESS")) {
            throw notAuthentic("it is an answer and no notification");
        }
        var paid = V2Answers.paid(present(message, "out_trade_no"), message);
        var amount = paid.amount();
        var key = String.join(
                " ", "TRANSACTION.SUCCESS", paid.transactionId(), "SUCCESS", amount.minor() + " " + amount.currency());
        return ParsedNotification.ofPayment(key, "TRANSACTION.SUCCESS", paid);
    }

    /**
     * Only WeChat Pay and the merchant know the key of the content. The cipher (AES-256-ECB) has no authentication tag:
     * a changed byte shows only as an impossible value, so every field is parsed strictly and amounts are compared with
     * the refund's. The kinds have the names of API v3.
     */
    private static ParsedNotification refund(V2Account account, V2Message message) {
        V2Answers.checkIdentity(account, message);
        V2Message content;
        try {
            content = V2Message.read(V2Signature.open(message.text("req_info"), account.key()), "root");
        } catch (GeneralSecurityException | V2Message.Malformed e) {
            throw notAuthentic("req_info does not open under the account's key");
        }
        var report = V2Answers.notifiedRefund(content);
        var kind = "REFUND." + v3State(report);
        var key = kind + " " + content.text("refund_id");
        return ParsedNotification.ofRefund(key, kind, present(content, "out_trade_no"), report);
    }

    private static String v3State(RefundReport report) {
        if (report instanceof RefundReport.Succeeded) return "SUCCESS";
        if (report instanceof RefundReport.Abnormal) return "ABNORMAL";
        return report instanceof RefundReport.Closed ? "CLOSED" : "PROCESSING";
    }
}
