package io.cashdesk.manage;

import io.cashdesk.webhook.DeliveryState;
import io.cashdesk.webhook.DeliveryView;
import io.cashdesk.webhook.EndpointView;
import io.cashdesk.webhook.TryView;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Endpoints, deliveries and tries in answers. Times are Unix milliseconds; what is not known is absent. */
final class WebhookJson {
    private WebhookJson() {}

    static JsonObjectBuilder endpoint(EndpointView endpoint) {
        var settings = endpoint.settings();
        var json = Json.createObjectBuilder()
                .add("name", endpoint.name())
                .add("url", settings.url())
                .add("mode", settings.mode().word())
                .add("format", settings.format())
                .add("events", Json.createArrayBuilder(settings.events()))
                .add("types", Json.createArrayBuilder(settings.types()))
                .add("enabled", endpoint.enabled())
                .add("failures", endpoint.failures());
        settings.envId().ifPresent(id -> json.add("env_id", id));
        moment(json, "disabled_at", endpoint.disabledAt());
        endpoint.disabledBecause().ifPresent(b -> json.add("disabled_because", word(b)));
        moment(json, "failing_since", endpoint.failingSince());
        moment(json, "paused_until", endpoint.pausedUntil());
        moment(json, "old_secret_until", endpoint.oldSecretUntil());
        json.add("waiting", endpoint.waiting());
        moment(json, "oldest_waiting", endpoint.oldestWaiting());
        return json;
    }

    static JsonArrayBuilder endpoints(List<EndpointView> endpoints) {
        var all = Json.createArrayBuilder();
        endpoints.forEach(e -> all.add(endpoint(e)));
        return all;
    }

    static JsonObjectBuilder delivery(DeliveryView.Detail detail) {
        var log = Json.createArrayBuilder();
        detail.log().forEach(t -> log.add(tried(t)));
        return delivery(detail.delivery()).add("body", detail.body()).add("log", log);
    }

    static JsonArrayBuilder deliveries(List<DeliveryView> deliveries) {
        var all = Json.createArrayBuilder();
        deliveries.forEach(d -> all.add(delivery(d)));
        return all;
    }

    private static JsonObjectBuilder delivery(DeliveryView delivery) {
        var json = Json.createObjectBuilder()
                .add("id", delivery.id().toString())
                .add("webhook_id", delivery.webhookId())
                .add("type", delivery.type())
                .add("state", word(delivery.state()))
                .add("tries", delivery.tries());
        delivery.outTradeNo().ifPresent(no -> json.add("out_trade_no", no));
        moment(json, "happened_at", Optional.of(delivery.happenedAt()));
        moment(json, "created_at", Optional.of(delivery.createdAt()));
        moment(json, "acknowledged_at", delivery.acknowledgedAt());
        moment(json, "next_try_at", delivery.nextTryAt());
        return json;
    }

    private static JsonObjectBuilder tried(TryView tried) {
        var request = Json.createObjectBuilder()
                .add("webhook-id", tried.request().webhookId())
                .add("webhook-timestamp", Long.toString(tried.at().getEpochSecond()))
                .add("signatures", tried.request().signatures())
                .add("url", tried.request().url());
        tried.request().address().ifPresent(a -> request.add("address", a));
        var json = Json.createObjectBuilder()
                .add("n", tried.n())
                .add("at", tried.at().toEpochMilli())
                .add("took_ms", tried.tookMs())
                .add("node", tried.node())
                .add("acknowledged", tried.acknowledged())
                .add("request", request);
        tried.status().ifPresent(s -> json.add("status", s));
        tried.answer().ifPresent(a -> json.add("answer", a));
        tried.error().ifPresent(e -> json.add("error", e));
        return json;
    }

    /** The words for a delivery's state, in queries and answers. */
    static List<String> states() {
        return Arrays.stream(DeliveryState.values()).map(WebhookJson::word).toList();
    }

    /** @throws IllegalArgumentException if it is none of {@link #states()} */
    static DeliveryState state(String word) {
        return Arrays.stream(DeliveryState.values())
                .filter(state -> word(state).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(word));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void moment(JsonObjectBuilder json, String name, Optional<Instant> at) {
        at.ifPresent(t -> json.add(name, t.toEpochMilli()));
    }
}
