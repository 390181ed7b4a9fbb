package io.cashdesk.account;

import io.cashdesk.ground.metric.Metrics;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderFailure;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Counts this node's calls to provider accounts by result, and measures how long they took. */
@ApplicationScoped
class CallMeter {
    @Inject
    Metrics metrics;

    private Counter calls;
    private Histogram seconds;

    @PostConstruct
    void register() {
        calls = Counter.builder()
                .name("cashdesk_provider_calls_total")
                .help(
                        "Calls to providers by outcome: answered, declined, unreachable, outcome_unknown, not_authentic, busy"
                                + " (not made: too many calls), broken (an error of this software)")
                .labelNames("provider", "account", "outcome")
                .register(metrics.registry());
        seconds = Histogram.builder()
                .name("cashdesk_provider_call_seconds")
                .help("Duration of calls to providers, whatever their outcome")
                // not by account: ten series for each would be most of what a large platform keeps
                .labelNames("provider")
                .classicOnly()
                .classicUpperBounds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
                .register(metrics.registry());
    }

    <T> T measured(AccountSettings account, Supplier<T> call) {
        var start = System.nanoTime();
        var outcome = "broken";
        try {
            var answer = call.get();
            outcome = "answered";
            return answer;
        } catch (ProviderFailure failure) {
            outcome = failure.kind().name().toLowerCase(Locale.ROOT);
            throw failure;
        } finally {
            var took = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            seconds.labelValues(account.provider().value()).observe(took);
            count(account, outcome);
        }
    }

    /** A call that was not made. */
    void refused(AccountSettings account, String why) {
        count(account, why);
    }

    private void count(AccountSettings account, String outcome) {
        calls.labelValues(account.provider().value(), account.id().toString(), outcome)
                .inc();
    }
}
