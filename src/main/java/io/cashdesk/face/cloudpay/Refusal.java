package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import java.util.Locale;
import java.util.Map;

/**
 * A refusal as CloudPay answers it: either the call itself failed ({@code returnCode} FAIL), or the operation was
 * refused ({@code resultCode} FAIL). Both have a code of API v2's tables.
 */
final class Refusal extends RuntimeException {
    /** Error codes of WeChat Pay v3, and those of API v2, which CloudPay uses. */
    private static final Map<String, String> V2 = Map.ofEntries(
            Map.entry("ORDER_PAID", "ORDERPAID"),
            Map.entry("ORDER_CLOSED", "ORDERCLOSED"),
            Map.entry("ORDER_NOT_EXIST", "ORDERNOTEXIST"),
            Map.entry("NO_AUTH", "NOAUTH"),
            Map.entry("NOT_ENOUGH", "NOTENOUGH"),
            Map.entry("MCH_NOT_EXISTS", "MCHID_NOT_EXIST"),
            Map.entry("RULE_LIMIT", "RULELIMIT"),
            Map.entry("BANK_ERROR", "BANKERROR"),
            Map.entry("SYSTEM_ERROR", "SYSTEMERROR"),
            Map.entry("SIGN_ERROR", "SIGNERROR"),
            Map.entry("SIGN ERROR", "SIGNERROR"),
            Map.entry("USER_PAYING", "USERPAYING"),
            // the adapter's own words for what the node or the call does not allow
            Map.entry("pfx", "NOAUTH"),
            Map.entry("other", "INVALID_REQUEST"),
            Map.entry("", "SYSTEMERROR"));

    /** A code of API v2. */
    final String code;

    /** Whether the call itself failed, so that nothing is said of the operation. */
    final boolean ofCall;

    private final LocalizedText text;

    private Refusal(String code, boolean ofCall, LocalizedText text) {
        super(code + ": " + text.en(), null, false, false);
        this.code = code;
        this.ofCall = ofCall;
        this.text = text;
    }

    static Refusal business(String code, String zh, String en) {
        return new Refusal(code, false, new LocalizedText(zh, en));
    }

    static Refusal call(String code, String zh, String en) {
        return new Refusal(code, true, new LocalizedText(zh, en));
    }

    static Refusal missing(String name) {
        return business("LACK_PARAMS", "缺少参数 " + name, name + " is missing");
    }

    static Refusal noSuchRefund() {
        return business("REFUNDNOTEXIST", "没有这笔退款", "there is no such refund");
    }

    /** In English if the locale is English, otherwise in Chinese. */
    String text(Locale locale) {
        return text.in(locale);
    }

    /** @param operation some codes mean different things in different operations */
    static Refusal of(Problem problem, Operation operation) {
        var code = code(problem, operation);
        return new Refusal(code, failsTheCall(problem, code), text(problem));
    }

    /** In CloudPay's names. A provider's own words stay as they are, and so does the caller's unknown name. */
    private static LocalizedText text(Problem problem) {
        if (problem.type() == ProblemType.TIME_EXPIRE) return timeExpire(problem);
        var text = new LocalizedText(problem.message(Locale.CHINESE), problem.message(Locale.ENGLISH));
        return switch (problem.type()) {
            case UNKNOWN_FIELD, PROVIDER_REFUSED, PROVIDER_FAILED, OUTCOME_UNKNOWN -> text;
            default -> new LocalizedText(CloudPayNames.in(text.zh()), CloudPayNames.in(text.en()));
        };
    }

    /** The merchant API has Unix milliseconds there. */
    private static LocalizedText timeExpire(Problem problem) {
        var from = UnifiedOrderFields.beijing(problem.argument(0), true);
        var to = UnifiedOrderFields.beijing(problem.argument(1), false);
        var given = UnifiedOrderFields.beijing(problem.argument(2), false);
        return new LocalizedText(
                "timeExpire 必须是北京时间，介于 " + from + " 与 " + to + " 之间，收到的是 " + given,
                "timeExpire must be a time in Beijing between " + from + " and " + to + ", but is " + given);
    }

    private static String code(Problem problem, Operation operation) {
        return switch (problem.type()) {
            case ORDER_PAID -> "ORDERPAID";
            case ORDER_CLOSED -> "ORDERCLOSED";
            // WeChat Pay does not tell an unpaid order from an unknown one when it is to be refunded
            case ORDER_NOT_FOUND, ORDER_UNPAID -> absent(operation);
            case NOT_REFUNDED -> "REFUNDNOTEXIST";
            case ORDER_NEEDS_PERSON -> operation == Operation.CLOSE_ORDER ? "TRADE_STATE_ERROR" : "INVALID_REQUEST";
            case REFUND_TOO_LATE -> "TRADE_OVERDUE";
            case SUB_MERCHANT, PROVIDER_NOT_CONFIGURED -> "NOAUTH";
            case OPENID -> "LACK_PARAMS";
            case BODY -> "XML_FORMAT_ERROR";
            case METHOD -> "REQUIRE_POST_METHOD";
            case NOT_FOUND -> "INVALID_REQUEST";
            case PROVIDER_REFUSED, OUTCOME_UNKNOWN ->
                ofProvider(problem.providerCode().orElse(""), operation);
            default -> ofKind(problem);
        };
    }

    private static String absent(Operation operation) {
        return operation == Operation.QUERY_REFUND ? "REFUNDNOTEXIST" : "ORDERNOTEXIST";
    }

    /** By the group of the error code (docs/api.md, "All errors"). */
    private static String ofKind(Problem problem) {
        if (problem.type().isTemporary()) return "SYSTEMERROR";
        return problem.type().code() / 1000 == 4 ? "NOAUTH" : "INVALID_REQUEST";
    }

    /** A code of WeChat Pay in API v2's spelling; one that has no other spelling keeps it. */
    private static String ofProvider(String code, Operation operation) {
        if (code.equals("FREQUENCY_LIMITED") && operation != Operation.REFUND) return "SYSTEMERROR";
        if (code.equals("RESOURCE_NOT_EXISTS")) return absent(operation);
        return V2.getOrDefault(code, code);
    }

    /** The caller was not let in, the message could not be read, or the provider could not be reached. */
    private static boolean failsTheCall(Problem problem, String code) {
        return switch (problem.type()) {
            case BODY, BODY_TOO_LARGE, CONTENT_TYPE, CONTENT_ENCODING, PROVIDER_UNREACHABLE, PROVIDER_FAILED -> true;
            case OUTCOME_UNKNOWN -> problem.providerCode().isEmpty();
            case PROVIDER_REFUSED -> code.equals("SIGNERROR");
            default -> problem.type().code() / 1000 == 4;
        };
    }
}
