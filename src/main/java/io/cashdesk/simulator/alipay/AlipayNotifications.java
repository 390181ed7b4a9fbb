package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.PlatformKeys;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Builds Alipay's notifications: signed forms. A merchant acknowledges one with the body {@code success}. */
@ApplicationScoped
class AlipayNotifications {
    private static final DateTimeFormatter PRECISE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");
    private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

    @Inject
    PlatformKeys platformKeys;

    @Inject
    AlipayTradeStore tradeStore;

    @Inject
    AlipayRefundStore refundStore;

    @Inject
    Clock clock;

    /** A form, signed, sent to the payment's {@code notify_url} for refunds too. */
    NotificationMessage message(Account seller, Trade trade, Notification notification) {
        var fields = new TreeMap<String, String>();
        var detail = tradeStore.detail(trade.id());
        var onBehalf = detail.map(AlipayTradeDetail::appId).orElse("");
        var request = AlipayFormat.request(trade);
        var payer = AlipayFormat.Payer.of(trade);
        fields.put("app_id", onBehalf.isEmpty() ? seller.appId() : onBehalf);
        fields.put("auth_app_id", seller.appId());
        fields.put("body", request.getString("body", ""));
        fields.put(payer.open() ? "buyer_open_id" : "buyer_id", payer.id());
        fields.put("buyer_logon_id", AlipayFormat.LOGON);
        fields.put("charset", "utf-8");
        fields.put("gmt_create", AlipayFormat.time(trade.createdAt()));
        fields.put("notify_id", notification.number().replace("-", ""));
        fields.put("notify_time", AlipayFormat.time(clock.instant()));
        fields.put("notify_type", "trade_status_sync");
        fields.put("out_trade_no", trade.number());
        fields.put("passback_params", request.getString("passback_params", ""));
        fields.put("seller_id", seller.mchNo());
        fields.put("subject", trade.subject());
        fields.put("total_amount", Yuan.text(trade.reported()));
        fields.put("trade_no", trade.transactionId());
        fields.put("version", "1.0");
        if (trade.paidAt() != null) addPayment(trade, fields);
        var refund = Optional.ofNullable(notification.refundId()).flatMap(refundStore::get);
        if (refund.isPresent()) addRefund(refund.get(), trade, fields);
        else addTradeState(detail, notification, fields);
        fields.values().removeIf(String::isEmpty);
        var text = AlipayFormat.canonical(fields);
        var sign = Rsa.sign(
                notification.forged() ? text + "." : text,
                platformKeys.get(AlipayServer.NAME).privateKey());
        fields.put("sign_type", "RSA2"); // neither this nor sign is part of a notification's signed text
        fields.put("sign", sign);
        var form = fields.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        return new NotificationMessage(
                trade.notifyUrl(), FORM, Map.of(), form, (status, answer) -> status == 200 && answer.equals("success"));
    }

    private static void addPayment(Trade trade, Map<String, String> fields) {
        fields.put("buyer_pay_amount", Yuan.text(trade.reported()));
        fields.put("fund_bill_list", AlipayFormat.fundBill(trade).toString());
        fields.put("gmt_payment", AlipayFormat.time(trade.paidAt()));
        fields.put("invoice_amount", Yuan.text(trade.reported()));
        fields.put("point_amount", Yuan.text(0));
        fields.put("receipt_amount", Yuan.text(trade.reported()));
    }

    /** {@code refund_fee} is the sum of all refunds up to this one. */
    private static void addRefund(AlipayRefund refund, Trade trade, Map<String, String> fields) {
        var whole = refund.total() >= trade.amount();
        fields.put("trade_status", whole ? "TRADE_CLOSED" : "TRADE_SUCCESS");
        fields.put("gmt_refund", PRECISE.format(refund.at().atOffset(AlipayFormat.CHINA)));
        fields.put("out_biz_no", refund.requestNo());
        fields.put("refund_fee", Yuan.text(refund.total()));
        if (whole) fields.put("gmt_close", AlipayFormat.time(refund.at()));
    }

    /**
     * A payment, or the end of a trade: closed because nobody paid, or finished because nothing can be refunded any
     * more.
     */
    private void addTradeState(
            Optional<AlipayTradeDetail> detail, Notification notification, Map<String, String> fields) {
        var end = notification.refundState();
        fields.put("trade_status", end == null ? "TRADE_SUCCESS" : end);
        if ("TRADE_CLOSED".equals(end)) {
            fields.put(
                    "gmt_close",
                    AlipayFormat.time(detail.map(AlipayTradeDetail::closedAt).orElseGet(clock::instant)));
        }
        // the notification of an app payment has this field although nothing was refunded
        if (detail.map(d -> d.product() == AlipayProduct.APP).orElse(false)) fields.put("refund_fee", Yuan.text(0));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
