package io.cashdesk.refund;

import java.util.function.Predicate;

/** The numbers that refunds get for which the merchant gives none: {@code <out_trade_no>-1}, {@code -2}, … */
final class MadeNumber {
    private MadeNumber() {}

    /**
     * The first number that is free.
     *
     * @param earlier how many refunds the order has; those of them with made numbers have the first ones
     * @param taken whether the merchant has used a number, for this order or another
     */
    static String free(String outTradeNo, int earlier, Predicate<String> taken) {
        for (int n = earlier + 1; ; n++) {
            var number = outTradeNo + "-" + n;
            if (!taken.test(number)) return number;
        }
    }
}
