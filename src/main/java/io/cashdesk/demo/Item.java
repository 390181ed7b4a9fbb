package io.cashdesk.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the shop sells. The price is the shop's own and never comes from a browser. */
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

    /** As it stands in forms, picture names and texts: "tea". */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Item> named(String word) {
        return Arrays.stream(values()).filter(i -> i.word().equals(word)).findFirst();
    }
}
