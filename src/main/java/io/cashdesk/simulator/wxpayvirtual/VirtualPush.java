package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The events that are pushed: about goods, coins and refunds, as JSON or XML, in plain, compatible or safe mode.
 *
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html">the
 *     document</a>
 */
@ApplicationScoped
class VirtualPush {
    /** The sender of all events of virtual payment. */
    private static final String WECHAT = "oSimulatedWeChatXpayTeam0001";

    @Inject
    VirtualProfiles profiles;

    @Inject
    VirtualOrderStore orders;

    @Inject
    VirtualRefundStore refunds;

    @Inject
    Clock clock;

    NotificationMessage message(Account account, Trade trade, Notification notification) {
        var profile = profiles.of(account);
        var order = orders.of(trade);
        var tampered = notification.tries() == 1 && trade.has(VirtualFault.NOTIFY_TAMPERED);
        var foreign = notification.tries() == 1 && trade.has(VirtualFault.NOTIFY_OF_OTHER_APPLICATION);
        var event = notification.refundId() == null
                ? payment(profile, order, tampered && profile.mode() == PushMode.PLAIN)
                : refund(profile, order, refunds.get(notification.refundId()), notification.tries() - 1);
        var plain = profile.xml() ? xml(event) : event.toString();
        var sealed = new Sealed(
                Long.toString(clock.instant().getEpochSecond()),
                RandomText.digits(9),
                notification.forged() ? profile.token() + "-forged" : profile.token());
        var encrypted = profile.mode() == PushMode.PLAIN
                ? ""
                : new PushCipher(profile.aesKey())
                        .encrypt(RandomText.hex(16), plain, foreign ? "wx" + RandomText.hex(16) : account.appId());
        var url = profile.pushUrl() + (profile.pushUrl().contains("?") ? "&" : "?") + sealed.query(encrypted);
        var sent = tampered && !encrypted.isEmpty() ? tampered(encrypted) : encrypted;
        var body = body(profile, event, sent);
        var message = new NotificationMessage(
                url,
                profile.xml() ? "text/xml" : "application/json",
                Map.of(),
                body,
                new PushReply(account.appId(), profile)::acknowledges);
        return encrypted.isEmpty() ? message : message.encrypting(plain, Exchange.Verdict.SIGNED);
    }

    /** The parameters that authenticate a message; the signatures are made with this token. */
    private record Sealed(String timestamp, String nonce, String token) {
        String query(String encrypted) {
            var query = "signature=" + VirtualSignature.ofPush(token, timestamp, nonce) + "&timestamp=" + timestamp
                    + "&nonce=" + nonce + "&openid=" + encoded(WECHAT);
            if (encrypted.isEmpty()) return query;
            return query + "&encrypt_type=aes&msg_signature="
                    + VirtualSignature.ofPush(token, timestamp, nonce, encrypted);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Another character in the middle. */
    private static String tampered(String encrypted) {
        var at = encrypted.length() / 2;
        return encrypted.substring(0, at) + (encrypted.charAt(at) == 'A' ? 'B' : 'A') + encrypted.substring(at + 1);
    }

    private static String body(VirtualProfile profile, JsonObject event, String encrypted) {
        if (encrypted.isEmpty()) return profile.xml() ? xml(event) : event.toString();
        var whole = profile.mode() == PushMode.COMPATIBLE
                ? Json.createObjectBuilder(event)
                : Json.createObjectBuilder().add("ToUserName", profile.originalId());
        var object = whole.add("Encrypt", encrypted).build();
        return profile.xml() ? xml(object) : object.toString();
    }

    private JsonObjectBuilder head(VirtualProfile profile, String event) {
        return Json.createObjectBuilder()
                .add("ToUserName", profile.originalId())
                .add("FromUserName", WECHAT)
                .add("CreateTime", clock.instant().getEpochSecond())
                .add("MsgType", "event")
                .add("Event", event);
    }

    /** @param tampered true: another quantity than was bought */
    private JsonObject payment(VirtualProfile profile, VirtualOrder order, boolean tampered) {
        var trade = order.trade();
        var detail = order.detail();
        var quantity = tampered ? detail.quantity() + 1 : detail.quantity();
        var info = Json.createObjectBuilder();
        if (!detail.coins()) info.add("ProductId", detail.productId());
        info.add("Quantity", quantity)
                .add("OrigPrice", detail.coins() ? trade.amount() : detail.origPrice())
                .add("ActualPrice", trade.reported())
                .add("Attach", detail.attach());
        return head(profile, detail.coins() ? "xpay_coin_pay_notify" : "xpay_goods_deliver_notify")
                .add("OpenId", detail.openid())
                .add("OutTradeNo", trade.number())
                .add("Env", detail.env())
                .add(
                        "WeChatPayInfo",
                        Json.createObjectBuilder()
                                .add("MchOrderNo", detail.channelOrderId())
                                .add("TransactionId", trade.transactionId())
                                .add("PaidTime", trade.paidAt().getEpochSecond()))
                .add(detail.coins() ? "CoinInfo" : "GoodsInfo", info)
                .build();
    }

    private JsonObject refund(VirtualProfile profile, VirtualOrder order, VirtualRefund refund, int retries) {
        var done = refund.state().equals(VirtualRefund.SUCCESS);
        return head(profile, "xpay_refund_notify")
                .add("OpenId", order.detail().openid())
                .add("WxRefundId", refund.wxRefundId())
                .add("MchRefundId", refund.number())
                .add("WxOrderId", order.detail().wxOrderId())
                .add("MchOrderId", order.trade().number())
                .add("RefundFee", refund.amount())
                .add("RetCode", done ? 0 : 1)
                .add("RetMsg", done ? "ok" : "refund failed")
                .add("RefundStartTimestamp", refund.createdAt().getEpochSecond())
                .add("RefundSuccTimestamp", done ? refund.endedAt().getEpochSecond() : 0)
                .add(
                        "WxpayRefundTransactionId",
                        done ? "5030" + refund.wxRefundId().substring(1, 25) : "")
                .add("RetryTimes", retries)
                .build();
    }

    /** The XML twin of an object: texts as CDATA, numbers as they are, objects as elements with elements. */
    static String xml(JsonObject object) {
        return "<xml>" + elements(object) + "</xml>";
    }

    private static String elements(JsonObject object) {
        return new LinkedHashMap<>(object)
                .entrySet().stream()
                        .map(e -> "<" + e.getKey() + ">"
                                + switch (e.getValue().getValueType()) {
                                    case OBJECT -> elements(e.getValue().asJsonObject());
                                    case STRING -> cdata(((JsonString) e.getValue()).getString());
                                    default -> e.getValue().toString();
                                }
                                + "</" + e.getKey() + ">")
                        .collect(Collectors.joining());
    }

    private static String cdata(String text) {
        return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>";
    }
}
