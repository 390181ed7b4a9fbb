package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.money.Money;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Amounts on the wire: decimal texts in yuan. Gateways print them loosely ({@code 1}, {@code 0.1} and {@code 1.00}), so
 * numbers are compared and not texts; and nothing is ever rounded.
 */
final class Yuan {
    private static final Pattern PLAIN = Pattern.compile("\\d{1,12}(\\.\\d{1,8})?");

    private Yuan() {}

    /** Empty if it is no plain decimal number, or no whole number of fen. */
    static Optional<Money> parse(String text) {
        if (!PLAIN.matcher(text).matches()) return Optional.empty();
        try {
            return Optional.of(Money.fromYuan(text));
        } catch (ArithmeticException partOfAFen) {
            return Optional.empty();
        }
    }
}
