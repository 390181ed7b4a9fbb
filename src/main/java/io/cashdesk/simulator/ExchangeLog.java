package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The table {@code sim_log}: requests, answers, notifications and events of each order, as the wallet page shows them.
 * Of each order the newest {@value #LINES} lines are kept, and of those that payers cause the first
 * {@value #PAYER_LINES}, because anyone who has an order's code can repeat them.
 */
@ApplicationScoped
public class ExchangeLog {
    static final int LINES = 100;
    static final int PAYER_LINES = 30;

    /** Characters; a longer text is cut. */
    private static final int LONGEST = 8_000;

    private static final int LONGEST_HEADERS = 3_000;

    /**
     * Values that the log shortens: who has a payment code can charge it for a minute, and an {@code app_auth_token}
     * acts for another merchant.
     */
    private static final Pattern SECRET = Pattern.compile(
            "(auth_code(?:\"\\s*:\\s*\"|>(?:<!\\[CDATA\\[)?|=)|app_auth_token(?:\"\\s*:\\s*\"|=|: ))([^\"<&\\]\\s]{2})[^\"<&\\]\\s]*");

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /** A stored line. */
    record Entry(UUID id, Instant at, Exchange exchange) {}

    /** Adds a line; nothing happens if its account or its order is not known. Long texts are cut. */
    public void add(Exchange line) {
        if (line.accountId() == null || line.number().isEmpty() || line.number().equals("?")) return;
        database.update(
                """
                insert into sim_log (id, account_id, number, at, way, what, verdict, why, status, headers, body, plain)
                select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
                where ? <> 'PAYER' or %d > (
                    select count(*) from sim_log where account_id = ? and number = ? and way = 'PAYER')
                """.formatted(PAYER_LINES),
                Ids.next(),
                line.accountId(),
                line.number(),
                clock.instant(),
                line.way().name(),
                cut(line.what(), 1_000),
                line.verdict().name(),
                cut(line.why(), 1_000),
                line.status(),
                cut(withoutSecrets(line.headers()), LONGEST_HEADERS),
                cut(withoutSecrets(line.body()), LONGEST),
                cut(withoutSecrets(line.plain()), LONGEST),
                line.way().name(),
                line.accountId(),
                line.number());
        database.update("""
                delete from sim_log where account_id = ? and number = ? and id < (
                    select id from sim_log where account_id = ? and number = ?
                    order by id desc offset %d limit 1)""".formatted(LINES - 1), line.accountId(), line.number(), line.accountId(), line.number());
    }

    static String withoutSecrets(String text) {
        return SECRET.matcher(text).replaceAll("$1$2…");
    }

    /** Characters that PostgreSQL cannot store are removed. */
    private static String cut(String text, int longest) {
        var clean = text.replace("\0", "");
        return clean.length() > longest ? clean.substring(0, longest) + "…" : clean;
    }

    /** The lines of an order, oldest first. */
    List<Entry> of(Trade trade) {
        return database.query(
                "select * from sim_log where account_id = ? and number = ? order by id",
                r -> new Entry(
                        r.getObject("id", UUID.class),
                        SimulatorDatabase.instant(r, "at"),
                        new Exchange(
                                r.getObject("account_id", UUID.class),
                                r.getString("number"),
                                Exchange.Way.valueOf(r.getString("way")),
                                r.getString("what"),
                                Exchange.Verdict.valueOf(r.getString("verdict")),
                                r.getString("why"),
                                r.getInt("status"),
                                r.getString("headers"),
                                r.getString("body"),
                                r.getString("plain"))),
                trade.accountId(),
                trade.number());
    }

    /** The id of the newest line of an order; an empty text if there is none. */
    String newest(Trade trade) {
        return database.first(
                        "select id from sim_log where account_id = ? and number = ? order by id desc limit 1",
                        r -> r.getString("id"),
                        trade.accountId(),
                        trade.number())
                .orElse("");
    }
}
