package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The table {@code sim_apple_consumption}: what merchants said about purchases whose payers want their money back.
 *
 * @see <a href="https://developer.apple.com/documentation/appstoreserverapi/send-consumption-information">the call</a>
 */
@ApplicationScoped
class AppleConsumptions {
    private static final Set<String> DELIVERY = Set.of(
            "DELIVERED",
            "UNDELIVERED_QUALITY_ISSUE",
            "UNDELIVERED_WRONG_ITEM",
            "UNDELIVERED_SERVER_OUTAGE",
            "UNDELIVERED_OTHER");

    private static final Set<String> PREFERENCES = Set.of("DECLINE", "GRANT_FULL", "GRANT_PRORATED");
    private static final int MOST_OF_V1 = 5;

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /** @param version v1 or v2 */
    record Answer(String version, JsonObject body, Instant at) {}

    /** @throws AppleRefusal if a field is missing or wrong */
    void add(UUID trade, String version, JsonObject body) {
        check(version, body);
        database.update(
                "insert into sim_apple_consumption (id, trade_id, version, body, at) values (?, ?, ?, ?, ?)",
                Ids.next(),
                trade,
                version,
                body.toString(),
                clock.instant());
    }

    static void check(String version, JsonObject body) {
        if (body.get("customerConsented") != JsonValue.TRUE) throw AppleRefusal.customerConsented();
        var sample = body.get("sampleContentProvided");
        if (sample != JsonValue.TRUE && sample != JsonValue.FALSE) throw AppleRefusal.sampleContent();
        var delivery = body.get("deliveryStatus");
        if (version.equals("v1")) {
            if (!within(delivery, MOST_OF_V1)) throw AppleRefusal.deliveryStatus();
            return;
        }
        if (!(delivery instanceof JsonString text) || !DELIVERY.contains(text.getString())) {
            throw AppleRefusal.deliveryStatus();
        }
        var preference = body.get("refundPreference");
        if (preference != null && !(preference instanceof JsonString p && PREFERENCES.contains(p.getString()))) {
            throw AppleRefusal.badRequest();
        }
        var percentage = body.get("consumptionPercentage");
        if (percentage != null && !within(percentage, 100_000)) throw AppleRefusal.badRequest();
    }

    private static boolean within(JsonValue value, int most) {
        return value instanceof JsonNumber number
                && number.isIntegral()
                && number.longValue() >= 0
                && number.longValue() <= most;
    }

    /** Oldest first. */
    List<Answer> of(UUID trade) {
        return database.query(
                "select * from sim_apple_consumption where trade_id = ? order by id",
                r -> {
                    try (var reader = Json.createReader(new StringReader(r.getString("body")))) {
                        return new Answer(
                                r.getString("version"), reader.readObject(), SimulatorDatabase.instant(r, "at"));
                    }
                },
                trade);
    }
}
