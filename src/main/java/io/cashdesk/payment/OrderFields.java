package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.payload.OrderPayload;
import io.cashdesk.provider.PaymentProvider;
import jakarta.json.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The fields of {@code data} that make an order, each checked and refused by name. */
final class OrderFields {
    /** One hundred million yuan, the most that any of the supported providers takes. */
    static final long MOST_FEN = 10_000_000_000L;

    /** No supported provider keeps an unpaid order longer. */
    static final Duration LONGEST = Duration.ofDays(15);

    /** How much nearer than its minimum a deadline may be: clocks differ, and a call takes time. */
    static final Duration TOLERANCE = Duration.ofSeconds(10);

    /**
     * The names that {@code custom} must not use: those of the record, beside whose fields webhooks and handlers see
     * it, and those of the calls, where the same name would have two meanings.
     */
    static final SortedSet<String> NOT_IN_CUSTOM = notInCustom();

    /** Fields of vk-uni-pay's createPayment that are not offered: refused by name, never ignored. */
    static final Set<String> NOT_OFFERED = Set.of("profit_sharing", "config_directory");

    /** {@code provider_pay_method} of a caller who leaves the wallet to the payer. */
    static final String ANY_METHOD = "auto";

    private OrderFields() {}

    private static SortedSet<String> notInCustom() {
        var names = new TreeSet<>(OrderPayload.FIELDS);
        names.addAll(PaymentCall.ARGUMENTS);
        names.addAll(PaymentCall.DATA);
        names.addAll(CreateCheckout.DATA);
        names.addAll(List.of("payOrder", "pay_order")); // the record itself in answers
        return Collections.unmodifiableSortedSet(names);
    }

    static OutTradeNo outTradeNo(JsonBody data) {
        if (data.json().get("out_trade_no") instanceof JsonString s) return new OutTradeNo(s.getString());
        throw ProblemType.OUT_TRADE_NO.with(data.shown("out_trade_no"));
    }

    static NewOrder.Goods goods(JsonBody data) {
        return goods(data, total(data));
    }

    /** @param total what the provider's price list says */
    static NewOrder.Goods goods(JsonBody data, Money total) {
        return new NewOrder.Goods(total, subject(data), type(data), custom(data));
    }

    /**
     * {@code provider_pay_method}: one of the wallets behind a provider that collects through several, or "auto".
     *
     * @param offered the providers that may collect
     * @return empty if the call names none
     */
    static Optional<String> payMethod(JsonBody data, Collection<PaymentProvider> offered) {
        var named = data.text("provider_pay_method", 32).filter(m -> !m.isBlank());
        if (named.isEmpty()) return named;
        var known = new TreeSet<String>();
        offered.forEach(p -> known.addAll(p.payMethods()));
        if (known.isEmpty()) {
            throw ProblemType.notSupported(
                    LocalizedText.same("data.provider_pay_method"),
                    new LocalizedText("该支付渠道只有一种钱包，请去掉该字段", "this provider is one wallet; leave it out"));
        }
        known.add(ANY_METHOD);
        if (known.contains(named.get())) return named;
        var names = String.join(", ", known);
        throw ProblemType.field(
                "data.provider_pay_method", LocalizedText.same(names), LocalizedText.quoted(named.get()));
    }

    static NewOrder.Buyer buyer(JsonBody data) {
        return new NewOrder.Buyer(
                data.text("user_id", 128).orElse(null),
                data.text("nickname", 128).orElse(null));
    }

    static Money total(JsonBody data) {
        return JsonBody.wholeNumber(data.json().get("total_fee"))
                .filter(fen -> fen > 0 && fen <= MOST_FEN)
                .map(Money::fen)
                .orElseThrow(() -> ProblemType.TOTAL_FEE.with(data.shown("total_fee")));
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

    /** A JSON object without keys of {@link #NOT_IN_CUSTOM}. */
    static String custom(JsonBody data) {
        var custom = data.object("custom");
        if (custom.isEmpty()) return "{}";
        for (var key : custom.get().json().keySet()) {
            if (NOT_IN_CUSTOM.contains(key)) throw ProblemType.CUSTOM_COLLIDES.with(key);
        }
        return custom.get().json().toString();
    }

    /**
     * The deadline: {@code time_expire} (Unix milliseconds, kept in whole seconds), or a time from now; neither past
     * nor too far ahead. How near it may be is checked by {@link #requireNotice}. An order lives for at least a second,
     * so that one that is nearer is raised to two whole seconds.
     *
     * @param otherwise the time from now without {@code time_expire}
     * @param soonest how far ahead it must be at least, for the message
     */
    static NewOrder.Deadline deadline(JsonBody data, Duration otherwise, Duration soonest, Instant now) {
        if (!data.has("time_expire")) return new NewOrder.Deadline(wholeSeconds(now.plus(otherwise)), false);
        var wanted = JsonBody.wholeNumber(data.json().get("time_expire"))
                .map(Instant::ofEpochMilli)
                .filter(t -> t.isAfter(now) && !t.isAfter(now.plus(LONGEST)))
                .map(OrderFields::wholeSeconds)
                .orElseThrow(() -> outOfRange(data, soonest, now));
        var least = wholeSeconds(now).plusSeconds(2);
        return new NewOrder.Deadline(wanted.isBefore(least) ? least : wanted, true);
    }

    /**
     * Refuses a {@code time_expire} that is too near. Callers compute it by their own clock before they send it, so it
     * may be {@link #TOLERANCE} nearer than the minimum; the provider is sent its minimum then. A repeated call with
     * the stored deadline is not checked: that one was far enough ahead when it was stored.
     *
     * @param soonest how far ahead it must be at least
     */
    static void requireNotice(JsonBody data, Duration soonest, Instant now) {
        var earliest = now.plus(soonest).minus(TOLERANCE);
        JsonBody.wholeNumber(data.json().get("time_expire"))
                .map(Instant::ofEpochMilli)
                .filter(t -> t.isBefore(earliest))
                .ifPresent(t -> {
                    throw outOfRange(data, soonest, now);
                });
    }

    private static Problem outOfRange(JsonBody data, Duration soonest, Instant now) {
        return ProblemType.TIME_EXPIRE.with(
                now.plus(soonest).toEpochMilli() + 1, now.plus(LONGEST).toEpochMilli(), data.shown("time_expire"));
    }

    private static Instant wholeSeconds(Instant moment) {
        return Instant.ofEpochSecond(moment.getEpochSecond());
    }
}
