package io.cashdesk.provider;

import jakarta.json.Json;
import jakarta.json.JsonObject;

/** What the payer must be shown next. */
public sealed interface PaymentPrompt {
    /** What the client hands to the wallet, in the shape that the API promises for this pay type. */
    JsonObject orderInfo();

    /** Show this text as a QR code; the payer's wallet scans it. */
    record ScanQrCode(String content, JsonObject orderInfo) implements PaymentPrompt {}

    /** As it is kept with the attempt. */
    default JsonObject stored() {
        var builder = Json.createObjectBuilder().add("orderInfo", orderInfo());
        if (this instanceof ScanQrCode scan) builder.add("kind", "scan").add("content", scan.content());
        return builder.build();
    }

    /** Reads back what {@link #stored()} wrote. */
    static PaymentPrompt of(JsonObject stored) {
        var kind = stored.getString("kind");
        if ("scan".equals(kind)) return new ScanQrCode(stored.getString("content"), stored.getJsonObject("orderInfo"));
        throw new IllegalStateException("no prompt is of kind " + kind);
    }
}
