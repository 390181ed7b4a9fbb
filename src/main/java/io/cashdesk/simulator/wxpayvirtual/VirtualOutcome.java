package io.cashdesk.simulator.wxpayvirtual;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What happens after {@code wx.requestVirtualPayment} has made the order. */
enum VirtualOutcome {
    PAY,
    /** The payer closes the sheet; the number is used. */
    CANCEL,
    /** It fails; the order stays unpaid. */
    FAIL,
    /** Something behind WeChat fails and closes the order. */
    CLOSE,
    /** Nothing yet: a test or the wallet page decides. */
    OPEN;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<VirtualOutcome> of(String text) {
        return Arrays.stream(values()).filter(o -> o.text().equals(text)).findFirst();
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(VirtualOutcome::text).toList();
    }
}
