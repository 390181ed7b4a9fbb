package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.util.LinkedHashMap;

/**
 * Builds WeChat Pay's notifications: JSON whose content is encrypted with the account's APIv3 key, signed in the
 * headers.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">the documents that it follows</a>
 */
@ApplicationScoped
class WxpayNotifications {
    @Inject
    WxpayPlatform platform;

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayRefundStore refundStore;

    @Inject
    @Any
    Instance<WxpayOtherApi> otherApis;

    @Inject
    Clock clock;

    /** The message, built by the API version through which the payment or refund was made. */
    NotificationMessage message(Account account, Trade trade, Notification notification) {
        var order = orderStore.withDetail(trade);
        for (var api : otherApis) {
            var message = api.message(account, order, notification);
            if (message.isPresent()) return message.get();
        }
        var message = inV3(account, order, notification);
        var probed = notification.tries() == 1 && trade.has(WxpayFault.NOTIFY_PROBED_FIRST);
        return probed ? message.after(probe(message)) : message;
    }

    private NotificationMessage inV3(Account account, WxpayOrder order, Notification notification) {
        if (notification.refundId() == null) {
            var transaction = WxpayObjects.transaction(account, order, false);
            var url = order.trade().notifyUrl();
            return message(url, account, notification, "TRANSACTION.SUCCESS", "支付成功", transaction);
        }
        var refund = refundStore.get(notification.refundId());
        var state = notification.refundState() == null ? refund.state() : notification.refundState();
        var summary = switch (state) {
            case "SUCCESS" -> "退款成功";
            case "CLOSED" -> "退款关闭";
            default -> "退款异常";
        };
        var content = WxpayObjects.reportedRefund(account, order, refund, state);
        return message(refund.notifyUrl(), account, notification, "REFUND." + state, summary, content);
    }

    private NotificationMessage message(
            String url, Account account, Notification notification, String event, String summary, JsonObject content) {
        var type = event.startsWith("REFUND") ? "refund" : "transaction";
        var nonce = RandomText.letters(12);
        var body = Json.createObjectBuilder()
                .add("id", notification.number())
                .add("create_time", WxpayObjects.time(clock.instant()))
                .add("resource_type", "encrypt-resource")
                .add("event_type", event)
                .add("summary", summary)
                .add(
                        "resource",
                        Json.createObjectBuilder()
                                .add("original_type", type)
                                .add("algorithm", "AEAD_AES_256_GCM")
                                .add(
                                        "ciphertext",
                                        WxpayCipher.encrypt(content.toString(), account.sharedKey(), nonce, type))
                                .add("associated_data", type)
                                .add("nonce", nonce))
                .build()
                .toString();
        var headers = platform.headers(account, notification.forged() ? body + " " : body);
        return new NotificationMessage(
                        url, "application/json", headers, body, (status, answer) -> status == 200 || status == 204)
                .encrypting(content.toString(), Exchange.Verdict.SIGNED);
    }

    /**
     * The same message with a signature that is no signature. WeChat Pay sends such probes to find merchants who do not
     * verify.
     */
    private static NotificationMessage probe(NotificationMessage message) {
        var headers = new LinkedHashMap<>(message.headers());
        headers.put("Wechatpay-Signature", "WECHATPAY/SIGNTEST/" + RandomText.letters(300));
        return new NotificationMessage(
                        message.url(), message.contentType(), headers, message.body(), message.acknowledgement())
                .encrypting(message.plain(), message.verdict());
    }
}
