package io.cashdesk.ground.problem;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A no, on its way to the caller: what was wrong, where, and what to do, in Chinese and English. */
public class Problem extends RuntimeException {
    private final ProblemType type;
    private final transient Object[] arguments;
    private final Duration retryAfter;
    private final transient Refusal refusal;

    /**
     * What a provider's refusal means; members of the body of its own.
     *
     * @param providerCode the provider's code, in its own spelling
     * @param fault who can do something about it: "payer", "merchant", "provider", "cashdesk"
     * @param retry whether asking again can help: "no", "same_later", "new_number", "new_code", "ask_first"
     * @param payer what to tell the payer
     */
    public record Refusal(String providerCode, String fault, String retry, LocalizedText payer) {}

    Problem(ProblemType type, Duration retryAfter, Refusal refusal, Object... arguments) {
        super(type.text(arguments).en(), null, false, false); // said to a caller, not to a log: no stack needed
        this.type = type;
        this.retryAfter = retryAfter;
        this.refusal = refusal;
        this.arguments = arguments.clone();
    }

    /** The same problem, telling the caller when to come back. */
    public Problem retryAfter(Duration time) {
        return new Problem(type, time, refusal, arguments);
    }

    /** The same problem, with what the provider's refusal means. */
    public Problem withRefusal(Refusal meaning) {
        return new Problem(type, retryAfter, meaning, arguments);
    }

    public ProblemType type() {
        return type;
    }

    /** The provider's own code, if this is a provider's refusal. */
    public Optional<String> providerCode() {
        return Optional.ofNullable(refusal).map(Refusal::providerCode);
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The sentence for a person, in English if that is what they asked for first, otherwise in Chinese. */
    public String message(Locale locale) {
        return type.text(arguments).in(locale);
    }

    /** RFC 9457, with the {@code code} and {@code msg} that our API's clients read. */
    public JsonObject json(Locale locale) {
        var body = Json.createObjectBuilder()
                .add("type", "/problems/" + type.slug())
                .add("title", type.title())
                .add("status", type.status())
                .add("detail", getMessage())
                .add("code", type.code())
                .add("msg", message(locale));
        if (refusal != null) {
            body.add("provider_code", refusal.providerCode())
                    .add("fault", refusal.fault())
                    .add("retry", refusal.retry())
                    .add("payer_msg", refusal.payer().in(locale));
        }
        return body.build();
    }
}
