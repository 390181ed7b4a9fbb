package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Exchange;

/** A call that Alipay refuses. The message is Alipay's own text ({@code sub_msg}). */
final class AlipayRefusal extends RuntimeException {
    final String code;
    final String subCode;
    private final String field;

    /** @param code of five digits */
    AlipayRefusal(String code, String subCode, String message) {
        this(code, subCode, message, "");
    }

    private AlipayRefusal(String code, String subCode, String message, String field) {
        super(message, null, false, false);
        this.field = field;
        this.code = code;
        this.subCode = subCode;
    }

    /** The code and the parameter that it is about, for the log, in words that the page has in both languages. */
    String reason() {
        if (subCode.equals("isv.invalid-signature")) return Exchange.MISMATCH;
        var missing = "isv.missing-";
        if (subCode.startsWith(missing)) {
            return Exchange.reason("MISSING", subCode, subCode.substring(missing.length()));
        }
        int invalid = subCode.indexOf(".invalid-");
        if (invalid >= 0) return Exchange.reason("INVALID", subCode, subCode.substring(invalid + ".invalid-".length()));
        return field.isEmpty() ? subCode : Exchange.reason("INVALID", subCode, field);
    }

    /** A call that was understood and cannot be carried out. */
    static AlipayRefusal business(String subCode, String message) {
        return new AlipayRefusal("40004", "ACQ." + subCode, message);
    }

    /** A field of {@code biz_content} is wrong. */
    static AlipayRefusal parameter(String name) {
        return new AlipayRefusal("40004", "ACQ.INVALID_PARAMETER", "参数有误：" + name, name);
    }

    static AlipayRefusal codeInvalid() {
        return business("PAYMENT_AUTH_CODE_INVALID", "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款");
    }

    /** A parameter of the protocol is missing. */
    static AlipayRefusal missing(String what) {
        return new AlipayRefusal("40001", "isv.missing-" + what, "缺少参数：" + what);
    }

    /** A parameter of the protocol is wrong. */
    static AlipayRefusal invalid(String what) {
        return new AlipayRefusal("40002", "isv.invalid-" + what, "无效的参数：" + what);
    }

    /** The application makes too many calls. */
    static AlipayRefusal tooMany() {
        return new AlipayRefusal("40005", "isv.app-call-limited", "应用调用次数超限");
    }

    /** An error that leaves the outcome open. */
    static AlipayRefusal unknown() {
        return new AlipayRefusal("20000", "isp.unknow-error", "系统繁忙");
    }
}
