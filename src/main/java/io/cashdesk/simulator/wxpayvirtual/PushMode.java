package io.cashdesk.simulator.wxpayvirtual;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How messages are pushed, as in the console. */
enum PushMode {
    PLAIN,
    /** Both the plain message and the encrypted one. */
    COMPATIBLE,
    /** Encrypted alone. */
    SAFE;

    /** As in the controls. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<PushMode> of(String text) {
        return Arrays.stream(values()).filter(m -> m.text().equals(text)).findFirst();
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(PushMode::text).toList();
    }
}
