package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.PlatformKeys;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.Trade;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Clock;
import java.util.LinkedHashMap;

/** Callbacks: payments, refunds, settlements, and in the general trade system requests of payers for refunds. */
@ApplicationScoped
class DouyinNotifications {
    private static final String JSON = "application/json";

    @Inject
    PlatformKeys platformKeys;

    @Inject
    DouyinStore orders;

    @Inject
    DouyinRefundStore refunds;

    @Inject
    DouyinSettlementStore settlements;

    @Inject
    Clock clock;

    /** @param url where it goes */
    private record Content(String type, JsonObject msg, String url) {}

    NotificationMessage message(Account account, Trade trade, Notification notification) {
        var order = orders.of(trade);
        var ecpay = order.isOf(DouyinDialect.ECPAY);
        var content = content(account, order, notification);
        var msg = DouyinFormat.shaped(content.msg(), trade).toString();
        return ecpay
                ? ofEcpay(account, content, msg, notification.forged())
                : ofTrade(content, msg, notification.forged());
    }

    private Content content(Account account, DouyinOrder order, Notification notification) {
        var ecpay = order.isOf(DouyinDialect.ECPAY);
        if (notification.refundId() == null) {
            var msg = ecpay
                    ? EcpayObjects.payment(account, order)
                    : TradeObjects.payment(account, order, notification.refundState() != null);
            return new Content("payment", msg, order.trade().notifyUrl());
        }
        var refund = refunds.find(notification.refundId());
        if (refund.isEmpty()) {
            var settlement = settlements.get(notification.refundId());
            var msg = ecpay
                    ? EcpayObjects.settlement(account, order, settlement)
                    : TradeObjects.settlement(account, order, settlement);
            return new Content("settle", msg, settlement.notifyUrl());
        }
        if (notification.refundState().equals(DouyinRefund.REQUESTED)) {
            return new Content(
                    "pre_create_refund",
                    TradeObjects.request(account, order, refund.get()),
                    refund.get().notifyUrl());
        }
        var msg = ecpay
                ? EcpayObjects.refund(account, order, refund.get(), notification.refundState())
                : TradeObjects.refund(account, order, refund.get(), notification.refundState());
        return new Content("refund", msg, refund.get().notifyUrl());
    }

    private NotificationMessage ofEcpay(Account account, Content content, String msg, boolean wrongly) {
        var timestamp = Long.toString(clock.instant().getEpochSecond());
        var nonce = RandomText.digits(4);
        var token = account.storedNode().getString("token") + (wrongly ? "." : "");
        var body = Json.createObjectBuilder()
                .add("timestamp", timestamp)
                .add("nonce", nonce)
                .add("msg", msg)
                .add("type", content.type())
                .add("msg_signature", EcpaySignature.ofCallback(token, timestamp, nonce, msg))
                .build();
        return new NotificationMessage(
                content.url(), JSON, new LinkedHashMap<>(), body.toString(), DouyinNotifications::acknowledges);
    }

    private NotificationMessage ofTrade(Content content, String msg, boolean wrongly) {
        var timestamp = Long.toString(clock.instant().getEpochSecond());
        var nonce = RandomText.hex(32);
        var body = Json.createObjectBuilder()
                .add("msg", msg)
                .add("type", content.type())
                .add("version", "3.0")
                .build()
                .toString();
        var signed = ByteAuthorization.callbackText(timestamp, nonce, wrongly ? body + " " : body);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Byte-Timestamp", timestamp);
        headers.put("Byte-Nonce-Str", nonce);
        headers.put(
                "Byte-Signature",
                Rsa.sign(signed, platformKeys.get(DouyinServer.NAME).privateKey()));
        return new NotificationMessage(content.url(), JSON, headers, body, DouyinNotifications::acknowledges);
    }

    /** HTTP 200 with {@code err_no} 0, a number. */
    static boolean acknowledges(int status, String body) {
        if (status != 200) return false;
        try (var reader = Json.createReader(new StringReader(body))) {
            return isZero(reader.readObject().get("err_no"));
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            return false;
        }
    }

    private static boolean isZero(JsonValue value) {
        return value instanceof JsonNumber number && number.toString().equals("0");
    }
}
