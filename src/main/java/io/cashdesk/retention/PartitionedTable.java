package io.cashdesk.retention;

import io.cashdesk.ground.setting.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A table in partitions by month of its id.
 *
 * @param name of the table; its default partition is {@code <name>_default}
 * @param time the column with the time of a row
 * @param kept how long its rows are kept; empty: for ever
 */
public record PartitionedTable(String name, String time, Function<Settings, Optional<Duration>> kept) {
    /** All of them. */
    public static final List<PartitionedTable> ALL = List.of(
            new PartitionedTable("order_event", "at", Settings::orderEventsKept),
            new PartitionedTable("notification", "received_at", Settings::notificationsKept),
            new PartitionedTable("webhook_try", "at", Settings::webhookTriesKept));

    /** The table with its default partition only. */
    public String defaultPartition() {
        return name + "_default";
    }
}
