package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.problem.Problem;
import java.util.Map;

/**
 * A refusal as CloudPay answers it: either the call itself failed ({@code returnCode} FAIL, no code), or the operation
 * was refused ({@code resultCode} FAIL with a code).
 */
final class Refusal extends RuntimeException {
    /** Error codes of WeChat Pay v3, and those of API v2, which CloudPay uses. */
    private static final Map<String, String> V2 = Map.ofEntries(
            Map.entry("ORDER_PAID", "ORDERPAID"),
            Map.entry("ORDER_CLOSED", "ORDERCLOSED"),
            Map.entry("ORDER_NOT_EXIST", "ORDERNOTEXIST"),
            Map.entry("RESOURCE_NOT_EXISTS", "ORDERNOTEXIST"),
            Map.entry("NO_AUTH", "NOAUTH"),
            Map.entry("NOT_ENOUGH", "NOTENOUGH"),
            Map.entry("MCH_NOT_EXISTS", "MCHID_NOT_EXIST"),
            Map.entry("RULE_LIMIT", "RULELIMIT"),
            Map.entry("BANK_ERROR", "BANKERROR"),
            Map.entry("SYSTEM_ERROR", "SYSTEMERROR"));

    /** The business code, or an empty text. */
    final String code;

    private Refusal(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static Refusal business(String code, String message) {
        return new Refusal(code, message);
    }

    static Refusal call(String message) {
        return new Refusal("", message);
    }

    /** @param call the call's name: some codes mean different things in different calls */
    static Refusal of(Problem problem, String call) {
        var text = problem.getMessage();
        return switch (problem.type()) {
            case ORDER_PAID -> business("ORDERPAID", text);
            case ORDER_CLOSED -> business("ORDERCLOSED", text);
            case ORDER_DIFFERS,
                    REFUND_DIFFERS,
                    REFUND_EXCEEDS,
                    REFUND_TOO_MANY,
                    ORDER_UNPAID,
                    ORDER_NEEDS_PERSON,
                    IDEMPOTENCY_KEY_USED -> business("INVALID_REQUEST", text);
            case REFUND_TOO_LATE -> business("TRADE_OVERDUE", text);
            case NOT_REFUNDED -> business("REFUNDNOTEXIST", text);
            case ORDER_NOT_FOUND -> business("ORDERNOTEXIST", text);
            case SUB_MERCHANT, PROVIDER_NOT_CONFIGURED -> business("NOAUTH", text);
            case OPENID -> business("LACK_PARAMS", text);
            case OUT_TRADE_NO, TOTAL_FEE, SUBJECT, TYPE, FIELD, UNKNOWN_FIELD, TIME_EXPIRE, IDEMPOTENCY_KEY ->
                business("PARAM_ERROR", text);
            case CALL_RUNNING,
                    PROVIDER_BUSY,
                    PROVIDER_DOWN,
                    EARLIER_ATTEMPT_OPEN,
                    TOO_MANY_ATTEMPTS,
                    REFUND_LATER,
                    IDEMPOTENCY_KEY_RUNNING,
                    UNAVAILABLE,
                    COMMIT_UNKNOWN,
                    INTERNAL -> business("SYSTEMERROR", text);
            case PROVIDER_REFUSED -> refused(problem.providerCode().orElse(""), call, text);
            default -> call(text);
        };
    }

    private static Refusal refused(String code, String call, String text) {
        if (code.equals("SIGN_ERROR")) return call(text);
        if (code.equals("FREQUENCY_LIMITED") && !call.equals("refund")) return business("SYSTEMERROR", text);
        if (code.equals("RESOURCE_NOT_EXISTS") && call.equals("queryRefund")) return business("REFUNDNOTEXIST", text);
        return business(V2.getOrDefault(code, code), text);
    }
}
