package io.cashdesk.health;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.metric.Metrics;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.OrderOpened;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.prometheus.metrics.core.metrics.Counter;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** Counts order events that were committed on this node. */
@ApplicationScoped
class OrderCounters {
    @Inject
    Metrics metrics;

    @Inject
    Transactions transactions;

    private Counter orders;
    private Counter fen;

    @PostConstruct
    void register() {
        orders = Counter.builder()
                .name("cashdesk_order_news_total")
                .help(
                        "Orders opened, and order events that merchants are notified of, by the name of the webhook event")
                .labelNames("news", "mode")
                .register(metrics.registry());
        fen = Counter.builder()
                .name("cashdesk_paid_fen_total")
                .help("The sum of orders that became paid, in fen")
                .labelNames("mode")
                .register(metrics.registry());
    }

    void opened(@Observes OrderOpened opened) {
        count(opened.order(), "order.opened");
    }

    void changed(@Observes PayOrderChanged change) {
        count(change.order(), change.kind().word());
        if (change.kind() != PayOrderChanged.Kind.PAID) return;
        var mode = change.order().mode();
        var amount = change.order().total().minor();
        transactions.afterCommit(() -> fen.labelValues(mode.word()).inc(amount));
    }

    private void count(PayOrder order, String event) {
        Mode mode = order.mode();
        transactions.afterCommit(() -> orders.labelValues(event, mode.word()).inc());
    }
}
