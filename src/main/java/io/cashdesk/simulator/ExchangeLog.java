package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * The table {@code sim_log}: requests, answers, notifications and events of each order, as the wallet page shows them.
 */
@ApplicationScoped
public class ExchangeLog {
    private static final int LONGEST = 4_000;

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /** One line; {@code way} is ← for what the provider received, → for what it sent, – for an event inside it. */
    record Entry(Instant at, String way, String what, String verdict, String content) {}

    /**
     * Adds a line.
     *
     * @param number the merchant's number of the order
     * @param content cut after 4,000 characters
     */
    public void add(String number, String way, String what, String verdict, String content) {
        database.update(
                "insert into sim_log values (?, ?, ?, ?, ?, ?, ?)",
                Ids.next(),
                number,
                clock.instant(),
                way,
                what,
                verdict,
                content.length() > LONGEST ? content.substring(0, LONGEST) + "…" : content);
    }

    /** The lines of an order, oldest first. */
    List<Entry> of(String number) {
        return database.query(
                "select * from sim_log where number = ? order by at, id",
                r -> new Entry(
                        SimulatorDatabase.instant(r, "at"),
                        r.getString("way"),
                        r.getString("what"),
                        r.getString("verdict"),
                        r.getString("content")),
                number);
    }
}
