package io.cashdesk.otherprovider;

import io.undertow.server.HttpServerExchange;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Alipay: precreate, query, close and notifications. */
final class OtherAlipay {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter LOCAL_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final State state;

    /** The key pair that signs as Alipay. */
    final Pair platform = Pair.make("alipay-platform");

    OtherAlipay(State state) {
        this.state = state;
    }

    /** One call of a merchant. */
    void serve(HttpServerExchange exchange, String body) throws Exception {
        var fields = new TreeMap<String, String>();
        for (var pair : (exchange.getQueryString() + "&" + body).split("&")) {
            var at = pair.indexOf('=');
            if (at > 0) fields.put(Http.decode(pair.substring(0, at)), Http.decode(pair.substring(at + 1)));
        }
        var account = state.accounts.get(fields.getOrDefault("app_id", ""));
        var signature = fields.remove("sign");
        var right = account != null
                && signature != null
                && account.keys().verifies(join(fields), signature)
                && (!account.certificates()
                        || fields.getOrDefault("app_cert_sn", "").length() == 32);
        if (!right) {
            answer(
                    exchange,
                    account,
                    "error",
                    Json.createObjectBuilder()
                            .add("code", "40002")
                            .add("msg", "Invalid Arguments")
                            .add("sub_code", "isv.invalid-signature"));
            return;
        }
        var content = Http.object(fields.get("biz_content"));
        var number = content.getString("out_trade_no");
        var method = fields.get("method");
        if (method.equals("alipay.trade.precreate")) {
            precreate(exchange, account, fields.get("notify_url"), content);
            return;
        }
        var order = state.orders.get(number);
        if (order == null || !order.scanned) {
            answer(exchange, account, method, refusal("ACQ.TRADE_NOT_EXIST"));
        } else if (method.equals("alipay.trade.query")) {
            answer(exchange, account, method, trade(order));
        } else if (order.state.equals("NOTPAY")) {
            order.state = "CLOSED";
            answer(exchange, account, method, success().add("out_trade_no", number));
        } else {
            answer(exchange, account, method, refusal("ACQ.TRADE_STATUS_ERROR"));
        }
    }

    private void precreate(HttpServerExchange exchange, Account account, String notifyUrl, JsonObject content)
            throws IOException {
        var yuan = new BigDecimal(content.getString("total_amount"));
        var fresh = new Order(
                account,
                content.getString("out_trade_no"),
                yuan.movePointRight(2).longValueExact(),
                notifyUrl,
                content.toString(),
                LocalDateTime.parse(content.getString("time_expire"), LOCAL_TIME)
                        .toInstant(CHINA));
        var outcome = state.outcomeOf(fresh.number);
        if (!outcome.taken()) {
            fail(exchange, account, outcome);
            return;
        }
        var order = state.orders.merge(fresh.number, fresh, (old, now) -> old);
        Http.pause(state.delayMillis);
        if (!outcome.prompt()) {
            fail(exchange, account, outcome);
            return;
        }
        answer(
                exchange,
                account,
                "alipay.trade.precreate",
                success().add("out_trade_no", order.number).add("qr_code", order.code));
    }

    private void fail(HttpServerExchange exchange, Account account, Outcome outcome) throws IOException {
        var code = outcome.code();
        if (code.isEmpty()) {
            Http.send(exchange, outcome.status(), "text/html", "…");
        } else if (code.startsWith("ACQ.")) {
            answer(exchange, account, "alipay.trade.precreate", refusal(code));
        } else { // a code of the gateway
            answer(
                    exchange,
                    account,
                    "alipay.trade.precreate",
                    Json.createObjectBuilder().add("code", code).add("msg", "…"));
        }
    }

    private static JsonObjectBuilder trade(Order order) {
        var returned = order.state.equals("RETURNED");
        var paid = order.state.equals("SUCCESS");
        var json = success()
                .add("out_trade_no", order.number)
                .add("trade_no", order.transaction)
                .add(
                        "trade_status",
                        paid
                                ? "TRADE_SUCCESS"
                                : returned || order.state.equals("CLOSED") ? "TRADE_CLOSED" : "WAIT_BUYER_PAY")
                .add("total_amount", yuan(order.reportedFen))
                .add("buyer_user_id", "2088000000000009");
        return paid || returned ? json.add("send_pay_date", LOCAL_TIME.format(order.paidAt.atOffset(CHINA))) : json;
    }

    /** The form of the notification of a payment. */
    String notification(Order order, boolean forged) {
        var fields = new TreeMap<String, String>();
        fields.put("app_id", order.account.appId());
        fields.put("charset", "utf-8");
        fields.put("gmt_payment", LOCAL_TIME.format(order.paidAt.atOffset(CHINA)));
        fields.put("notify_id", OtherProvider.digits(34));
        fields.put("notify_time", LOCAL_TIME.format(OffsetDateTime.now(CHINA)));
        fields.put("notify_type", "trade_status_sync");
        fields.put("out_trade_no", order.number);
        fields.put("refund_fee", "0.00"); // payment notifications have it, as documented
        fields.put("seller_id", order.reportedMerchant);
        fields.put("subject", "一个 + 新字段 & 中文");
        fields.put("total_amount", yuan(order.reportedFen));
        fields.put("trade_no", order.transaction);
        fields.put("trade_status", "TRADE_SUCCESS");
        fields.put("version", "1.0");
        fields.put("a_field_of_the_future", "must not be dropped");
        var sign = platform.sign(join(fields) + (forged ? "x" : ""));
        fields.put("sign", sign);
        fields.put("sign_type", "RSA2");
        return fields.entrySet().stream()
                .map(e -> Http.encode(e.getKey()) + "=" + Http.encode(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static JsonObjectBuilder success() {
        return Json.createObjectBuilder().add("code", "10000").add("msg", "Success");
    }

    private static JsonObjectBuilder refusal(String code) {
        return Json.createObjectBuilder()
                .add("code", "40004")
                .add("msg", "Business Failed")
                .add("sub_code", code);
    }

    private void answer(HttpServerExchange exchange, Account account, String method, JsonObjectBuilder content)
            throws IOException {
        var text = content.build().toString();
        var certificate = account != null && account.certificates()
                ? ",\"alipay_cert_sn\":\"" + platform.alipaySerial() + "\""
                : "";
        var body = "{\"" + method.replace('.', '_') + "_response\":" + text + certificate + ",\"sign\":\""
                + platform.sign(text) + "\"}";
        Http.send(exchange, 200, "text/html;charset=utf-8", body);
    }

    private static String join(Map<String, String> fields) {
        return fields.entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
    }

    private static String yuan(long fen) {
        return String.format("%d.%02d", fen / 100, fen % 100);
    }
}
