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

    Problem(ProblemType type, Duration retryAfter, Object... arguments) {
        super(type.english(arguments), null, false, false); // said to a caller, not to a log: no stack needed
        this.type = type;
        this.retryAfter = retryAfter;
        this.arguments = arguments.clone();
    }

    /** The same problem, telling the caller when to come back. */
    public Problem retryAfter(Duration time) {
        return new Problem(type, time, arguments);
    }

    public ProblemType type() {
        return type;
    }

    /** The provider's own code, if this is a provider's refusal. */
    public Optional<String> providerCode() {
        return type == ProblemType.PROVIDER_REFUSED ? Optional.of(String.valueOf(arguments[1])) : Optional.empty();
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The sentence for a person, in English if that is what they asked for first, otherwise in Chinese. */
    public String sentence(Locale locale) {
        return Locale.ENGLISH.getLanguage().equals(locale.getLanguage())
                ? type.english(arguments)
                : type.chinese(arguments);
    }

    /** RFC 9457, with the {@code code} and {@code msg} that our API's clients read. */
    public JsonObject json(Locale locale) {
        return Json.createObjectBuilder()
                .add("type", "/problems/" + type.slug())
                .add("title", type.title())
                .add("status", type.status())
                .add("detail", getMessage())
                .add("code", type.code())
                .add("msg", sentence(locale))
                .build();
    }
}
