package io.cashdesk.simulator;

import java.security.SecureRandom;

/** Texts of random characters. */
public final class RandomText {
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomText() {}

    public static String of(String alphabet, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        return text.toString();
    }

    public static String digits(int length) {
        return of("0123456789", length);
    }

    /** Letters and digits, without those that look alike. */
    public static String letters(int length) {
        return of("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", length);
    }

    /** Hexadecimal digits in lower case. */
    public static String hex(int length) {
        return of("0123456789abcdef", length);
    }
}
