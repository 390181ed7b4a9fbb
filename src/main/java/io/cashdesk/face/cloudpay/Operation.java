package io.cashdesk.face.cloudpay;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The calls of CloudPay, and the fields that each takes, in camel case. */
enum Operation {
    UNIFIED_ORDER(
            "unifiedOrder",
            "functionName",
            "envId",
            "subMchId",
            "deviceInfo",
            "nonceStr",
            "body",
            "detail",
            "attach",
            "outTradeNo",
            "feeType",
            "totalFee",
            "spbillCreateIp",
            "timeStart",
            "timeExpire",
            "goodsTag",
            "tradeType",
            "limitPay",
            "openid",
            "subOpenid",
            "receipt",
            "sceneInfo"),
    QUERY_ORDER("queryOrder", "subMchId", "nonceStr", "transactionId", "outTradeNo"),
    CLOSE_ORDER("closeOrder", "subMchId", "nonceStr", "outTradeNo"),
    REFUND(
            "refund",
            "functionName",
            "envId",
            "subMchId",
            "nonceStr",
            "transactionId",
            "outTradeNo",
            "outRefundNo",
            "totalFee",
            "refundFee",
            "refundFeeType",
            "refundDesc",
            "refundAccount"),
    QUERY_REFUND(
            "queryRefund", "subMchId", "nonceStr", "refundId", "outRefundNo", "transactionId", "outTradeNo", "offset"),
    /** WeChat Pay's table lists {@code sign} here, against its own rule that no call is signed; it is ignored. */
    DOWNLOAD_BILL("downloadBill", "subMchId", "nonceStr", "billDate", "billType", "tarType", "sign");

    /** As it stands in the path and in {@code errMsg}. */
    final String call;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed
    private final Set<String> fields;

    Operation(String call, String... fields) {
        this.call = call;
        this.fields = Set.of(fields);
    }

    static Optional<Operation> named(String call) {
        return Stream.of(values()).filter(o -> o.call.equals(call)).findFirst();
    }

    /** Whether it takes this field, in camel case. */
    boolean takes(String field) {
        return fields.contains(field);
    }

    /** All fields, for an error message. */
    String listed() {
        return String.join(", ", new TreeSet<>(fields));
    }
}
