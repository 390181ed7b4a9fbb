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

    private static final LocalizedText FOR_MERCHANT = new LocalizedText(
            "该请求无法完成，请在商户服务器端检查", "The call cannot be carried out; the merchant's server has to check it");

    private final ProblemType type;
    private final transient Object[] arguments;
    private final Duration retryAfter;
    private final transient Refusal refusal;
    private final transient LocalizedText text;
    private boolean afterAnswer;

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
        this(type, type.text(arguments), retryAfter, refusal, arguments);
    }

    private Problem(ProblemType type, LocalizedText text, Duration retryAfter, Refusal refusal, Object... arguments) {
        super(text.en(), null, false, false); // sent to the caller and not logged: no stack trace needed
        this.type = type;
        this.text = text;
        this.retryAfter = retryAfter;
        this.refusal = refusal;
        this.arguments = arguments.clone();
    }

    /** The same problem with a Retry-After header. */
    public Problem retryAfter(Duration time) {
        return new Problem(type, text, time, refusal, arguments);
    }

    /** Says that the provider was called and has answered: the call itself did not fail. */
    public Problem afterAnswer() {
        afterAnswer = true;
        return this;
    }

    public boolean isAfterAnswer() {
        return afterAnswer;
    }

    /** The same problem with the meaning of the provider's refusal. */
    public Problem withRefusal(Refusal meaning) {
        return new Problem(type, text, retryAfter, meaning, arguments);
    }

    /**
     * The same problem for a caller with a publishable key: without the provider's own words, which may name the
     * merchant's accounts, without the merchant's settings and what is stored with the order, and without what the
     * merchant has to do; instead with what the payer can do. A type that is not listed here says nothing but its code
     * and title.
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
            case PROVIDER_FAILED -> new Problem(type, retryAfter, refusal, arguments[0], NOT_SHOWN);
            case OPENID ->
                saying(
                        "支付类型 " + arguments[0] + " 需要 data.openid，即付款人在商户应用下的 openid，由商户服务器获取",
                        "Pay type " + arguments[0] + " needs data.openid: the payer's openid at the merchant's"
                                + " application, which the merchant's server finds out");
            case PROVIDER_NOT_CONFIGURED ->
                saying("该商户不支持这种支付方式，请改用其他支付方式", "The merchant does not take this way to pay; use another one");
            case EARLIER_ATTEMPT_OPEN ->
                saying(
                        "该订单之前的支付未能关闭，请几秒后重试",
                        "The earlier attempt of the order could not be closed; repeat this call in a few seconds");
            case ORDER_NEEDS_PERSON ->
                saying("该订单暂时不能支付，请联系商家", "The order takes no payment at present; contact the merchant");
            case INVALID_PLATFORM ->
                saying(
                        "暂不支持苹果手机（INVALID_PLATFORM），请换用其他设备付款",
                        "This does not work on iPhones (INVALID_PLATFORM); pay on another device");
            case OUT_TRADE_NO,
                    STORE_DEVICE,
                    GOODS_MISSING,
                    GOODS_QUANTITY,
                    GOODS_MODE,
                    SESSION_KEY,
                    TYPE,
                    TOTAL_FEE,
                    SUBJECT,
                    PROVIDER,
                    CODE,
                    UNKNOWN_FIELD,
                    FIELD,
                    BODY,
                    BODY_TOO_LARGE,
                    CONTENT_TYPE,
                    CONTENT_ENCODING,
                    PROVIDER_UNKNOWN,
                    NOT_SUPPORTED,
                    TIME_EXPIRE,
                    CUSTOM_COLLIDES,
                    RETURN_URL,
                    HOST_UNKNOWN,
                    HOST_MALFORMED,
                    WRONG_AMOUNTS,
                    TOO_MANY_STORE_CALLS,
                    ORDER_NOT_FOUND,
                    ORDER_PAID,
                    ORDER_CLOSED,
                    CALL_RUNNING,
                    TOO_MANY_ATTEMPTS,
                    PROVIDER_UNREACHABLE,
                    OUTCOME_UNKNOWN,
                    PROVIDER_BUSY,
                    PROVIDER_DOWN,
                    KEY_MISSING,
                    KEY_WRONG,
                    KEY_MAY_NOT,
                    PID_NOT_FOUND,
                    PID_REQUIRED,
                    NOT_FOUND,
                    METHOD,
                    INTERNAL,
                    UNAVAILABLE,
                    COMMIT_UNKNOWN -> this;
            default -> saying(FOR_MERCHANT.zh(), FOR_MERCHANT.en());
        };
    }

    private Problem saying(String chinese, String english) {
        return new Problem(type, new LocalizedText(chinese, english), retryAfter, refusal);
    }

    /** @param n which argument of the message, from 0; in English, if it is in two languages */
    public String argument(int n) {
        return arguments[n] instanceof LocalizedText text ? text.en() : String.valueOf(arguments[n]);
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
        return text.in(locale);
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
