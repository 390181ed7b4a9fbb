package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.payload.OrderPayload;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** The fields of {@code data} that make an order, each checked and refused by name. */
final class OrderFields {
    /** One hundred million yuan, the most that any of the supported providers takes. */
    static final long MOST_FEN = 10_000_000_000L;

    /** No supported provider keeps an unpaid order longer. */
    static final Duration LONGEST = Duration.ofDays(15);

    /** Fields of vk-uni-pay's createPayment that are not offered: refused by name, never ignored. */
    static final Set<String> NOT_OFFERED = Set.of("profit_sharing", "productid", "wxpay_virtual", "config_directory");

    private OrderFields() {}

    static OutTradeNo outTradeNo(JsonBody data) {
        if (data.json().get("out_trade_no") instanceof JsonString s) return new OutTradeNo(s.getString());
        throw ProblemType.OUT_TRADE_NO.with(data.shown("out_trade_no"));
    }

    static NewOrder.Goods goods(JsonBody data) {
        return new NewOrder.Goods(total(data), subject(data), type(data), custom(data));
    }

    static NewOrder.Buyer buyer(JsonBody data) {
        return new NewOrder.Buyer(
                data.text("user_id", 128).orElse(null),
                data.text("nickname", 128).orElse(null));
    }

    static Money total(JsonBody data) {
        if (data.json().get("total_fee") instanceof JsonNumber n
                && n.toString().matches("[1-9]\\d{0,10}")
                && n.longValueExact() <= MOST_FEN) {
            return Money.fen(n.longValueExact());
        }
        throw ProblemType.TOTAL_FEE.with(data.shown("total_fee"));
    }

    /** Any signs: where a provider does not take one, its adapter sends another in its place. */
    static String subject(JsonBody data) {
        if (data.json().get("subject") instanceof JsonString s) {
            var text = s.getString().strip();
            if (!text.isEmpty()
                    && text.codePointCount(0, text.length()) <= 127
                    && text.codePoints().noneMatch(Character::isISOControl)) {
                return text;
            }
        }
        throw ProblemType.SUBJECT.with(data.shown("subject"));
    }

    static String type(JsonBody data) {
        if (data.json().get("type") instanceof JsonString s
                && !s.getString().isBlank()
                && s.getString().length() <= 64
                && s.getString().codePoints().noneMatch(Character::isISOControl)) {
            return s.getString();
        }
        throw ProblemType.TYPE.with(data.shown("type"));
    }

    /** A JSON object without the keys of the order's own record, beside which webhooks show it. */
    static String custom(JsonBody data) {
        var custom = data.object("custom");
        if (custom.isEmpty()) return "{}";
        for (var key : custom.get().json().keySet()) {
            if (OrderPayload.FIELDS.contains(key)) throw ProblemType.CUSTOM_COLLIDES.with(key);
        }
        var text = custom.get().json().toString();
        if (text.indexOf("\\u0000") >= 0) {
            throw ProblemType.FIELD.with("custom", "an object without the character U+0000", "one with it");
        }
        return text;
    }

    /**
     * The deadline: {@code time_expire} (Unix milliseconds, kept in whole seconds), or a time from now.
     *
     * @param otherwise the time from now without {@code time_expire}
     * @param soonest how far ahead it must be at least
     */
    static Instant deadline(JsonBody data, Duration otherwise, Duration soonest, Instant now) {
        var whole = Instant.ofEpochSecond(now.plus(otherwise).getEpochSecond());
        if (!data.has("time_expire")) return whole;
        if (data.json().get("time_expire") instanceof JsonNumber n
                && n.toString().matches("\\d{13}")) {
            var wanted = Instant.ofEpochMilli(n.longValueExact());
            if (!wanted.isBefore(now.plus(soonest)) && !wanted.isAfter(now.plus(LONGEST))) {
                return Instant.ofEpochSecond(wanted.getEpochSecond());
            }
        }
        throw ProblemType.TIME_EXPIRE.with(
                now.plus(soonest).toEpochMilli() + 1, now.plus(LONGEST).toEpochMilli(), data.shown("time_expire"));
    }
}
