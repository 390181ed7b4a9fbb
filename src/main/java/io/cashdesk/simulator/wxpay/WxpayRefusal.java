package io.cashdesk.simulator.wxpay;

import java.util.Map;

/** A call that WeChat Pay refuses, as its v3 answers it. The message is WeChat Pay's own text. */
public final class WxpayRefusal extends RuntimeException {
    /** The number that most refusals have. */
    static final int GENERAL = 268435461;

    final int status;
    final String code;
    final transient Map<String, String> detail;
    final int number;

    /**
     * @param status of the HTTP answer
     * @param code WeChat Pay's error code
     * @param detail of the answer's {@code detail} object
     * @param number WeChat Pay's own number for the reason, sent at the end of the header Request-ID
     */
    WxpayRefusal(int status, String code, String message, Map<String, String> detail, int number) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.detail = detail;
        this.number = number;
    }

    WxpayRefusal(int status, String code, String message, Map<String, String> detail) {
        this(status, code, message, detail, GENERAL);
    }

    WxpayRefusal(int status, String code, String message, int number) {
        this(status, code, message, Map.of(), number);
    }

    public String code() {
        return code;
    }

    public int number() {
        return number;
    }

    /** A field of the body is wrong. */
    static WxpayRefusal parameter(String field, String issue) {
        return bodyParameter("参数错误", field, issue, GENERAL);
    }

    static WxpayRefusal bodyParameter(String message, String field, String issue, int number) {
        return new WxpayRefusal(
                400, "PARAM_ERROR", message, Map.of("field", "/" + field, "issue", issue, "location", "body"), number);
    }

    static WxpayRefusal queryParameter(String field, String issue, int number) {
        return new WxpayRefusal(
                400, "PARAM_ERROR", "参数错误", Map.of("field", field, "issue", issue, "location", "query"), number);
    }

    static WxpayRefusal invalid(String message, int number) {
        return new WxpayRefusal(400, "INVALID_REQUEST", message, number);
    }

    /** The body has a field that the call does not know. */
    static WxpayRefusal extra(String field) {
        return bodyParameter("参数错误", field, "illegal additional parameter", 270924358);
    }
}
