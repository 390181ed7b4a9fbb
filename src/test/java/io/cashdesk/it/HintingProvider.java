package io.cashdesk.it;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Queries;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.TinyProvider;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider whose notifications are a bare number that anyone can send, so that only a query proves the state. */
@ApplicationScoped
public class HintingProvider extends TinyProvider implements Queries {
    private final Set<String> paid = ConcurrentHashMap.newKeySet();
    private final AtomicInteger queries = new AtomicInteger();

    public HintingProvider() {
        super("hinting", 90, Presentation.NO_BROWSER);
    }

    /** From now on a query says that 990 fen arrived for this attempt. */
    public void pay(String attemptNo) {
        paid.add(attemptNo);
    }

    public int queries() {
        return queries.get();
    }

    @Override
    public ParsedNotification read(AccountSettings account, RawNotification notification) {
        return ParsedNotification.hint("maybe paid", notification.text());
    }

    @Override
    public ProviderReport query(AccountSettings account, AttemptRef attempt) {
        queries.incrementAndGet();
        var no = attempt.attemptNo();
        if (!paid.contains(no)) return new ProviderReport.Unpaid(no, false, "{}");
        return new ProviderReport.Paid(
                no,
                account.text("mchId"),
                "",
                "H" + no,
                Money.fen(990),
                Instant.now(),
                null,
                "",
                ProviderReport.WentBack.NOTHING,
                "{}");
    }
}
