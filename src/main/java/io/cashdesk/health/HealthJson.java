package io.cashdesk.health;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A {@link HealthView} in the answer of {@code /health}. Times are ISO 8601 in UTC; what is not known is null. */
final class HealthJson {
    private HealthJson() {}

    static void add(JsonObjectBuilder body, HealthView health) {
        body.add("balanced", health.balanced())
                .add("invariants", invariants(health.invariants()))
                .add("postgresql", database(health.database()))
                .add("jobs", jobs(health.jobs()))
                .add("needs_person", health.needPerson());
    }

    private static JsonArrayBuilder invariants(List<HealthView.InvariantView> invariants) {
        var list = Json.createArrayBuilder();
        for (var each : invariants) {
            var json = Json.createObjectBuilder()
                    .add("name", each.invariant().name())
                    .add("promise", each.invariant().promise())
                    .add("state", each.state().name().toLowerCase(Locale.ROOT));
            each.last()
                    .ifPresent(last -> json.add("violations", last.violations())
                            .add("oldest", text(Optional.ofNullable(last.oldest())))
                            .add("samples", Json.createArrayBuilder(last.samples()))
                            .add("checked_at", text(Optional.ofNullable(last.checkedAt())))
                            .add("changed_at", text(Optional.ofNullable(last.changedAt())))
                            .add("took_ms", last.tookMillis()));
            list.add(json);
        }
        return list;
    }

    private static JsonObjectBuilder database(HealthView.DatabaseView database) {
        return Json.createObjectBuilder()
                .add("version", database.version())
                .add("standby", database.standby())
                .add("synchronous_commit", database.synchronousCommit())
                .add("bytes", database.bytes())
                .add("answered_in_ms", database.answeredIn().toMillis());
    }

    private static JsonArrayBuilder jobs(List<HealthView.JobView> jobs) {
        var list = Json.createArrayBuilder();
        for (var job : jobs) {
            list.add(Json.createObjectBuilder()
                    .add("job", job.kind())
                    .add("number", job.number())
                    .add("running", job.running())
                    .add("next", text(job.next()))
                    .add("last_success", text(job.lastSuccess()))
                    .add("failures", job.failures()));
        }
        return list;
    }

    private static JsonValue text(Optional<Instant> at) {
        return at.<JsonValue>map(t -> Json.createValue(t.toString())).orElse(JsonValue.NULL);
    }
}
