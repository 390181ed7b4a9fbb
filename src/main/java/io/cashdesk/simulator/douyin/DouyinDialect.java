package io.cashdesk.simulator.douyin;

import java.util.Optional;
import java.util.stream.Stream;

/** The protocol through which an order was made; its callbacks have the format of that protocol. */
enum DouyinDialect {
    /** Guaranteed payment (担保支付), version 1. */
    ECPAY("ecpay"),
    /** The general trade system (通用交易系统). */
    TRADE("trade");

    /** In the node of configuration and in {@code sim_douyin_trade}. */
    final String word;

    DouyinDialect(String word) {
        this.word = word;
    }

    static Optional<DouyinDialect> of(String word) {
        return Stream.of(values()).filter(d -> d.word.equals(word)).findFirst();
    }
}
