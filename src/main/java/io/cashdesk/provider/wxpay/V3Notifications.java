package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayFailures.notAuthentic;

import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RawNotification;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/** Notifications of API v3: JSON whose content is encrypted under the APIv3 key, with a signature in the headers. */
final class V3Notifications {
    /**
     * The largest accepted difference between WeChat Pay's clock and ours; beyond it the message counts as a replay.
     */
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);

    private V3Notifications() {}

    /** Verifies, decrypts, then reads. */
    static ParsedNotification read(V3Client client, RawNotification raw, Instant now) {
        var timestamp = raw.header("Wechatpay-Timestamp").orElse("");
        if (!timestamp.matches("\\d{1,12}")) throw notAuthentic("Wechatpay-Timestamp is missing");
        var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                .abs();
        if (age.compareTo(MAX_SKEW) > 0) throw notAuthentic("Wechatpay-Timestamp is more than five minutes off");
        var signature = raw.header("Wechatpay-Signature").orElse("");
        if (signature.startsWith("WECHATPAY/SIGNTEST/")) throw notAuthentic("a signature probe");
        JsonObject content;
        JsonObject envelope;
        try {
            content = client.open(
                    raw.header("Wechatpay-Serial").orElse(""),
                    timestamp,
                    raw.header("Wechatpay-Nonce").orElse(""),
                    signature,
                    raw.header("Wechatpay-Signature-Type").orElse(null),
                    raw.text());
            envelope = V3Client.object(raw.text());
        } catch (RuntimeException e) { // the SDK throws many types; each means that the message is not authentic
            throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "the signature or the content is wrong", e);
        }
        return parsed(client.account(), envelope.getString("event_type", ""), content);
    }

    private static ParsedNotification parsed(V3Account account, String event, JsonObject content) {
        try {
            if (event.equals("TRANSACTION.SUCCESS")) return payment(account, event, content);
            if (event.startsWith("REFUND.")) return refund(account, event, content);
        } catch (ProviderFailure e) {
            throw notAuthentic("the transaction or refund in it cannot be read");
        }
        return ParsedNotification.onlyKept(event + " " + Digest.sha256(content.toString()), event);
    }

    private static ParsedNotification payment(V3Account account, String event, JsonObject content) {
        var report = V3Answers.order(account, content.getString("out_trade_no", ""), content);
        var key = String.join(
                " ",
                event,
                content.getString("transaction_id", ""),
                content.getString("trade_state", ""),
                String.valueOf(content.getJsonObject("amount")));
        return ParsedNotification.ofPayment(key, event, report);
    }

    private static ParsedNotification refund(V3Account account, String event, JsonObject content) {
        V3Answers.checkIdentity(account, content);
        var key = event + " " + content.getString("refund_id", "") + " " + content.getString("refund_status", "");
        return ParsedNotification.ofRefund(
                key, event, content.getString("out_trade_no", ""), V3Answers.refund(content));
    }
}
