package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What Alipay says to merchants by itself: signed forms. */
@ApplicationScoped
class AlipayMessages {
    /** Who pays, unless the order names somebody. */
    static final String PAYER = "2088000000000001";

    static final String LOGON = "sim***@example.com";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final DateTimeFormatter PRECISE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

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

    /** What this order was asked for with. */
    static JsonObject request(Books.Trade trade) {
        try (var reader = Json.createReader(new StringReader(trade.request()))) {
            return reader.readObject();
        }
    }

    /** The payer, as this order's application knows him: newer ones are told an open id instead of a user id. */
    record Payer(boolean open, String id) {
        static Payer of(Books.Trade trade) {
            var request = request(trade);
            for (var name : List.of("buyer_open_id", "op_buyer_open_id")) {
                var id = request.getString(name, "");
                if (!id.isEmpty()) return new Payer(true, id);
            }
            var id = request.getString("buyer_id", "");
            return new Payer(false, id.isEmpty() ? PAYER : id);
        }
    }

    /** What paid: the one purse that the simulated payer has. */
    static JsonArray fundBill(Books.Trade trade) {
        return Json.createArrayBuilder()
                .add(Json.createObjectBuilder()
                        .add("amount", yuan(trade.reported()))
                        .add("fund_channel", "ALIPAYACCOUNT"))
                .build();
    }

    Notifier.Message message(Books.Account seller, Books.Trade trade, Books.Notice notice) {
        var fields = new TreeMap<String, String>();
        var detail = alipay.detail(trade.id());
        var onBehalf = detail.map(AlipayBooks.Detail::appId).orElse("");
        var request = request(trade);
        var payer = Payer.of(trade);
        fields.put("app_id", onBehalf.isEmpty() ? seller.appId() : onBehalf);
        fields.put("auth_app_id", seller.appId());
        fields.put("body", request.getString("body", ""));
        fields.put(payer.open() ? "buyer_open_id" : "buyer_id", payer.id());
        fields.put("buyer_logon_id", LOGON);
        fields.put("charset", "utf-8");
        fields.put("gmt_create", time(trade.createdAt()));
        fields.put("notify_id", notice.noticeNo().replace("-", ""));
        fields.put("notify_time", time(clock.instant()));
        fields.put("notify_type", "trade_status_sync");
        fields.put("out_trade_no", trade.number());
        fields.put("passback_params", request.getString("passback_params", ""));
        fields.put("seller_id", seller.mchNo());
        fields.put("subject", trade.subject());
        fields.put("total_amount", yuan(trade.reported()));
        fields.put("trade_no", trade.transactionId());
        fields.put("version", "1.0");
        if (trade.paidAt() != null) {
            fields.put("buyer_pay_amount", yuan(trade.reported()));
            fields.put("fund_bill_list", fundBill(trade).toString());
            fields.put("gmt_payment", time(trade.paidAt()));
            fields.put("invoice_amount", yuan(trade.reported()));
            fields.put("point_amount", yuan(0));
            fields.put("receipt_amount", yuan(trade.reported()));
        }
        var refund = Optional.ofNullable(notice.refundId()).flatMap(alipay::refund);
        if (refund.isPresent()) about(refund.get(), trade, fields);
        else aboutTrade(detail, notice, fields);
        fields.values().removeIf(String::isEmpty);
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

    /** Told of every refund, at the payment's own address: {@code refund_fee} is all that went back until now. */
    private static void about(AlipayBooks.Refund refund, Books.Trade trade, Map<String, String> fields) {
        var whole = refund.total() >= trade.amount();
        fields.put("trade_status", whole ? "TRADE_CLOSED" : "TRADE_SUCCESS");
        fields.put("gmt_refund", PRECISE.format(refund.at().atOffset(ZoneOffset.ofHours(8))));
        fields.put("out_biz_no", refund.requestNo());
        fields.put("refund_fee", yuan(refund.total()));
        if (whole) fields.put("gmt_close", time(refund.at()));
    }

    /** A payment, or the end of a trade: closed by nobody's payment, or past all refunds. */
    private void aboutTrade(Optional<AlipayBooks.Detail> detail, Books.Notice notice, Map<String, String> fields) {
        var end = notice.refundState();
        fields.put("trade_status", end == null ? "TRADE_SUCCESS" : end);
        if ("TRADE_CLOSED".equals(end)) {
            fields.put(
                    "gmt_close", time(detail.map(AlipayBooks.Detail::closedAt).orElseGet(clock::instant)));
        }
        // an app's payment comes with it although nothing went back, so its mere presence is no sign of a refund
        if (detail.map(d -> d.product() == AlipayProduct.APP).orElse(false)) fields.put("refund_fee", yuan(0));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
