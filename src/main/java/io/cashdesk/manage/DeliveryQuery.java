package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.webhook.WebhookLog;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The query parameters that select deliveries, read as strictly as a body. */
final class DeliveryQuery {
    private static final long LAST_MOMENT =
            Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();
    private static final LocalizedText MOMENT = new LocalizedText("毫秒时间戳", "a time in Unix milliseconds");
    private static final Set<String> KNOWN = Set.of("state", "out_trade_no", "from", "to", "before", "limit");

    private DeliveryQuery() {}

    static WebhookLog.Filter of(MultivaluedMap<String, String> given) {
        var query = QueryParameters.of(given, KNOWN);
        return new WebhookLog.Filter(
                query.read("state", LocalizedText.oneOf(WebhookJson.states()), WebhookJson::state),
                query.read("out_trade_no", new LocalizedText("文本", "a text"), Function.identity()),
                query.read("from", MOMENT, DeliveryQuery::moment),
                query.read("to", MOMENT, DeliveryQuery::moment),
                query.read("before", new LocalizedText("投递记录的 id", "the id of a delivery"), UUID::fromString),
                query.limit());
    }

    /** A required moment in a body. */
    static Instant moment(JsonBody body, String name) {
        return body.whole(name)
                .filter(t -> t > 0 && t <= LAST_MOMENT)
                .map(Instant::ofEpochMilli)
                .orElseThrow(() -> body.malformed(name, MOMENT));
    }

    private static Instant moment(String text) {
        return Instant.ofEpochMilli(QueryParameters.whole(text, LAST_MOMENT));
    }
}
