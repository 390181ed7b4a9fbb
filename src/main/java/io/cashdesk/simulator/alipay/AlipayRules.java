package io.cashdesk.simulator.alipay;

import static java.util.Map.entry;

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
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code biz_content} and refuses what Alipay's documents do not allow. */
final class AlipayRules {
    private static final BigDecimal MOST = new BigDecimal("100000000");
    private static final Duration LIFE_OF_A_CODE = Duration.ofHours(2);
    private static final Duration LONGEST = Duration.ofDays(15);

    /** Optional texts and their longest length in characters. */
    private static final Map<String, Integer> LENGTHS = Map.ofEntries(
            entry("body", 400),
            entry("passback_params", 512),
            entry("store_id", 32),
            entry("operator_id", 28),
            entry("terminal_id", 32),
            entry("merchant_order_no", 32),
            entry("seller_id", 28),
            entry("buyer_logon_id", 100),
            entry("specified_channel", 128),
            entry("request_from_url", 256),
            entry("quit_url", 400));

    /** Likewise of each entry of {@code goods_detail}. */
    private static final Map<String, Integer> LENGTHS_OF_GOODS = Map.of(
            "goods_id", 64,
            "alipay_goods_id", 32,
            "goods_name", 256,
            "goods_category", 24,
            "categories_tree", 128,
            "body", 1000,
            "show_url", 400);

    /** Likewise of {@code extend_params}. */
    private static final Map<String, Integer> LENGTHS_OF_EXTENSIONS = Map.of(
            "sys_service_provider_id", 64,
            "hb_fq_num", 5,
            "hb_fq_seller_percent", 3,
            "card_type", 32,
            "specified_seller_name", 32,
            "industry_reflux_info", 512);

    /** Where Alipay notifies, and where it sends a browser back to. */
    private static final int LONGEST_ADDRESS = 256;

    private AlipayRules() {}

    /**
     * An order.
     *
     * @param amount fen
     * @param expiresAt after which it cannot be paid or, for a QR code, cannot be scanned
     */
    record Order(AlipayProduct product, String number, long amount, String subject, Instant expiresAt) {}

    static Order order(AlipayProduct product, JsonObject content, Instant now) {
        product.code(content);
        LENGTHS.forEach((name, most) -> optional(content, name, most));
        var amount = fen(content, "total_amount");
        checkDiscounts(content, amount);
        checkChannels(content);
        checkGoods(content);
        checkExtensions(content);
        if (product == AlipayProduct.WAP && optional(content, "quit_url", 400).isEmpty())
            throw AlipayRefusal.parameter("quit_url");
        if (product == AlipayProduct.PAGE) checkPage(content);
        if (product == AlipayProduct.CREATE) checkPayer(product, content);
        var expiry = expiry(product, content, now);
        if (!expiry.isAfter(now)) {
            throw AlipayRefusal.business("NOW_TIME_AFTER_EXPIRE_TIME_ERROR", "当前时间已超过允许支付的时间");
        }
        return new Order(product, number(content), amount, subject(content), expiry);
    }

    static String number(JsonObject content) {
        var number = text(content, "out_trade_no");
        if (!number.matches("[0-9A-Za-z_]{1,64}")) throw AlipayRefusal.parameter("out_trade_no");
        return number;
    }

    private static String text(JsonObject content, String name) {
        if (content.get(name) instanceof JsonString s) return s.getString();
        throw AlipayRefusal.parameter(name);
    }

    /** The text of an optional field, or an empty text. */
    static String optional(JsonObject content, String name, int most) {
        var value = content.get(name);
        if (value == null || value == JsonValue.NULL) return "";
        if (value instanceof JsonString s && characters(s.getString()) <= most) return s.getString();
        throw AlipayRefusal.parameter(name);
    }

    private static String subject(JsonObject content) {
        var subject = text(content, "subject");
        if (subject.isEmpty() || characters(subject) > 256 || subject.matches("(?s).*[/=&].*"))
            throw AlipayRefusal.parameter("subject");
        return subject;
    }

    /**
     * An amount in fen. It is written in yuan with at most two decimals, from 0.01 to 100,000,000, as a text or a
     * number.
     */
    static long fen(JsonObject content, String name) {
        var value = content.get(name);
        var text = value instanceof JsonNumber n ? n.toString() : text(content, name);
        if (!text.matches("\\d{1,9}(\\.\\d{1,2})?")) throw AlipayRefusal.parameter(name);
        var yuan = new BigDecimal(text);
        if (yuan.signum() <= 0 || yuan.compareTo(MOST) > 0) throw AlipayRefusal.parameter(name);
        return yuan.movePointRight(2).longValueExact();
    }

    private static void checkDiscounts(JsonObject content, long total) {
        if (!content.containsKey("discountable_amount") || !content.containsKey("undiscountable_amount")) return;
        var sum = orNothing(content, "discountable_amount") + orNothing(content, "undiscountable_amount");
        if (sum != total) throw AlipayRefusal.parameter("discountable_amount");
    }

    private static long orNothing(JsonObject content, String name) {
        return optional(content, name, 12).matches("0(\\.0{1,2})?") ? 0 : fen(content, name);
    }

    private static void checkChannels(JsonObject content) {
        var only = optional(content, "enable_pay_channels", 128);
        var not = optional(content, "disable_pay_channels", 128);
        if (!only.isEmpty() && !not.isEmpty()) throw AlipayRefusal.parameter("disable_pay_channels");
    }

