package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.webhook.WebhookLog;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/** The query parameters that select deliveries, read as strictly as a body. */
final class DeliveryQuery {
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 500;
    private static final long LAST_MOMENT =
            Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();
    private static final String MOMENT = "a time in Unix milliseconds";
    private static final Set<String> KNOWN = Set.of("state", "out_trade_no", "from", "to", "before", "limit");

    private final MultivaluedMap<String, String> given;

    private DeliveryQuery(MultivaluedMap<String, String> given) {
        this.given = given;
    }

    static WebhookLog.Filter of(MultivaluedMap<String, String> given) {
        for (var name : given.keySet()) {
            if (!KNOWN.contains(name)) {
                throw ProblemType.UNKNOWN_FIELD.with(name, String.join(", ", new TreeSet<>(KNOWN)));
            }
        }
        var query = new DeliveryQuery(given);
        return new WebhookLog.Filter(
                query.read("state", "one of " + WebhookJson.states(), WebhookJson::state),
                query.read("out_trade_no", "a text", Function.identity()),
                query.read("from", MOMENT, t -> Instant.ofEpochMilli(whole(t, LAST_MOMENT))),
                query.read("to", MOMENT, t -> Instant.ofEpochMilli(whole(t, LAST_MOMENT))),
                query.read("before", "the id of a delivery", UUID::fromString),
                query.read("limit", "1 to " + LARGEST_PAGE, t -> (int) whole(t, LARGEST_PAGE))
                        .orElse(PAGE));
    }

    /** A required moment in a body. */
    static Instant moment(JsonBody body, String name) {
        return body.whole(name)
                .filter(t -> t > 0 && t <= LAST_MOMENT)
                .map(Instant::ofEpochMilli)
                .orElseThrow(() -> ProblemType.FIELD.with(name, MOMENT, body.shown(name)));
    }

    private static long whole(String text, long largest) {
        var number = Long.parseLong(text);
        if (number < 1 || number > largest) throw new IllegalArgumentException(text);
        return number;
    }

    private <T> Optional<T> read(String name, String wanted, Function<String, T> reading) {
        var text = given.getFirst(name);
        if (text == null) return Optional.empty();
        try {
            return Optional.of(reading.apply(text));
        } catch (IllegalArgumentException unreadable) {
            throw ProblemType.FIELD.with(name, wanted, '"' + text + '"');
        }
    }
}
