package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.Yuan;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Texts and fields that several of Alipay's answers and notifications have. */
final class AlipayFormat {
    static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    /** The user id of the payer, unless the order names another. */
    static final String PAYER = "2088000000000001";

    static final String LOGON = "sim***@example.com";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private AlipayFormat() {}

    /** The time in China, in seconds. */
    static String time(Instant at) {
        return TIME.format(at.atOffset(CHINA));
    }

    /**
     * The text that is signed: sorted names and values without the empty ones, joined with = and &, nothing encoded.
     */
    static String canonical(Map<String, String> fields) {
        return new TreeMap<>(fields)
                .entrySet().stream()
                        .filter(e -> !e.getValue().isEmpty())
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("&"));
    }

    /** The {@code biz_content} with which this trade was made. */
    static JsonObject request(Trade trade) {
        try (var reader = Json.createReader(new StringReader(trade.request()))) {
            return reader.readObject();
        }
    }

    /**
     * The payer as the trade's application knows the payer.
     *
     * @param open true for an open id, which newer applications get, false for a user id
     */
    record Payer(boolean open, String id) {
        static Payer of(Trade trade) {
            var request = request(trade);
            for (var name : List.of("buyer_open_id", "op_buyer_open_id")) {
                var id = request.getString(name, "");
                if (!id.isEmpty()) return new Payer(true, id);
            }
            var id = request.getString("buyer_id", "");
            return new Payer(false, id.isEmpty() ? PAYER : id);
        }
    }

    /** The channels that paid: the payer's balance. */
    static JsonArray fundBill(Trade trade) {
        return Json.createArrayBuilder()
                .add(Json.createObjectBuilder()
                        .add("amount", Yuan.text(trade.reported()))
                        .add("fund_channel", "ALIPAYACCOUNT"))
                .build();
    }
}
