package io.cashdesk.simulator.wxpay;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/** The text of a bill: UTF-8 with a byte order mark, lines that end with CR LF, values behind a backtick. */
final class WxpayBillText {
    static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final StringBuilder text = new StringBuilder("\uFEFF");

    /** A line of column names. */
    WxpayBillText head(String line) {
        text.append(line).append("\r\n");
        return this;
    }

    /** A line of values. A comma inside a value becomes a full-width one, because commas separate values. */
    WxpayBillText values(List<String> values) {
        return head(values.stream()
                .map(v -> "`" + v.replace(",", "，").replaceAll("[\\r\\n]", " "))
                .collect(Collectors.joining(",")));
    }

    static String time(Instant at) {
        return TIME.format(at.atOffset(CHINA));
    }

    /** The fee of 0.60 percent in fen, rounded to the fen. */
    static long fee(long fen) {
        return (fen * 60 + 5_000) / 10_000;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
