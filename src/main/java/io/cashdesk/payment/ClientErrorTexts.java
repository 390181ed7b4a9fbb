package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.ClientErrors;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;

/** {@code clientErrors}: what a client tells the payer when the wallet's own call fails. The same for every caller. */
@ApplicationScoped
public class ClientErrorTexts {
    @Inject
    Providers providers;

    /** As {@link #of(String)}, for a call with the field {@code provider}. */
    public JsonObject of(JsonBody body) {
        body.only("provider");
        return of(body.text("provider", 32).orElse(""));
    }

    /**
     * Every code of this provider's call, by code.
     *
     * @throws io.cashdesk.ground.problem.Problem PROVIDER, PROVIDER_UNKNOWN, or NOT_SUPPORTED for a provider whose
     *     clients have no codes
     */
    public JsonObject of(String provider) {
        if (provider == null || provider.isBlank()) throw ProblemType.PROVIDER.with(LocalizedText.ABSENT);
        if (!(providers.named(provider) instanceof ClientErrors known)) {
            throw ProblemType.notSupported(
                    LocalizedText.named(provider),
                    new LocalizedText("该渠道的客户端没有错误码", "its clients have no error codes"));
        }
        var errors = Json.createObjectBuilder();
        for (var error : known.clientErrors()) {
            errors.add(
                    error.code(),
                    Json.createObjectBuilder()
                            .add("payer", text(error.payer()))
                            .add("cause", text(error.cause()))
                            .add("next", error.next().word()));
        }
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", "ok")
                .add("provider", provider)
                .add("errors", errors)
                .build();
    }

    private static JsonObject text(LocalizedText text) {
        return Json.createObjectBuilder()
                .add("zh", text.zh())
                .add("en", text.en())
                .build();
    }
}
