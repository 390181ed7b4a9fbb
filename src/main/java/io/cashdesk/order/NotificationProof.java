package io.cashdesk.order;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether an account's notifications have proved that they arrive: of its last {@value Receipts#RECENT} payments at
 * least {@value #ENOUGH} were reported by a notification before any query found them. The rows decide, so every node
 * comes to the same result, at most {@link #KEPT} later.
 */
@ApplicationScoped
public class NotificationProof {
    static final int ENOUGH = 19;
    private static final Duration KEPT = Duration.ofSeconds(10);

    /** Accounts whose result is kept; then all are forgotten, and read again. */
    private static final int MOST = 10_000;

    @Inject
    Receipts receipts;

    @Inject
    Clock clock;

    private final Map<UUID, Result> results = new ConcurrentHashMap<>();

    private record Result(boolean works, Instant until) {}

    /** Whether a notification can be relied on for this account. */
    public boolean works(UUID merchant, UUID account) {
        var now = clock.instant();
        var result = results.get(account);
        if (result != null && now.isBefore(result.until())) return result.works();
        if (results.size() >= MOST) results.clear();
        var works = receipts.recentlyNotified(merchant, account) >= ENOUGH;
        results.put(account, new Result(works, now.plus(KEPT)));
        return works;
    }
}
