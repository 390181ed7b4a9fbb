package io.cashdesk.order;

import jakarta.json.Json;
import java.io.StringReader;

/**
 * What a shop that speaks epay sent beside the order (docs/epay.md). Texts that it did not send are empty.
 *
 * @param version 1 (MD5) or 2 (RSA): how its notification is signed
 * @param notifyUrl where this order's payment is reported
 * @param returnUrl where the payer's browser goes afterwards
 * @param param repeated in the notification, the return and answers
 * @param type which wallet it wanted; empty: the payer chooses
 */
public record EpayOrigin(int version, String notifyUrl, String returnUrl, String param, String type) {
    /** As it is stored in {@code pay_order.epay}. */
    String toJson() {
        return Json.createObjectBuilder()
                .add("version", version)
                .add("notify_url", notifyUrl)
                .add("return_url", returnUrl)
                .add("param", param)
                .add("type", type)
                .build()
                .toString();
    }

    /** Reads what {@link #toJson} wrote. */
    static EpayOrigin parse(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            var stored = reader.readObject();
            return new EpayOrigin(
                    stored.getInt("version"),
                    stored.getString("notify_url"),
                    stored.getString("return_url"),
                    stored.getString("param"),
                    stored.getString("type"));
        }
    }
}
