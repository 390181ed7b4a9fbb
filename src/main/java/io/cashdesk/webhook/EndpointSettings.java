package io.cashdesk.webhook;

import io.cashdesk.merchant.Mode;
import java.util.List;
import java.util.Optional;

/**
 * What a merchant decides about an endpoint, its secret excepted.
 *
 * @param events the event types that it receives; empty: all
 * @param types the types of orders of which it receives events; empty: all
 * @param format {@code standard}, or the name of an {@link EventFormat}
 * @param envId for {@code cloudpay}: the environment of the cloud function; empty: any
 */
public record EndpointSettings(
        String url, List<String> events, List<String> types, Mode mode, String format, Optional<String> envId) {
    public EndpointSettings {
        events = List.copyOf(events);
        types = List.copyOf(types);
    }
}
