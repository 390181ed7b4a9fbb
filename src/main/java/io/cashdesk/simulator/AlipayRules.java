package io.cashdesk.simulator;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Alipay takes, field by field, as its documents say. */
final class AlipayRules {
    static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    private static final BigDecimal MOST = new BigDecimal("100000000");
    private static final Duration LIFE_OF_A_CODE = Duration.ofHours(2);
    private static final Duration LONGEST = Duration.ofDays(15);

    /** Texts that need not be there, and the characters that they may have. */
    private static final Map<String, Integer> LENGTHS = Map.of(
            "body", 400,
            "passback_params", 512,
            "store_id", 32,
            "operator_id", 28,
            "terminal_id", 32,
            "merchant_order_no", 64,
            "seller_id", 28,
            "quit_url", 400);

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

    static Refused parameter(String name) {
        return business("INVALID_PARAMETER", "参数有误：" + name);
    }

    /**
     * @param amount fen
     * @param expiresAt when it can no longer be paid; for a code on a screen, when nobody can scan it any more
     */
    record Order(AlipayProduct product, String number, long amount, String subject, Instant expiresAt) {}

    static Order order(AlipayProduct product, JsonObject content, Instant now) {
        product.code(content);
        LENGTHS.forEach((name, most) -> optional(content, name, most));
        var amount = fen(content, "total_amount");
        checkDiscounts(content, amount);
        checkChannels(content);
        checkGoods(content);
        if (product == AlipayProduct.WAP && optional(content, "quit_url", 400).isEmpty()) throw parameter("quit_url");
        if (product == AlipayProduct.PAGE) checkPage(content);
        if (product == AlipayProduct.CREATE) checkPayer(product, content);
        var expiry = expiry(product, content, now);
        if (!expiry.isAfter(now)) {
            throw business("NOW_TIME_AFTER_EXPIRE_TIME_ERROR", "当前时间已超过允许支付的时间");
        }
        return new Order(product, number(content), amount, subject(content), expiry);
    }

    static String number(JsonObject content) {
        var number = text(content, "out_trade_no");
        if (!number.matches("[0-9A-Za-z_]{1,64}")) throw parameter("out_trade_no");
        return number;
    }

    private static String text(JsonObject content, String name) {
        if (content.get(name) instanceof JsonString s) return s.getString();
        throw parameter(name);
    }

    /** The text there, or an empty one. */
    static String optional(JsonObject content, String name, int most) {
        var value = content.get(name);
        if (value == null || value == JsonValue.NULL) return "";
        if (value instanceof JsonString s && s.getString().length() <= most) return s.getString();
        throw parameter(name);
    }

    private static String subject(JsonObject content) {
        var subject = text(content, "subject");
        if (subject.isEmpty() || subject.length() > 256 || subject.matches("(?s).*[/=&].*")) throw parameter("subject");
        return subject;
    }

    /** Yuan, at most two decimals, from 0.01 to 100,000,000; some clients write it as a number. */
    static long fen(JsonObject content, String name) {
        var value = content.get(name);
        var text = value instanceof JsonNumber n ? n.toString() : text(content, name);
        if (!text.matches("\\d{1,9}(\\.\\d{1,2})?")) throw parameter(name);
        var yuan = new BigDecimal(text);
        if (yuan.signum() <= 0 || yuan.compareTo(MOST) > 0) throw parameter(name);
        return yuan.movePointRight(2).longValueExact();
    }

    private static void checkDiscounts(JsonObject content, long total) {
        if (!content.containsKey("discountable_amount") || !content.containsKey("undiscountable_amount")) return;
        var sum = orNothing(content, "discountable_amount") + orNothing(content, "undiscountable_amount");
        if (sum != total) throw parameter("discountable_amount");
    }

    private static long orNothing(JsonObject content, String name) {
        return optional(content, name, 12).matches("0(\\.0{1,2})?") ? 0 : fen(content, name);
    }

    private static void checkChannels(JsonObject content) {
        var only = optional(content, "enable_pay_channels", 128);
        var not = optional(content, "disable_pay_channels", 128);
        if (!only.isEmpty() && !not.isEmpty()) throw parameter("disable_pay_channels");
    }

