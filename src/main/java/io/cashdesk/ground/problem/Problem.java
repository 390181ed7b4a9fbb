package io.cashdesk.ground.problem;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * An error for the caller of an API: what was wrong, where, and what to do, in Chinese and English.
 * {@link ProblemMappers} turns it into an HTTP response (RFC 9457).
 */
public class Problem extends RuntimeException {
    private static final LocalizedText NOT_SHOWN =
            new LocalizedText("渠道的原文不向客户端显示", "its words are not shown to a client");

    private static final LocalizedText STORED_SUB_MERCHANT = new LocalizedText(
            "订单中的子商户不适用于该节点，请在商户服务器端检查",
            "the sub-merchant of the order does not fit it; the merchant's server has to check it");

    private final ProblemType type;
    private final transient Object[] arguments;
    private final Duration retryAfter;
    private final transient Refusal refusal;

    /**
     * What a provider's refusal means: additional members of the response; docs/api.md describes them.
     *
     * @param providerCode the provider's error code, unchanged
     * @param fault who can solve it: "payer", "merchant", "provider", "cashdesk"
     * @param retry which retry can succeed: "no", "same_later", "new_number", "new_code", "ask_first"
     * @param payer the message to show to the payer
     */
    public record Refusal(String providerCode, String fault, String retry, LocalizedText payer) {}

    Problem(ProblemType type, Duration retryAfter, Refusal refusal, Object... arguments) {
        super(
                type.text(arguments).en(),
                null,
                false,
                false); // sent to the caller and not logged: no stack trace needed
        this.type = type;
        this.retryAfter = retryAfter;
        this.refusal = refusal;
        this.arguments = arguments.clone();
    }

    /** The same problem with a Retry-After header. */
    public Problem retryAfter(Duration time) {
        return new Problem(type, time, refusal, arguments);
    }

    /** The same problem with the meaning of the provider's refusal. */
    public Problem withRefusal(Refusal meaning) {
        return new Problem(type, retryAfter, meaning, arguments);
    }

    /**
     * The same problem for a caller with a publishable key: without the provider's own words, which may name the
     * merchant's accounts, without what is stored with the order, and without what the merchant has to do; instead with
     * what the payer can do.
     */
    public Problem forClient() {
        return switch (type) {
            case PROVIDER_REFUSED ->
                new Problem(
                        type,
                        retryAfter,
                        refusal,
                        arguments[0],
                        arguments[1],
                        NOT_SHOWN,
                        refusal == null ? "" : refusal.payer());
            case SUB_MERCHANT -> new Problem(type, retryAfter, refusal, arguments[0], STORED_SUB_MERCHANT);
            case PROVIDER_FAILED -> new Problem(type, retryAfter, refusal, arguments[0], NOT_SHOWN);
            default -> this;
        };
    }

    public ProblemType type() {
        return type;
    }

    /** The provider's error code, if this is a provider's refusal. */
    public Optional<String> providerCode() {
        return Optional.ofNullable(refusal).map(Refusal::providerCode);
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The message, in English if the locale is English, otherwise in Chinese. */
    public String message(Locale locale) {
        return type.text(arguments).in(locale);
    }

    /** The response body: RFC 9457, and the members {@code code} and {@code msg} that API clients read. */
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