    private static void checkGoods(JsonObject content) {
        if (!content.containsKey("goods_detail")) return;
        if (!(content.get("goods_detail") instanceof JsonArray goods)) throw AlipayRefusal.parameter("goods_detail");
        for (var good : goods) {
            var whole = good instanceof JsonObject g
                    && g.keySet().containsAll(List.of("goods_id", "goods_name", "quantity", "price"));
            if (!whole) throw AlipayRefusal.parameter("goods_detail");
            checkTexts(good.asJsonObject(), LENGTHS_OF_GOODS);
        }
    }

    private static void checkExtensions(JsonObject content) {
        if (!content.containsKey("extend_params")) return;
        if (!(content.get("extend_params") instanceof JsonObject extensions)) {
            throw AlipayRefusal.parameter("extend_params");
        }
        checkTexts(extensions, LENGTHS_OF_EXTENSIONS);
    }

    private static void checkTexts(JsonObject object, Map<String, Integer> lengths) {
        object.forEach((name, value) -> {
            var most = lengths.get(name);
            if (most != null && value instanceof JsonString text && characters(text.getString()) > most) {
                throw AlipayRefusal.parameter(name);
            }
        });
    }

    /** The addresses beside {@code biz_content}. */
    static void checkAddresses(Map<String, String> fields) {
        for (var name : List.of("notify_url", "return_url")) {
            if (characters(fields.getOrDefault(name, "")) > LONGEST_ADDRESS) throw AlipayRefusal.parameter(name);
        }
    }

    /** Alipay counts characters: a Chinese character is one, and an emoji too. */
    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static void checkPage(JsonObject content) {
        if (!optional(content, "qr_pay_mode", 2).matches("[0-4]?")) throw AlipayRefusal.parameter("qr_pay_mode");
        if (!optional(content, "goods_type", 2).matches("[01]?")) throw AlipayRefusal.parameter("goods_type");
        if (!Set.of("", "PCWEB", "ALIAPP").contains(optional(content, "integration_type", 16))) {
            throw AlipayRefusal.parameter("integration_type");
        }
    }

    /** A trade that exists before the payer scans or opens anything must name the payer. */
    private static void checkPayer(AlipayProduct product, JsonObject content) {
        if (product.code(content).equals("JSAPI_PAY")
                && optional(content, "op_app_id", 32).isEmpty()) {
            throw AlipayRefusal.parameter("op_app_id");
        }
        var known = Set.of("buyer_id", "buyer_open_id", "op_buyer_open_id", "buyer_logon_id").stream()
                .anyMatch(name -> !optional(content, name, 128).isEmpty());
        if (!known) throw AlipayRefusal.parameter("buyer_id");
        if (!optional(content, "buyer_id", 28).matches("(2088\\d{12})?")) throw AlipayRefusal.parameter("buyer_id");
    }

    private static Instant expiry(AlipayProduct product, JsonObject content, Instant now) {
        var given = optional(content, "time_expire", 32);
        var express = optional(content, "timeout_express", 8);
        var expiry = !given.isEmpty()
                ? moment(given)
                : !express.isEmpty() ? after("timeout_express", express, now) : now.plus(product.life(content));
        if (product != AlipayProduct.PRECREATE) return expiry;
        var shorter = optional(content, "qr_code_timeout_express", 8);
        var code = shorter.isEmpty() ? now.plus(LIFE_OF_A_CODE) : after("qr_code_timeout_express", shorter, now);
        return code.isBefore(expiry) ? code : expiry;
    }

    private static Instant moment(String text) {
        try {
            var format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
            return LocalDateTime.parse(text, format).toInstant(AlipayFormat.CHINA);
        } catch (DateTimeException e) {
            throw AlipayRefusal.parameter("time_expire");
        }
    }

    /**
     * The end of a time from one minute to fifteen days: "90m", "2h", "15d", or "1c" for the end of the day in China.
     */
    private static Instant after(String name, String text, Instant now) {
        if (text.equals("1c")) {
            return now.atOffset(AlipayFormat.CHINA)
                    .toLocalDate()
                    .plusDays(1)
                    .atStartOfDay()
                    .toInstant(AlipayFormat.CHINA);
        }
        if (!text.matches("[1-9]\\d{0,4}[mhd]")) throw AlipayRefusal.parameter(name);
        var count = Long.parseLong(text.substring(0, text.length() - 1));
        var life = switch (text.charAt(text.length() - 1)) {
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        if (life.compareTo(LONGEST) > 0) throw AlipayRefusal.parameter(name);
        return now.plus(life);
    }

    /** The payment code, in the format of its scene. */
    static String authCode(JsonObject content) {
        var scene = optional(content, "scene", 32);
        if (!Set.of("bar_code", "security_code").contains(scene)) throw AlipayRefusal.parameter("scene");
        var code = text(content, "auth_code");
        var right = scene.equals("bar_code") ? "(2[5-9]|30)\\d{14,22}" : "fp.{33}";
        if (!code.matches(right)) throw AlipayRefusal.codeInvalid();
        return code;
    }

    /**
     * A refund.
     *
     * @param number the merchant's number for the refund, or an empty text
     * @param amount fen
     */
    record Refund(String number, long amount, String reason) {}

    static Refund refund(JsonObject content) {
        var currency = optional(content, "refund_currency", 8);
        if (!Set.of("", "CNY").contains(currency)) throw AlipayRefusal.parameter("refund_currency");
        return new Refund(
                optional(content, "out_request_no", 64),
                fen(content, "refund_amount"),
                optional(content, "refund_reason", 256));
    }

    /** Whether the caller requests this optional field of the answer. */
    static boolean asksFor(JsonObject content, String option) {
        if (!content.containsKey("query_options")) return false;
        if (!(content.get("query_options") instanceof JsonArray options))
            throw AlipayRefusal.parameter("query_options");
        return options.stream()
                .anyMatch(o -> o instanceof JsonString s && s.getString().equalsIgnoreCase(option));
    }
}