    private static void checkGoods(JsonObject content) {
        if (!content.containsKey("goods_detail")) return;
        if (!(content.get("goods_detail") instanceof JsonArray goods)) throw parameter("goods_detail");
        for (var good : goods) {
            var whole = good instanceof JsonObject g
                    && g.keySet().containsAll(List.of("goods_id", "goods_name", "quantity", "price"));
            if (!whole) throw parameter("goods_detail");
        }
    }

    private static void checkPage(JsonObject content) {
        if (!optional(content, "qr_pay_mode", 2).matches("[0-4]?")) throw parameter("qr_pay_mode");
        if (!optional(content, "goods_type", 2).matches("[01]?")) throw parameter("goods_type");
        if (!Set.of("", "PCWEB", "ALIAPP").contains(optional(content, "integration_type", 16))) {
            throw parameter("integration_type");
        }
    }

    /** A trade that exists before anybody scans or opens anything needs to know whose it is. */
    private static void checkPayer(AlipayProduct product, JsonObject content) {
        if (product.code(content).equals("JSAPI_PAY")
                && optional(content, "op_app_id", 32).isEmpty()) {
            throw parameter("op_app_id");
        }
        var known = Set.of("buyer_id", "buyer_open_id", "op_buyer_open_id", "buyer_logon_id").stream()
                .anyMatch(name -> !optional(content, name, 128).isEmpty());
        if (!known) throw parameter("buyer_id");
        if (!optional(content, "buyer_id", 28).matches("(2088\\d{12})?")) throw parameter("buyer_id");
    }

    private static Instant expiry(AlipayProduct product, JsonObject content, Instant now) {
        var asked = optional(content, "time_expire", 32);
        var express = optional(content, "timeout_express", 8);
        var expiry = !asked.isEmpty()
                ? moment(asked)
                : !express.isEmpty() ? after("timeout_express", express, now) : now.plus(product.life(content));
        if (product != AlipayProduct.PRECREATE) return expiry;
        var shorter = optional(content, "qr_code_timeout_express", 8);
        var code = shorter.isEmpty() ? now.plus(LIFE_OF_A_CODE) : after("qr_code_timeout_express", shorter, now);
        return code.isBefore(expiry) ? code : expiry;
    }

    private static Instant moment(String text) {
        try {
            var format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
            return LocalDateTime.parse(text, format).toInstant(CHINA);
        } catch (DateTimeException e) {
            throw parameter("time_expire");
        }
    }

    /** From one minute to fifteen days, as "90m", "2h", "15d"; "1c" is the end of the day in China. */
    private static Instant after(String name, String text, Instant now) {
        if (text.equals("1c")) {
            return now.atOffset(CHINA).toLocalDate().plusDays(1).atStartOfDay().toInstant(CHINA);
        }
        if (!text.matches("[1-9]\\d{0,4}[mhd]")) throw parameter(name);
        var count = Long.parseLong(text.substring(0, text.length() - 1));
        var life = switch (text.charAt(text.length() - 1)) {
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        if (life.compareTo(LONGEST) > 0) throw parameter(name);
        return now.plus(life);
    }

    /** What a till sends: the payer's code, and how it was read. */
    static String authCode(JsonObject content) {
        var scene = optional(content, "scene", 32);
        if (!Set.of("bar_code", "security_code").contains(scene)) throw parameter("scene");
        var code = text(content, "auth_code");
        var right = scene.equals("bar_code") ? "(2[5-9]|30)\\d{14,22}" : "fp.{33}";
        if (!code.matches(right)) throw codeInvalid();
        return code;
    }

    static Refused codeInvalid() {
        return business("PAYMENT_AUTH_CODE_INVALID", "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款");
    }

    /**
     * @param number the merchant's number for the refund, or an empty text
     * @param amount fen
     */
    record Refund(String number, long amount, String reason) {}

    static Refund refund(JsonObject content) {
        var currency = optional(content, "refund_currency", 8);
        if (!Set.of("", "CNY").contains(currency)) throw parameter("refund_currency");
        return new Refund(
                optional(content, "out_request_no", 64),
                fen(content, "refund_amount"),
                optional(content, "refund_reason", 256));
    }

    /** Whether the caller asked for more than is always answered. */
    static boolean asksFor(JsonObject content, String option) {
        if (!content.containsKey("query_options")) return false;
        if (!(content.get("query_options") instanceof JsonArray options)) throw parameter("query_options");
        return options.stream()
                .anyMatch(o -> o instanceof JsonString s && s.getString().equalsIgnoreCase(option));
    }
}
