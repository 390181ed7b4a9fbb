package io.cashdesk.account;

import io.cashdesk.ground.metric.Gauges;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderFailure;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * A circuit breaker for each account: when at least 80 % of 20 or more calls in the last minute had no usable answer,
 * no call is made for 10 s, then three at a time until the provider answers again. A refusal is an answer. Each node
 * counts its own calls (docs/adr/0006).
 */
@ApplicationScoped
public class Circuits implements Gauges {
    private static final Logger LOG = Logger.getLogger(Circuits.class);
    private static final int WINDOW_SECONDS = 60;
    private static final int MINIMUM_CALLS = 20;
    private static final int PERCENT_FAILED = 80;
    private static final Duration REST = Duration.ofSeconds(10);
    private static final int PROBES = 3;

    @Inject
    Clock clock;

    private final Map<UUID, CircuitBreaker> circuits = new ConcurrentHashMap<>();
    private CircuitBreakerConfig config;

    /**
     * The state of this node's calls to an account.
     *
     * @param state "closed" (calls are made), "open" (none is made), "half_open" (a few are made as a test)
     * @param calls calls in the last minute
     * @param failed how many of them had no usable answer
     */
    public record Seen(String state, int calls, int failed) {}

    @PostConstruct
    void configure() {
        config = CircuitBreakerConfig.custom()
                .clock(clock)
                .slidingWindow(
                        WINDOW_SECONDS,
                        MINIMUM_CALLS,
                        SlidingWindowType.TIME_BASED,
                        CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .failureRateThreshold(PERCENT_FAILED)
                .waitDurationInOpenState(REST)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .recordException(Circuits::hadNoAnswer)
                .ignoreException(Circuits::sentNothing)
                .build();
    }

    @Override
    public void read(Sink sink) {
        circuits.forEach((account, circuit) -> sink.gauge(
                "cashdesk_provider_circuit_open",
                "1 while this node makes no calls to the account, or only a few to see, because it did not answer",
                circuit.getState() == CircuitBreaker.State.CLOSED ? 0 : 1,
                "account",
                account.toString()));
    }

    /** The account's circuit as this node sees it; empty if it has not called there yet. */
    public Optional<Seen> seen(UUID account) {
        return Optional.ofNullable(circuits.get(account)).map(circuit -> {
            var metrics = circuit.getMetrics();
            return new Seen(
                    circuit.getState().name().toLowerCase(Locale.ROOT),
                    metrics.getNumberOfBufferedCalls(),
                    metrics.getNumberOfFailedCalls());
        });
    }

    /** Whether it rests; after its rest the first caller finds out whether the provider answers again. */
    boolean open(UUID account) {
        var circuit = circuits.get(account);
        if (circuit == null || circuit.getState() != CircuitBreaker.State.OPEN) return false;
        if (!circuit.tryAcquirePermission()) return true;
        circuit.releasePermission();
        return false;
    }

    <T> T through(AccountSettings account, Supplier<T> call) {
        var circuit = circuits.computeIfAbsent(account.id(), id -> make(account));
        try {
            return circuit.executeSupplier(call);
        } catch (CallNotPermittedException resting) {
            throw ProblemType.PROVIDER_DOWN.with(account.provider()).retryAfter(REST);
        }
    }

    private CircuitBreaker make(AccountSettings account) {
        var circuit = CircuitBreaker.of(account.id().toString(), config);
        circuit.getEventPublisher().onStateTransition(event -> log(account, event.getStateTransition()));
        return circuit;
    }

    /** Two lines for one outage, however often it is tried whether the provider answers again. */
    private static void log(AccountSettings account, CircuitBreaker.StateTransition transition) {
        if (transition == CircuitBreaker.StateTransition.CLOSED_TO_OPEN) {
            LOG.warnf(
                    "Calls to %s for account %s: at least 80 %% of the last minute's had no usable answer; none for %d s, then a few",
                    account.provider(), account.id(), REST.toSeconds());
        } else if (transition.getToState() == CircuitBreaker.State.CLOSED) {
            LOG.warnf("Calls to %s for account %s: it answers again", account.provider(), account.id());
        }
    }

    /** A problem is thrown before anything is sent, unless it says that the provider has answered. */
    private static boolean sentNothing(Throwable failure) {
        return failure instanceof Problem problem && !problem.isAfterAnswer();
    }

    private static boolean hadNoAnswer(Throwable failure) {
        return failure instanceof ProviderFailure f
                && (f.kind() == ProviderFailure.Kind.UNREACHABLE || f.kind() == ProviderFailure.Kind.OUTCOME_UNKNOWN);
    }
}
