package io.cashdesk.order;

import io.cashdesk.ground.database.Ids;
import jakarta.json.Json;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One reason for which an operator must decide about an order; it is open until there is a decision.
 *
 * @param id a UUID of version 7, so that it says since when it is open
 * @param text a sentence
 * @param receipt the payment that it is about, if it is about one
 */
public record OpenReason(UUID id, String text, Optional<UUID> receipt) {
    static OpenReason now(String text, UUID receipt) {
        return new OpenReason(Ids.next(), text, Optional.ofNullable(receipt));
    }

    public Instant since() {
        return Ids.moment(id);
    }

    boolean isAbout(UUID receipt) {
        return this.receipt.filter(receipt::equals).isPresent();
    }

    /** As they are stored in {@code pay_order.open_reasons}; null if there is none. */
    static String toJson(List<OpenReason> reasons) {
        if (reasons.isEmpty()) return null;
        var all = Json.createArrayBuilder();
        for (var reason : reasons) {
            var one = Json.createObjectBuilder().add("id", reason.id.toString()).add("reason", reason.text);
            reason.receipt.ifPresent(r -> one.add("receipt", r.toString()));
            all.add(one);
        }
        return all.build().toString();
    }

    /** Reads what {@link #toJson} wrote. */
    static List<OpenReason> parse(String json) {
        if (json == null) return List.of();
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readArray().stream()
                    .map(r -> r.asJsonObject())
                    .map(r -> new OpenReason(
                            UUID.fromString(r.getString("id")),
                            r.getString("reason"),
                            Optional.ofNullable(r.getString("receipt", null)).map(UUID::fromString)))
                    .toList();
        }
    }
}
