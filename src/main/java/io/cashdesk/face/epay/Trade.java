package io.cashdesk.face.epay;

import io.cashdesk.order.PayOrder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** An order in epay's words. */
final class Trade {
    private static final DateTimeFormatter BEIJING =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.ofHours(8));

    private Trade() {}

    /** Our number of the order, which stays the same: its id, 32 hex digits. */
    static String number(PayOrder order) {
        return order.id().toString().replace("-", "");
    }

    /** The order's id that this number stands for; empty if it is no number of ours. */
    static Optional<UUID> id(String tradeNo) {
        if (!tradeNo.matches("[0-9a-f]{32}")) return Optional.empty();
        return Optional.of(new UUID(
                Long.parseUnsignedLong(tradeNo.substring(0, 16), 16),
                Long.parseUnsignedLong(tradeNo.substring(16), 16)));
    }

    /** 0 unpaid, 1 paid, 2 refunded, in part or all of it. */
    static int status(PayOrder order) {
        if (!order.paid()) return 0;
        return order.refundNum() > 0 ? 2 : 1;
    }

    /** In Beijing. */
    static String time(Instant moment) {
        return BEIJING.format(moment);
    }

    /**
     * What a paid order's notification says, not signed yet; the return of the payer's browser repeats it. Version 2
     * says more.
     *
     * @param pid of the shop
     * @param type the wallet
     */
    static SortedMap<String, String> paid(PayOrder order, long pid, String type) {
        var epay = order.epay().orElseThrow();
        var values = new TreeMap<String, String>();
        values.put("pid", Long.toString(pid));
        values.put("trade_no", number(order));
        values.put("out_trade_no", order.outTradeNo());
        values.put("type", type);
        values.put("name", order.subject());
        values.put("money", Yuan.text(order.total()));
        values.put("trade_status", "TRADE_SUCCESS");
        if (!epay.param().isEmpty()) values.put("param", epay.param());
        if (epay.version() == 2) {
            order.transactionId().ifPresent(id -> values.put("api_trade_no", id));
            order.openid().ifPresent(id -> values.put("buyer", id));
            values.put("addtime", time(order.createdAt()));
            order.paidAt().ifPresent(at -> values.put("endtime", time(at)));
        }
        values.put("sign_type", epay.version() == 2 ? "RSA" : "MD5");
        return values;
    }
}
