package io.cashdesk.simulator;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * The numbers of an account, derived from the merchant's pid: the same in every database, so that documents and test
 * scripts can name them. Keys and secrets are never derived.
 *
 * @param provider where the account is
 * @param pid the merchant's name at Cashdesk
 * @param kind {@link Account#KEY} or {@link Account#CERTIFICATE}, whose numbers differ
 * @param round 0; another one only if another merchant has the numbers of the one before
 */
public record AccountNumbers(String provider, String pid, String kind, int round) {
    /** Those of an account that exists; for further numbers of it. */
    public static AccountNumbers of(Account account) {
        return new AccountNumbers(account.provider(), account.pid(), account.kind(), 0);
    }

    /** @param what which number of the account: another one for each text */
    public String digits(String what, int length) {
        return padded(derived(what).mod(BigInteger.TEN.pow(length)).toString(), length);
    }

    /** As {@link #digits}, in hexadecimal digits, at most 64. */
    public String hex(String what, int length) {
        return padded(derived(what).toString(16), 64).substring(0, length);
    }

    private BigInteger derived(String what) {
        var text = String.join("\n", provider, pid, kind, what, Integer.toString(round));
        try {
            return new BigInteger(
                    1, MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String padded(String number, int length) {
        return "0".repeat(Math.max(0, length - number.length())) + number;
    }
}
