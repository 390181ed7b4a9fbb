package io.cashdesk.face.cloudpay;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CloudPay's names of the fields that the messages of the merchant API and of the adapters name. */
final class CloudPayNames {
    /** Without the objects {@code data}, {@code context} and {@code other}, in which CloudPay's fields are not. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("CLIENTIP", "spbillCreateIp"),
            Map.entry("subject", "body"),
            Map.entry("openid", "openid / subOpenid"),
            Map.entry("sub_mchid", "subMchId"),
            Map.entry("support_fapiao", "receipt"),
            Map.entry("scene_info.device_id", "deviceInfo"));

    /** Names of v3 in lists and objects, which CloudPay has from v2. */
    private static final Map<String, String> PARTS = Map.of(
            "merchant_goods_id", "goodsId",
            "wechatpay_goods_id", "wxpayGoodsId",
            "unit_price", "price",
            "invoice_id", "receiptId");

    /**
     * The names without an object that occur in messages. "subject" is an English word too, unless its value follows.
     */
    private static final String ALONE =
            "out_trade_no|total_fee|out_refund_no|refund_fee|refund_desc|sub_mchid|time_expire|subject(?= = | 为 )";

    /** A value in quotes, which stays as it is; a name in an object; a name alone. */
    private static final Pattern NAME = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\""
            + "|(?<![\\w.])(?:data|context|other)\\.(\\w+(?:\\[\\d+])?(?:\\.\\w+(?:\\[\\d+])?)*)"
            + "|(?<![\\w.])(" + ALONE + ")(?!\\w)");

    private CloudPayNames() {}

    /** The message with CloudPay's names. */
    static String in(String message) {
        return NAME.matcher(message).replaceAll(found -> Matcher.quoteReplacement(renamed(found)));
    }

    private static String renamed(MatchResult found) {
        var name = found.group(1) == null ? found.group(2) : found.group(1);
        if (name == null) return found.group();
        if (NAMES.containsKey(name)) return NAMES.get(name);
        var path = new StringBuilder();
        for (var part : name.split("\\.")) {
            var index = part.indexOf('[');
            var own = index < 0 ? part : part.substring(0, index);
            if (!path.isEmpty()) path.append('.');
            path.append(PARTS.getOrDefault(own, Fields.camel(own))).append(part.substring(own.length()));
        }
        return path.toString();
    }
}
