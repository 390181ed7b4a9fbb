package io.cashdesk.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An item of the shop. The price is defined here and never taken from a browser. */
enum Item {
    TEA(990),
    CUP(3600);

    private final long fen;

    Item(long fen) {
        this.fen = fen;
    }

    long fen() {
        return fen;
    }

    /** The name in forms, file names of pictures and message keys: "tea". */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Item> byKey(String key) {
        return Arrays.stream(values()).filter(i -> i.key().equals(key)).findFirst();
    }
}
