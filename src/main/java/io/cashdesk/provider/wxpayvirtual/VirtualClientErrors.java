package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.ClientErrors.ClientError;
import io.cashdesk.provider.ClientErrors.Next;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;

/** The codes of {@code wx.requestVirtualPayment}, from the file {@code client-errors.json} beside this class. */
final class VirtualClientErrors {
    private VirtualClientErrors() {}

    /** @throws IllegalStateException if the file is not whole */
    static List<ClientError> read() {
        try (InputStream in = VirtualClientErrors.class.getResourceAsStream("client-errors.json");
                var reader = Json.createReaderFactory(null).createReader(in, StandardCharsets.UTF_8)) {
            var errors = reader.readArray().getValuesAs(JsonObject.class).stream()
                    .map(VirtualClientErrors::error)
                    .toList();
            var codes = new HashSet<String>();
            errors.stream()
                    .map(ClientError::code)
                    .filter(c -> !codes.add(c))
                    .findFirst()
                    .ifPresent(twice -> {
                        throw new IllegalStateException("client-errors.json has " + twice + " twice");
                    });
            return errors;
        } catch (IOException e) {
            throw new IllegalStateException("client-errors.json cannot be read", e);
        }
    }

    private static ClientError error(JsonObject error) {
        return new ClientError(
                error.getString("code"),
                text(error.getJsonObject("cause")),
                text(error.getJsonObject("payer")),
                Next.valueOf(error.getString("next")));
    }

    private static LocalizedText text(JsonObject text) {
        return new LocalizedText(text.getString("zh"), text.getString("en"));
    }
}
