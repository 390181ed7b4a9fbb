package io.cashdesk.ground.money;

import java.math.BigDecimal;

/**
 * An amount in minor units of its currency: 990 CNY is 9.90 yuan. Never negative, never floating point.
 *
 * @param minor whole minor units (fen for CNY), 0 or more
 * @param currency the ISO 4217 code, three capital letters
 */
public record Money(long minor, String currency) {
    public static final String CNY = "CNY";

    public Money {
        if (minor < 0) throw new IllegalArgumentException("an amount cannot be negative: " + minor);
        if (currency == null || !currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("not a currency: " + currency);
        }
    }

    public static Money fen(long fen) {
        return new Money(fen, CNY);
    }

    /** Reads yuan, exactly or not at all: "9.90" is 990 fen, "9.901" is refused. */
    public static Money fromYuan(String yuan) {
        return fen(new BigDecimal(yuan.strip()).movePointRight(2).longValueExact());
    }

    /** Two decimals, no grouping: 990 fen is "9.90". */
    public String yuan() {
        return BigDecimal.valueOf(minor, 2).toPlainString();
    }

    @Override
    public String toString() {
        return yuan() + " " + currency;
    }
}
