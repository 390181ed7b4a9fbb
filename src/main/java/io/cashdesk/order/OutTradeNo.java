package io.cashdesk.order;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;

/**
 * The merchant's number for a pay order, unique per merchant and mode.
 *
 * <p>1 to 64 characters, digits, letters and {@code _ - * |}. Providers differ: WeChat wants 6 to 32, Alipay only
 * letters, digits and underscores. Where this number does not fit a provider, the attempt gets one of its own.
 */
public record OutTradeNo(String value) {
    public OutTradeNo {
        if (value == null || !value.matches("[0-9A-Za-z_|*-]{1,64}")) {
            throw ProblemType.OUT_TRADE_NO.with(value == null ? LocalizedText.ABSENT : LocalizedText.quoted(value));
        }
    }
}
