package io.cashdesk.provider.vkspay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a refusal means where the gateway has no code for it: VksPay has {@code return_msg} alone, and epay's {@code -1}
 * stands for almost everything. Each code is one of errors.json. The first match counts.
 */
final class GatewayWords {
    /** The number has no order there. */
    static final String NO_ORDER = "ORDER_NOT_EXIST";

    /** The number was used there before, with other values, or was paid. */
    static final String NUMBER_USED = "TRADE_NO_USED";

    /** Something went wrong there: what became of the call is not known. */
    static final String SYSTEM_ERROR = "SYSTEM_ERROR";

    private static final List<String> UNPAID = List.of(
            "未支付",
            "未付款",
            "未完成",
            "待支付",
            "待付款",
            "等待",
            "支付中",
            "尚未",
            "没有支付",
            "notpay",
            "not paid",
            "unpaid",
            "nopay",
            "userpaying",
            "waiting",
            "pending");

    private static final List<String> REFUND_FAILED =
            List.of("退款失败", "拒绝退款", "退款被拒", "退款关闭", "退款已关闭", "refund fail", "refund closed");

    private static final Map<String, List<String>> MEANINGS = new LinkedHashMap<>();

    static {
        MEANINGS.put("SIGN_ERROR", List.of("签名", "验签", "sign error", "signature"));
        MEANINGS.put(NUMBER_USED, List.of("已支付", "已完成支付", "已付款", "重复", "已存在", "不一致", "已被使用", "already"));
        MEANINGS.put(
                NO_ORDER, List.of("订单不存在", "订单号不存在", "交易不存在", "查无此单", "未找到订单", "order not exist", "order not found"));
        MEANINGS.put("MERCHANT_NOT_EXIST", List.of("商户不存在", "商户号不存在", "商户号错误", "商户id不存在", "merchant not"));
        MEANINGS.put("BALANCE_NOT_ENOUGH", List.of("余额不足"));
        MEANINGS.put("FREQUENCY_LIMITED", List.of("频繁", "too many"));
        MEANINGS.put(
                SYSTEM_ERROR,
                List.of(
                        "系统",
                        "繁忙",
                        "超时",
                        "异常",
                        "稍后",
                        "稍候",
                        "网络",
                        "systemerror",
                        "system_error",
                        "system error",
                        "busy",
                        "timeout",
                        "timed out",
                        "try again",
                        "exception"));
    }

    private GatewayWords() {}

    /** Whether these words, or this code, say clearly that an order is not paid. */
    static boolean unpaid(String words, String code) {
        return anyOf(UNPAID, words) || anyOf(UNPAID, code);
    }

    /** Whether these words say clearly that a refund will not happen any more. */
    static boolean refundFailed(String words) {
        return anyOf(REFUND_FAILED, words);
    }

    private static boolean anyOf(List<String> searched, String words) {
        return searched.stream().anyMatch(words.toLowerCase(Locale.ROOT)::contains);
    }

    /** The code for these words, or the other one. */
    static String code(String words, String otherwise) {
        return MEANINGS.entrySet().stream()
                .filter(m -> anyOf(m.getValue(), words))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(otherwise);
    }
}
