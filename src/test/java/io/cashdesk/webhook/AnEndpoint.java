package io.cashdesk.webhook;

import io.cashdesk.merchant.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A merchant's webhook endpoint in live mode, by default for every event and every type of order. */
final class AnEndpoint {
    static final Instant NOON = Instant.parse("2026-11-21T04:00:00Z");

    /** Its address. */
    static final String URL = "https://shop.example/hook";

    private List<String> events = List.of();
    private List<String> types = List.of();

    private AnEndpoint() {}

    static AnEndpoint forEvents(String... events) {
        var endpoint = new AnEndpoint();
        endpoint.events = List.of(events);
        return endpoint;
    }

    static Endpoint forEverything() {
        return new AnEndpoint().build();
    }

    AnEndpoint ofOrdersOfType(String... types) {
        this.types = List.of(types);
        return this;
    }

    Endpoint build() {
        var endpoint = new Endpoint(UUID.randomUUID(), "shop", NOON);
        var settings = new EndpointSettings(URL, events, types, Mode.LIVE, Endpoint.STANDARD, Optional.empty());
        endpoint.configure(settings, "sealed");
        return endpoint;
    }
}
