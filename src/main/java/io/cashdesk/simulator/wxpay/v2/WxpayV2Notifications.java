package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.wxpay.WxpayObjects;
import io.cashdesk.simulator.wxpay.WxpayOrder;
import io.cashdesk.simulator.wxpay.WxpayRefund;
import io.cashdesk.simulator.wxpay.WxpayRefundStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds v2's notifications: of payments, signed like an answer; of refunds, unsigned, with encrypted content. */
@ApplicationScoped
class WxpayV2Notifications {
    private static final String XML = "text/xml";

    @Inject
    WxpayV2Store v2;

    @Inject
    WxpayRefundStore refundStore;

    /** The message that reports a payment or refund that was made through v2; empty if it was not. */
    Optional<NotificationMessage> message(Account account, WxpayOrder order, Notification notification) {
        var paymentOnly = notification.refundId() == null;
        var type = v2.signType(paymentOnly ? order.trade().id() : notification.refundId());
        var key = v2.key(account.id()).map(WxpayV2Store.Key::apiKey);
        if (key.isEmpty() || type.isEmpty()) return Optional.empty();
        if (paymentOnly) {
            var fields = payment(account, order, notification, key.get(), type.get());
            return Optional.of(message(order.trade().notifyUrl(), fields));
        }
        var refund = refundStore.get(notification.refundId());
        var content = WxpayV2Xml.write("root", content(order, refund, notification));
        var fields = refund(account, order, content, notification, key.get());
        return Optional.of(message(refund.notifyUrl(), fields).encrypting(content, Exchange.Verdict.ENCRYPTED));
    }

    private static NotificationMessage message(String url, SortedMap<String, String> fields) {
        var body = WxpayV2Xml.write("xml", fields);
        return new NotificationMessage(
                url, XML, Map.of(), body, (status, answer) -> status == 200 && isSuccess(answer));
    }

    /** Whether the merchant's answer has the return code SUCCESS. */
    private static boolean isSuccess(String answer) {
        try {
            var fields = WxpayV2Xml.read(answer.getBytes(StandardCharsets.UTF_8));
            return fields.getOrDefault("return_code", "").equals("SUCCESS");
        } catch (WxpayV2Xml.Unreadable e) {
            return false;
        }
    }

    private static SortedMap<String, String> payment(
            Account account, WxpayOrder order, Notification notification, String key, String type) {
        var fields = WxpayV2Orders.payment(account, order);
        fields.put("return_code", "SUCCESS");
        fields.put("result_code", "SUCCESS");
        fields.put("nonce_str", RandomText.letters(32));
        if (!type.equals(WxpayV2Signature.MD5)) fields.put("sign_type", type);
        fields.put("sign", WxpayV2Signature.sign(fields, notification.forged() ? RandomText.letters(32) : key, type));
        return fields;
    }

    private static SortedMap<String, String> content(WxpayOrder order, WxpayRefund refund, Notification notification) {
        var trade = order.trade();
        var total = Long.toString(trade.reported());
        var amount = Long.toString(refund.amount());
        var state = notification.refundState() == null ? refund.state() : notification.refundState();
        var content = new TreeMap<String, String>();
        content.put("transaction_id", trade.transactionId());
        content.put("out_trade_no", trade.number());
        content.put("refund_id", refund.refundId());
        content.put("out_refund_no", refund.number());
        content.put("total_fee", total);
        content.put("settlement_total_fee", total);
        content.put("refund_fee", amount);
        content.put("settlement_refund_fee", amount);
        content.put("refund_status", WxpayV2Refunds.state(state));
        content.put("refund_recv_accout", WxpayObjects.RECEIVED_ON);
        content.put("refund_account", "REFUND_SOURCE_UNSETTLED_FUNDS");
        content.put("refund_request_source", "API");
        if (state.equals("SUCCESS")) content.put("success_time", WxpayV2Refunds.time(refund.succeededAt()));
        return content;
    }

    private static SortedMap<String, String> refund(
            Account account, WxpayOrder order, String content, Notification notification, String key) {
        var fields = new TreeMap<String, String>();
        fields.put("return_code", "SUCCESS");
        fields.put("appid", order.detail().appId());
        fields.put("mch_id", account.mchNo());
        if (order.detail().partner()) fields.put("sub_mch_id", order.detail().subMchid());
        fields.put("nonce_str", RandomText.letters(32));
        var keyToUse = notification.forged() ? RandomText.letters(32) : key;
        fields.put("req_info", WxpayV2Signature.encrypt(content, keyToUse));
        return fields;
    }
}
