package io.cashdesk.demo;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.page.Messages;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the shop's page of an order shows: the order's state, its refunds, and every webhook as it came. */
record OrderPage(Locale language, Instant now) {
    /** For this long after it was made or refunded, the page of an order loads itself again without a script. */
    static final Duration FOLLOWED = Duration.ofMinutes(15);

    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final JsonWriterFactory PRETTY =
            Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

    /** The events whose meaning the page explains. */
    private static final Set<String> EXPLAINED = Set.of(
            "payment.paid", "payment.closed", "payment.late", "payment.duplicate", "refund.succeeded", "refund.failed");

    /** @param response of queryPayment, if it was called */
    Map<String, Object> model(
            ShopOrders.ShopOrder order,
            Optional<PublicApi.ApiResponse> response,
            List<ShopOrders.ReceivedWebhook> webhooks,
            List<ShopOrders.Refund> refunds) {
        var model = new LinkedHashMap<String, Object>();
        var item = order.item().key();
        var state = state(order, response, webhooks, refunds);
        model.put("title", Messages.text(language, "demo.order.title", Messages.text(language, "demo.item." + item)));
        model.put("no", order.no());
        model.put("item", item);
        model.put("yuan", Money.fen(order.price()).yuan());
        model.put("state", state);
        model.put("heading", Messages.text(language, "demo.order." + state + ".heading"));
        model.put("refundedYuan", Money.fen(sum(refunds, "success")).yuan());
        var left = order.price() - sum(refunds, ShopOrders.REQUESTED, "processing", "success");
        model.put(
                "left", order.paidAt().isPresent() && left > 0 ? Money.fen(left).yuan() : "");
        model.put("refunds", refunds.stream().map(this::refund).toList());
        model.put("asked", response.map(a -> pretty(a.body())).orElse(null));
        model.put("webhooks", webhooks.stream().map(this::webhook).toList());
        var open = state.equals("unpaid") || state.equals("webhook-missing");
        var since = refunds.stream()
                .filter(r -> r.doneAt().isEmpty())
                .map(ShopOrders.Refund::requestedAt)
                .reduce((a, b) -> b)
                .or(() -> open ? Optional.of(order.createdAt()) : Optional.empty());
        var followed = since.filter(s -> s.plus(FOLLOWED).isAfter(now)).isPresent();
        model.put("refresh", followed ? 5 : null);
        return model;
    }

    private static long sum(List<ShopOrders.Refund> refunds, String... states) {
        return refunds.stream()
                .filter(r -> r.ofThePayment() && Set.of(states).contains(r.state()))
                .mapToLong(ShopOrders.Refund::fee)
                .sum();
    }

    /**
     * "paid" if the webhook arrived, "partly-refunded" or "refunded" if webhooks about refunds did, "webhook-missing"
     * if only queryPayment says that it is paid, "closed", or "unpaid".
     */
    static String state(
            ShopOrders.ShopOrder order,
            Optional<PublicApi.ApiResponse> response,
            List<ShopOrders.ReceivedWebhook> webhooks,
            List<ShopOrders.Refund> refunds) {
        if (order.paidAt().isPresent()) {
            var refunded = sum(refunds, "success");
            return refunded == 0 ? "paid" : refunded < order.price() ? "partly-refunded" : "refunded";
        }
        if (response.filter(a -> a.body().getBoolean("orderPaid", false)).isPresent()) return "webhook-missing";
        var reported = webhooks.stream().anyMatch(w -> w.valid() && w.type().equals("payment.closed"));
        var closed = response.filter(a -> a.body().getInt("status", 0) == -1).isPresent();
        return reported || closed ? "closed" : "unpaid";
    }

    private Map<String, Object> refund(ShopOrders.Refund refund) {
        return Map.of(
                "no", refund.no(),
                "yuan", Money.fen(refund.fee()).yuan(),
                "state", refund.state(),
                "repeat", refund.ofThePayment() && refund.state().equals(ShopOrders.REQUESTED),
                "other", !refund.ofThePayment(),
                "answer", refund.answer(),
                "at", EXACT.format(refund.doneAt().orElse(refund.requestedAt()).atZone(BEIJING)));
    }

    private Map<String, Object> webhook(ShopOrders.ReceivedWebhook webhook) {
        var json = PublicApi.object(webhook.body());
        var hook = new LinkedHashMap<String, Object>();
        hook.put("id", "hook-" + (webhook.webhookId() + webhook.valid()).replaceAll("[^\\w-]", "_"));
        hook.put("at", CLOCK.format(webhook.at().atZone(BEIJING)));
        hook.put("type", webhook.type());
        hook.put("verdict", webhook.valid() ? "valid" : "invalid");
        hook.put("means", webhook.valid() && EXPLAINED.contains(webhook.type()) ? means(webhook.type(), json) : "");
        hook.put("headers", webhook.headers().strip());
        hook.put("body", json.isEmpty() ? webhook.body() : pretty(json));
        hook.put("times", webhook.times());
        return hook;
    }

    /** One sentence about an event, with its amount where it has one. */
    private String means(String type, JsonObject event) {
        var about = type.startsWith("refund.") ? "refund" : "payment";
        var fee = event.get(about) instanceof JsonObject o
                        && o.get(about.equals("refund") ? "refund_fee" : "total_fee") instanceof JsonNumber n
                ? Money.fen(n.longValue()).yuan()
                : "";
        return Messages.text(language, "demo.event." + type, fee);
    }

    /** An amount that a person entered, in fen; empty if it is none, or not positive. */
    static Optional<Long> fen(String yuan) {
        if (!yuan.strip().matches("\\d{1,9}(\\.\\d{1,2})?")) return Optional.empty();
        return Optional.of(new BigDecimal(yuan.strip()).movePointRight(2).longValueExact())
                .filter(fen -> fen > 0);
    }

    static String pretty(JsonObject json) {
        var text = new StringWriter();
        try (var writer = PRETTY.createWriter(text)) {
            writer.writeObject(json);
        }
        return text.toString().strip();
    }
}
