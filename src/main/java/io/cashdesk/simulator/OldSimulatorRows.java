package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.job.OldRows;
import io.cashdesk.ground.setting.Settings;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
     * @param time the column with the time at which a row was made; empty: the key is a UUID of version 7. A trade's
     *     own times are no measure, because testers can move them back
     */
    public record Table(String name, String key, Optional<String> time) {
        public static Table byTime(String name, String key, String time) {
            return new Table(name, key, Optional.of(time));
        }

        public static Table byId(String name) {
            return new Table(name, "id", Optional.empty());
        }
    }

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
        var age = table.time().orElse(table.key());
        return database.update(
                """
                delete from %1$s
                where %2$s in (
                    select %2$s from %1$s
                    where %3$s < ?
                    order by %3$s
                    limit %4$d
                    for update skip locked)
                """.formatted(table.name(), table.key(), age, AT_ONCE),
                table.time().isPresent() ? before : Ids.first(before));
    }
}
