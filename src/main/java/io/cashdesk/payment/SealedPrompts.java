package io.cashdesk.payment;

import io.cashdesk.ground.signing.Vault;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptRequest;
import io.cashdesk.provider.PaymentPrompt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Optional;

/**
 * Writes and reads the stored prompts. A signed request to Alipay contains {@code app_auth_token}, so that the prompt
 * of an attempt with a token is stored sealed.
 */
@ApplicationScoped
class SealedPrompts {
    private static final String SEALED = "sealed";

    @Inject
    Vault vault;

    /** As it is stored in {@code attempt.prompt}: JSON. */
    String stored(Attempt attempt, PaymentPrompt prompt) {
        var text = prompt.stored().toString();
        if (attempt.request().sub().sealedToken().isEmpty()) return text;
        return Json.createObjectBuilder()
                .add(SEALED, vault.seal(text, AttemptRequest.place(attempt.orderKey())))
                .build()
                .toString();
    }

    /** What the payer is shown; empty if nothing was stored yet. */
    Optional<PaymentPrompt> of(Attempt attempt) {
        return attempt.prompt().map(SealedPrompts::json).map(stored -> PaymentPrompt.of(opened(attempt, stored)));
    }

    private JsonObject opened(Attempt attempt, JsonObject stored) {
        if (!stored.containsKey(SEALED)) return stored;
        return json(vault.open(stored.getString(SEALED), AttemptRequest.place(attempt.orderKey())));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
