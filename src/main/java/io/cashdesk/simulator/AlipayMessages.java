package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What Alipay says to merchants by itself: signed forms. */
@ApplicationScoped
class AlipayMessages {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    @Inject
    SimulatedAccounts accounts;

    @Inject
    AlipayBooks alipay;

    @Inject
    Clock clock;

    static String time(Instant at) {
        return TIME.format(at.atOffset(ZoneOffset.ofHours(8)));
    }

    static String yuan(long fen) {
        return fen / 100 + "." + (fen % 100 < 10 ? "0" : "") + fen % 100;
    }

    /** Sorted names and values, joined, nothing encoded: the text that is signed. */
    static String canonical(Map<String, String> fields) {
        return new TreeMap<>(fields)
                .entrySet().stream()
                        .filter(e -> !e.getValue().isEmpty())
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("&"));
    }

    Notifier.Message message(Books.Account account, Books.Trade trade, Books.Notice notice) {
        var fields = new TreeMap<String, String>();
        fields.put("app_id", account.appId());
        fields.put("auth_app_id", account.appId());
        fields.put("buyer_id", "2088000000000001");
        fields.put("buyer_logon_id", "sim***@example.com");
        fields.put("buyer_pay_amount", yuan(trade.reported()));
        fields.put("charset", "utf-8");
        fields.put("gmt_create", time(trade.createdAt()));
        fields.put("gmt_payment", time(trade.paidAt()));
        fields.put("notify_id", notice.noticeNo().replace("-", ""));
        fields.put("notify_time", time(clock.instant()));
        fields.put("notify_type", "trade_status_sync");
        fields.put("out_trade_no", trade.number());
        fields.put("receipt_amount", yuan(trade.reported()));
        fields.put("seller_id", account.mchNo());
        fields.put("subject", trade.subject());
        fields.put("total_amount", yuan(trade.reported()));
        fields.put("trade_no", trade.transactionId());
        var refund = Optional.ofNullable(notice.refundId()).flatMap(alipay::refund);
        var back = refund.map(r -> alipay.refunded(trade.id(), r)).orElse(0L);
        fields.put("trade_status", back < trade.amount() ? "TRADE_SUCCESS" : "TRADE_CLOSED");
        refund.ifPresent(r -> {
            fields.put("gmt_refund", time(r.at()) + ".123");
            fields.put("refund_fee", yuan(back)); // all of it until now
            fields.put("out_biz_no", r.requestNo());
            if (back >= trade.amount()) fields.put("gmt_close", time(r.at()));
        });
        fields.put("version", "1.0");
        var text = canonical(fields);
        var sign = Keys.sign(
                notice.forged() ? text + "." : text, accounts.platform("alipay").privateKey());
        fields.put("sign_type", "RSA2"); // neither this nor sign is part of a notification's signed text
        fields.put("sign", sign);
        var form = fields.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        return new Notifier.Message("application/x-www-form-urlencoded; charset=utf-8", Map.of(), form);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
