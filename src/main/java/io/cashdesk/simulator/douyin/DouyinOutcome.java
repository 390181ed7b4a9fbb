package io.cashdesk.simulator.douyin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What happens in the cashier, with the {@code code} of {@code tt.pay}. */
enum DouyinOutcome {
    PAY(0),
    /** The payer leaves; an order of the general trade system is cancelled by it. */
    CANCEL(4),
    /** It fails; the order cannot be paid any more. */
    FAIL(2),
    /** The payer takes too long: the order is over. */
    TIMEOUT(1),
    /** Nothing yet: a test or the wallet page decides. */
    OPEN(9);

    static final int PAID = 0;
    static final int CLOSED = 3;
    static final int UNKNOWN = 9;

    private final int code;

    DouyinOutcome(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<DouyinOutcome> of(String text) {
        return Arrays.stream(values()).filter(o -> o.text().equals(text)).findFirst();
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(DouyinOutcome::text).toList();
    }
}
