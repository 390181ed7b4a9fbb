package io.cashdesk.account;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one method through which adapters are called. It refuses to run inside a transaction, limits the calls that run
 * at a time to one account, so that a slow provider cannot occupy every worker of this server, and makes no call while
 * the account's {@link Circuits circuit} is open.
 */
@ApplicationScoped
public class ProviderCalls {
    private static final long LONGEST_WAIT_MILLIS = 2_000;

    @Inject
    CallMeter meter;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Circuits circuits;

    private final Map<UUID, Semaphore> permits = new ConcurrentHashMap<>();

    /**
     * The lease of an attempt or a refund: longer than all time-outs together of the calls made under one claim (a
     * query and a call, each after waiting for a permit, each at two addresses), so that no lease ends while its call
     * runs.
     */
    public Duration lease() {
        return settings.providerTimeout().multipliedBy(4).plusSeconds(20);
    }

    /** Whether calls to this account would be refused, because its circuit is open. */
    public boolean resting(UUID account) {
        return circuits.open(account);
    }

    /**
     * Calls the adapter. Problems: PROVIDER_BUSY (too many calls run already), PROVIDER_DOWN (the circuit is open). In
     * both cases nothing was sent.
     */
    public <T> T call(AccountSettings account, Supplier<T> adapter) {
        transactions.refuseOpenTransaction("calling " + account.provider());
        return circuits.through(account, () -> limited(account, adapter));
    }

    /**
     * The problem that the caller of our own API gets because a call to the provider failed.
     *
     * @param call what the provider was called for: it decides what the provider's code means, and whether an unknown
     *     outcome matters to the caller
     */
    public static Problem problem(PaymentProvider provider, PaymentProvider.Call call, ProviderFailure failure) {
        // whatever a provider answers that does not close: the attempt is still open there
        if (call == PaymentProvider.Call.CLOSE) return unreachable(provider).retryAfter(Duration.ofSeconds(5));
        return switch (failure.kind()) {
            case DECLINED -> {
                var error = explain(provider, call, failure);
                yield ProblemType.PROVIDER_REFUSED
                        .with(
                                provider.name(),
                                failure.providerCode(),
                                LocalizedText.same(words(failure)),
                                error.merchant())
                        .withRefusal(error.refusal(failure));
            }
            case UNREACHABLE -> unreachable(provider).retryAfter(Duration.ofSeconds(3));
            case OUTCOME_UNKNOWN, NOT_AUTHENTIC ->
                switch (call) {
                    case BILL, OPENID, COINS -> ProblemType.PROVIDER_FAILED.with(provider.name(), unusable(failure));
                    default -> {
                        var unknown = outcomeUnknown(provider.name());
                        yield failure.providerCode().isEmpty() // then nothing can be explained
                                ? unknown
                                : unknown.withRefusal(
                                        explain(provider, call, failure).refusal(failure));
                    }
                };
        };
    }

    /** The problem that says: the call may have changed something at the provider, query before repeating it. */
    public static Problem outcomeUnknown(Object providerName) {
        return ProblemType.OUTCOME_UNKNOWN.with(providerName).retryAfter(Duration.ofSeconds(5));
    }

    private static Problem unreachable(PaymentProvider provider) {
        return ProblemType.PROVIDER_UNREACHABLE.with(provider.name());
    }

    private static ProviderError explain(PaymentProvider provider, PaymentProvider.Call call, ProviderFailure failure) {
        return provider.explain(call, failure.providerCode(), words(failure));
    }

    /**
     * Why an answer cannot be used. Messages of failures are written in English, for the log; the Chinese text says
     * what they have in common. If the provider gave an error code, the message is the provider's own, and both texts
     * quote it with the code.
     */
    static LocalizedText unusable(ProviderFailure failure) {
        var zh = failure.kind() == ProviderFailure.Kind.NOT_AUTHENTIC ? "签名或应用不符" : "没有应答，或应答内容不完整";
        if (failure.providerCode().isEmpty()) return new LocalizedText(zh, words(failure));
        var quoted = failure.providerCode() + ": \"" + words(failure) + "\"";
        return new LocalizedText("渠道返回错误 " + quoted, "the error " + quoted);
    }

    private static String words(ProviderFailure failure) {
        return String.valueOf(failure.getMessage());
    }

    private <T> T limited(AccountSettings account, Supplier<T> adapter) {
        var permit = permits.computeIfAbsent(account.id(), id -> new Semaphore(settings.providerCalls(), true));
        boolean permitted;
        try {
            permitted = permit.tryAcquire(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            permitted = false;
        }
        if (!permitted) {
            meter.refused(account, "busy");
            throw ProblemType.PROVIDER_BUSY.with(account.provider()).retryAfter(Duration.ofSeconds(3));
        }
        try {
            return meter.measured(account, adapter);
        } finally {
            permit.release();
        }
    }
}
