package io.cashdesk.health;

import io.cashdesk.ground.metric.Gauges;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What this node knows of itself. */
@ApplicationScoped
class NodeGauges implements Gauges {
    @Inject
    Signals signals;

    @Inject
    Settings settings;

    @Override
    public void read(Sink sink) {
        sink.gauge(
                "cashdesk_waiting_requests",
                "Requests of this node that wait for news of an order",
                signals.parkedRequests());
        sink.gauge(
                "cashdesk_listening",
                "1 if this node hears at once of what the others change; 0 means that it looks every second",
                signals.listening() ? 1 : 0);
        sink.gauge(
                "cashdesk_development",
                "1 if this node is set up for development and must not see real money",
                settings.development() ? 1 : 0);
    }
}
