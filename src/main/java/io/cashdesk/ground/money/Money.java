package io.cashdesk.ground.money;

import java.math.BigDecimal;

/**
 * An amount of money in whole minor units of its currency: 990 with CNY is 9.90 yuan. Never negative, never floating
 * point.
 *
 * @param minor whole minor units (fen for CNY), 0 or more
 * @param currency the ISO 4217 code, three capital letters
 */
public record Money(long minor, String currency) {
    /** The ISO 4217 code of the Chinese yuan; its minor unit is the fen, 1/100. */
    public static final String CNY = "CNY";

    public Money {
        if (minor < 0) throw new IllegalArgumentException("an amount cannot be negative: " + minor);
        if (currency == null || !currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("not a currency: " + currency);
        }
    }

    /** An amount of CNY in fen. */
    public static Money fen(long fen) {
        return new Money(fen, CNY);
    }

    /**
     * Parses a decimal amount of yuan: "9.90" is 990 fen.
     *
     * @throws ArithmeticException if it is not a whole number of fen ("9.901")
     * @throws NumberFormatException if it is not a decimal number
     */
    public static Money fromYuan(String yuan) {
        return fen(new BigDecimal(yuan.strip()).movePointRight(2).longValueExact());
    }

    /** As a decimal number with two decimals and no grouping: 990 fen is "9.90". */
    public String yuan() {
        return BigDecimal.valueOf(minor, 2).toPlainString();
    }

    @Override
    public String toString() {
        return yuan() + " " + currency;
    }
}
