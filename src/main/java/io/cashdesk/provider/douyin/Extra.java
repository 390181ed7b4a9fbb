package io.cashdesk.provider.douyin;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a refund carries as {@code cp_extra}: the number of its payment, which callbacks about refunds do not have
 * otherwise.
 */
final class Extra {
    private static final Pattern FORM = Pattern.compile("attempt=([0-9A-Za-z_*-]{1,64})");

    private Extra() {}

    static String of(String attemptNo) {
        return "attempt=" + attemptNo;
    }

    /** The number; empty if the text is not ours, because the refund was made in the console. */
    static Optional<String> attemptNo(String extra) {
        var found = FORM.matcher(extra);
        return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
