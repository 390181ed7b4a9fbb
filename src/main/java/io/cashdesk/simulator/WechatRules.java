package io.cashdesk.simulator;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;

/** What WeChat Pay's Native prepay takes, field by field, as its documents say. */
final class WechatRules {
    private static final Set<String> FIELDS = Set.of(
            "appid",
            "mchid",
            "description",
            "out_trade_no",
            "time_expire",
            "attach",
            "notify_url",
            "goods_tag",
            "support_fapiao",
            "limit_pay",
            "amount",
            "detail",
            "scene_info",
            "settle_info");

    private WechatRules() {}

    /** A refusal in WeChat Pay's words. */
    static final class Refused extends RuntimeException {
        final int status;
        final String code;
        final transient Map<String, String> detail;

        Refused(int status, String code, String message, Map<String, String> detail) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
            this.detail = detail;
        }
    }

    static Refused parameter(String field, String issue) {
        return new Refused(
                400, "PARAM_ERROR", "参数错误", Map.of("field", "/" + field, "issue", issue, "location", "body"));
    }

    /** The order that a body asks for; refused as WeChat Pay would refuse it. */
    static Prepay prepay(JsonObject body) {
        for (var name : body.keySet()) {
            if (!FIELDS.contains(name)) throw parameter(name, "illegal additional parameter");
            if (body.get(name) == JsonValue.NULL) throw parameter(name, "null is not allowed");
        }
        text(body, "appid", 32, true);
        text(body, "mchid", 32, true);
        var description = text(body, "description", 127, true);
        var number = text(body, "out_trade_no", 32, true);
        if (!number.matches("[0-9A-Za-z_|*-]{6,32}")) throw parameter("out_trade_no", "6-32 of 0-9A-Za-z_-|*");
        var notifyUrl = text(body, "notify_url", 255, true);
        checkNotifyUrl(notifyUrl);
        text(body, "attach", 128, false);
        text(body, "goods_tag", 32, false);
        return new Prepay(number, description, notifyUrl, amount(body), expiry(body));
    }

    /** @param expiresAt as asked, or null */
    record Prepay(String number, String description, String notifyUrl, long amount, Instant expiresAt) {}

    private static String text(JsonObject body, String name, int max, boolean required) {
        if (!body.containsKey(name)) {
            if (required) throw parameter(name, "missing");
            return "";
        }
        if (!(body.get(name) instanceof JsonString s)) throw parameter(name, "must be a string");
        var text = s.getString();
        if (text.codePointCount(0, text.length()) > max) throw parameter(name, "longer than " + max);
        if (required && text.isEmpty()) throw parameter(name, "empty");
        return text;
    }

    private static void checkNotifyUrl(String url) {
        try {
            var uri = URI.create(url);
            if (uri.getHost() != null
                    && uri.getRawQuery() == null
                    && Set.of("http", "https").contains(uri.getScheme())) return;
        } catch (IllegalArgumentException malformed) {
            // refused below
        }
        throw parameter("notify_url", "http(s) address without a query");
    }

    private static long amount(JsonObject body) {
        if (!(body.get("amount") instanceof JsonObject amount)) throw parameter("amount", "missing");
        for (var name : amount.keySet()) {
            if (!Set.of("total", "currency").contains(name))
                throw parameter("amount/" + name, "illegal additional parameter");
        }
        if (!(amount.get("total") instanceof JsonNumber total)
                || !total.toString().matches("[1-9]\\d{0,11}")) {
            throw parameter("amount/total", "must be an integer of at least 1");
        }
        if (amount.containsKey("currency") && !amount.getString("currency", "").equals("CNY")) {
            throw parameter("amount/currency", "must be CNY");
        }
        return total.longValueExact();
    }

    private static Instant expiry(JsonObject body) {
        var text = text(body, "time_expire", 64, false);
        if (text.isEmpty()) return null;
        if (!text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d")) {
            throw parameter("time_expire", "must be like 2018-06-08T10:34:56+08:00");
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw parameter("time_expire", "is no moment");
        }
    }
}
