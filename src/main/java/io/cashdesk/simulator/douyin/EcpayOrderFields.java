package io.cashdesk.simulator.douyin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rules for the members of {@code create_order}. */
final class EcpayOrderFields {
    private static final long LARGEST = 10_000_000_000L;
    private static final long SHORTEST_LIFE = 300;
    private static final long LONGEST_LIFE = 172_800;
    private static final int MOST_BYTES = 128;
    private static final int MOST_CHINESE = 42;

    /** What a merchant does not want in the cashier. */
    private static final Map<String, Integer> LIMITS = Map.of("LIMIT_WX", 1, "LIMIT_ALI", 2, "LIMIT_DYZF", 10);

    private EcpayOrderFields() {}

    /**
     * A repetition is compared without {@code valid_time}, which is counted from the moment of the call.
     *
     * @param notifyUrl where the callback goes, or an empty text
     */
    static DouyinOrders.Order read(DouyinFields fields, String notifyUrl) {
        var number = fields.number("out_order_no");
        var amount = fields.requiredWhole("total_amount", 1, LARGEST);
        var subject = title(fields, "subject");
        title(fields, "body");
        var life = fields.requiredWhole("valid_time", Long.MIN_VALUE, Long.MAX_VALUE);
        fields.text("store_uid", 64);
        fields.text("msg_page");
        fields.whole("disable_msg", 0, 1);
        var order = fields.text("expand_order_info");
        if (order.isPresent() && !DouyinFields.isObject(order.get())) {
            throw fields.wrong("expand_order_info", "应为 JSON 对象的文本");
        }
        return new DouyinOrders.Order(
                DouyinDialect.ECPAY,
                number,
                amount,
                subject,
                notifyUrl,
                life(life),
                fields.canonical("sign", "valid_time"),
                "",
                limits(fields),
                EcpayCalls.extra(fields));
    }

    /** Values outside the range are moved to its ends. */
    static Duration life(long seconds) {
        return Duration.ofSeconds(Math.max(SHORTEST_LIFE, Math.min(LONGEST_LIFE, seconds)));
    }

    private static String title(DouyinFields fields, String name) {
        var text = fields.required(name, MOST_BYTES);
        if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw fields.wrong(name, "最长 " + MOST_BYTES + " 字节");
        }
        var chinese = text.codePoints().filter(Character::isIdeographic).count();
        if (chinese > MOST_CHINESE) throw fields.wrong(name, "最多 " + MOST_CHINESE + " 个汉字");
        return text;
    }

    private static List<Integer> limits(DouyinFields fields) {
        var ways = new ArrayList<Integer>();
        for (var word : fields.text("limit_pay_way").orElse("").split(",")) {
            if (word.isBlank()) continue;
            var way = LIMITS.get(word.strip());
            if (way == null) throw fields.wrong("limit_pay_way", "应为 LIMIT_WX、LIMIT_ALI 或 LIMIT_DYZF");
            ways.add(way);
        }
        if (ways.containsAll(LIMITS.values())) throw fields.wrong("limit_pay_way", "不能屏蔽所有支付方式");
        return ways;
    }
}
