package io.cashdesk.simulator.vkspay;

import java.util.Optional;
import java.util.stream.Stream;

/** The protocol through which an order was made; its notification has the format of that protocol. */
enum VkspayDialect {
    VKSPAY("vkspay"),
    EPAY_V1("epay-v1"),
    EPAY_V2("epay-v2");

    /** In the node of configuration and in {@code sim_vkspay_trade}. */
    final String word;

    VkspayDialect(String word) {
        this.word = word;
    }

    static Optional<VkspayDialect> of(String word) {
        return Stream.of(values()).filter(d -> d.word.equals(word)).findFirst();
    }
}
