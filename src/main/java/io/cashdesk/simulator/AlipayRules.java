package io.cashdesk.simulator;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What Alipay's precreate takes, field by field, as its documents say. */
final class AlipayRules {
    private static final BigDecimal MOST = new BigDecimal("100000000");

    private AlipayRules() {}

    /** A refusal in Alipay's words. */
    static final class Refused extends RuntimeException {
        final String code;
        final String subCode;

        Refused(String code, String subCode, String message) {
            super(message, null, false, false);
            this.code = code;
            this.subCode = subCode;
        }
    }

    static Refused business(String subCode, String message) {
        return new Refused("40004", "ACQ." + subCode, message);
    }

    /** @param expiresAt as asked, or null */
    record Precreate(String number, long amount, String subject, Instant expiresAt) {}

    static Precreate precreate(JsonObject content, Instant now) {
        var expiry = expiry(content);
        if (expiry != null && !expiry.isAfter(now)) {
            throw business("NOW_TIME_AFTER_EXPIRE_TIME_ERROR", "当前时间已超过允许支付的时间");
        }
        return new Precreate(number(content), fen(content, "total_amount"), subject(content), expiry);
    }

    static String number(JsonObject content) {
        var number = text(content, "out_trade_no");
        if (!number.matches("[0-9A-Za-z_]{1,64}")) throw business("INVALID_PARAMETER", "参数有误：out_trade_no");
        return number;
    }

    private static String text(JsonObject content, String name) {
        if (content.get(name) instanceof JsonString s) return s.getString();
        throw business("INVALID_PARAMETER", "参数有误：" + name);
    }

    private static String subject(JsonObject content) {
        var subject = text(content, "subject");
        if (subject.isEmpty() || subject.length() > 256 || subject.matches("(?s).*[/=&].*")) {
            throw business("INVALID_PARAMETER", "参数有误：subject");
        }
        return subject;
    }

    static long fen(JsonObject content, String name) {
        var text = text(content, name);
        if (!text.matches("\\d{1,9}(\\.\\d{1,2})?")) throw business("INVALID_PARAMETER", "参数有误：" + name);
        var yuan = new BigDecimal(text);
        if (yuan.signum() <= 0 || yuan.compareTo(MOST) > 0) throw business("INVALID_PARAMETER", "参数有误：" + name);
        return yuan.movePointRight(2).longValueExact();
    }

    private static Instant expiry(JsonObject content) {
        if (!content.containsKey("time_expire")) return null;
        try {
            var format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
            return LocalDateTime.parse(text(content, "time_expire"), format).toInstant(ZoneOffset.ofHours(8));
        } catch (DateTimeException e) {
            throw business("INVALID_PARAMETER", "参数有误：time_expire");
        }
    }
}
