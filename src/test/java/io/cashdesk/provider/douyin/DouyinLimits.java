package io.cashdesk.provider.douyin;

import io.cashdesk.provider.Ability;
import java.util.Optional;

/** What the dialects do not have, with the section of the reference (douyin.md) that says so. */
final class DouyinLimits {
    private DouyinLimits() {}

    static Optional<String> cannot(Dialect dialect, Ability ability) {
        var trade = dialect == Dialect.TRADE;
        return Optional.ofNullable(
                switch (ability) {
                    case CLOSE ->
                        trade
                                ? "douyin.md §2.2: the calls are order_query, refund_*, settle_*; none closes an order"
                                : "douyin.md §1: there is no close/cancel API, an order ends through valid_time";
                    case SIGNED_ANSWERS -> "douyin.md §1.4 and §2.2: replies have err_no and words, and no signature";
                    case TRANSFER_NODE -> "unified-api.md §5.4: douyin has one node, mp-toutiao";
                    case CREATE -> trade ? "douyin.md §2.1: there is no server-to-server create call" : null;
                    case OUR_NUMBER ->
                        trade ? "douyin.md §2.1: no call of ours carries the number to Douyin first" : null;
                    default -> null;
                });
    }
}
