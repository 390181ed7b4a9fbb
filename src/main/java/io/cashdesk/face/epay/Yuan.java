package io.cashdesk.face.epay;

import io.cashdesk.ground.money.Money;
import java.math.BigDecimal;

/** Amounts as epay writes them: yuan as a decimal text. */
final class Yuan {
    private Yuan() {}

    /**
     * In fen: {@code 1}, {@code 0.1}, {@code 1.000}, {@code 01.00} and {@code .5} are amounts, because shops compute
     * with more decimals; a sign, an exponent, a part of a fen and zero are not.
     */
    static long fen(String name, String yuan) {
        if (yuan.matches("0{0,8}\\d{1,9}(\\.\\d{1,2}0{0,8})?|\\.\\d{1,2}0{0,8}")) {
            var fen = new BigDecimal(yuan).movePointRight(2).longValueExact();
            if (fen > 0) return fen;
        }
        throw Refusal.malformed(
                name,
                "大于 0 的金额，单位为元，精确到分，例如 1.00，收到的是 " + shown(yuan),
                "an amount in yuan above 0 without parts of a fen, like 1.00, but is " + shown(yuan));
    }

    private static String shown(String yuan) {
        return '"' + (yuan.length() > 32 ? yuan.substring(0, 32) + "…" : yuan) + '"';
    }

    /** With two decimals. */
    static String text(long fen) {
        return BigDecimal.valueOf(fen, 2).toPlainString();
    }

    static String text(Money money) {
        return text(money.minor());
    }
}
