package io.cashdesk.health;

import io.cashdesk.ground.clock.NodeClock;
import io.cashdesk.ground.metric.Gauges;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;

/** Gauges of this node's own state. */
@ApplicationScoped
class NodeGauges implements Gauges {
    @Inject
    Signals signals;

    @Inject
    Settings settings;

    @Inject
    NodeClock clock;

    @Override
    public void read(Sink sink) {
        sink.gauge(
                "cashdesk_waiting_requests",
                "Requests parked on this node until an order changes",
                signals.parkedRequests());
        sink.gauge(
                "cashdesk_listening",
                "1 if this node receives signals of the other nodes; if 0, it polls the database every second",
                signals.listening() ? 1 : 0);
        sink.gauge(
                "cashdesk_clock_offset_seconds",
                "How far this node's system clock is ahead of the database's; negative: behind",
                clock.offset().toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
        sink.gauge(
                "cashdesk_clock_wrong",
                "1 if the clocks differ by more than 2 s or were never compared: this node is not ready and its recurring jobs rest",
                clock.isWrong() ? 1 : 0);
        sink.gauge(
                "cashdesk_development",
                "1 if this node is configured for development and must not be used with real money",
                settings.development() ? 1 : 0);
    }
}
