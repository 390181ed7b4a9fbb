package io.cashdesk.provider;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Optional;

/** What happens next on the payer's side. */
public sealed interface PaymentPrompt {
    /**
     * What the client hands to the wallet, in the shape that the API promises for this pay type: an object or a text.
     */
    JsonValue orderInfo();

    /** How long the provider accepts it, where that can be shorter than the attempt; afterwards it is created again. */
    Optional<Duration> life();

    /** Show this text as a QR code; the payer's wallet scans it. */
    record ScanQrCode(String content, JsonValue orderInfo, Optional<Duration> life) implements PaymentPrompt {}

    /** Send the payer's browser to this address. */
    record GoTo(String url, JsonValue orderInfo, Optional<Duration> life) implements PaymentPrompt {}

    /**
     * Hand this to the wallet's own call on the payer's device.
     *
     * @param handle what the provider calls the prepared payment, from which the parameters can be signed afresh
     */
    record CallWallet(String handle, JsonValue orderInfo, Optional<Duration> life) implements PaymentPrompt {}

    /** Nothing: the payer is entering a password, or has paid already. */
    record Nothing() implements PaymentPrompt {
        @Override
        public JsonValue orderInfo() {
            return JsonValue.EMPTY_JSON_OBJECT;
        }

        @Override
        public Optional<Duration> life() {
            return Optional.empty();
        }
    }

    /** Whether it opens the wallet on the payer's device, instead of being scanned by one. */
    default boolean opensWallet() {
        return !(this instanceof ScanQrCode);
    }

    /** As it is kept with the attempt. */
    default JsonObject stored() {
        var builder = Json.createObjectBuilder().add("orderInfo", orderInfo());
        if (this instanceof ScanQrCode scan) builder.add("kind", "scan").add("content", scan.content());
        else if (this instanceof GoTo go) builder.add("kind", "go").add("url", go.url());
        else if (this instanceof CallWallet call) builder.add("kind", "call").add("handle", call.handle());
        else builder.add("kind", "nothing");
        life().ifPresent(time -> builder.add("life", time.toSeconds()));
        return builder.build();
    }

    /** Reads back what {@link #stored()} wrote. */
    static PaymentPrompt of(JsonObject stored) {
        var orderInfo = stored.get("orderInfo");
        var life = Optional.ofNullable(stored.getJsonNumber("life")).map(n -> Duration.ofSeconds(n.longValueExact()));
        return switch (stored.getString("kind")) {
            case "scan" -> new ScanQrCode(stored.getString("content"), orderInfo, life);
            case "go" -> new GoTo(stored.getString("url"), orderInfo, life);
            case "call" -> new CallWallet(stored.getString("handle"), orderInfo, life);
            case "nothing" -> new Nothing();
            default -> throw new IllegalStateException("no prompt is of kind " + stored.getString("kind"));
        };
    }
}
