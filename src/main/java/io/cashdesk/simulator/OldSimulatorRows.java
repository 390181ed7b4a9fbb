package io.cashdesk.simulator;

import io.cashdesk.ground.job.OldRows;
import io.cashdesk.ground.setting.Settings;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;

/**
 * Old rows of some of the simulator's tables. Rows that belong to a trade are deleted with it ({@code on delete
 * cascade}); accounts and keys are kept.
 */
public abstract class OldSimulatorRows implements OldRows {
    private static final int AT_ONCE = 200;

    @Inject
    SimulatorDatabase database;

    @Inject
    Settings settings;

    /**
     * A table whose rows are deleted by age.
     *
     * @param key its primary key
     * @param time the column with the time at which a row was made; it has an index
     */
    public record Table(String name, String key, String time) {}

    protected abstract List<Table> tables();

    @Override
    public boolean deleteSome(Instant now) {
        var kept = settings.testsKept();
        if (kept.isEmpty()) return false;
        var more = false;
        for (var table : tables()) more |= delete(table, now.minus(kept.get())) == AT_ONCE;
        return more;
    }

    private int delete(Table table, Instant before) {
        return database.update("""
                delete from %1$s
                where %2$s in (
                    select %2$s from %1$s
                    where %3$s < ?
                    order by %3$s
                    limit %4$d
                    for update skip locked)
                """.formatted(table.name(), table.key(), table.time(), AT_ONCE), before);
    }
}
