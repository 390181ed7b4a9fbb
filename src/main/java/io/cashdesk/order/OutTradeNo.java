package io.cashdesk.order;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;

/**
 * The merchant's number for a pay order, unique per merchant and mode.
 *
 * <p>1 to 64 characters, digits, letters and {@code _ - * |}. Providers differ: WeChat wants 6 to 32, Alipay only
 * letters, digits and underscores. Where this number does not fit a provider, the attempt gets one of its own.
 *
 * @param ofEpay whether it may have full stops too, as the numbers of shops that speak epay
 */
public record OutTradeNo(String value, boolean ofEpay) {
    public OutTradeNo {
        if (value == null || !value.matches(ofEpay ? "[0-9A-Za-z._|*-]{1,64}" : "[0-9A-Za-z_|*-]{1,64}")) {
            throw ProblemType.OUT_TRADE_NO.with(value == null ? LocalizedText.ABSENT : LocalizedText.quoted(value));
        }
    }

    public OutTradeNo(String value) {
        this(value, false);
    }

    /** Whether a number that a provider made can be an order's. */
    public static boolean allows(String value) {
        return value.matches("[0-9A-Za-z_|*-]{1,64}");
    }
}
