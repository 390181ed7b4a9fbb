package io.cashdesk.simulator.wxpay;

import jakarta.json.JsonObject;

/**
 * A merchant's request for a refund. Absent texts are empty; one of {@code transactionId} and {@code outTradeNo} is
 * not.
 *
 * @param amount fen
 * @param total fen; the amount of the whole order, as the merchant knows it
 */
record WxpayRefundRequest(
        String subMchid,
        String transactionId,
        String outTradeNo,
        String number,
        String notifyUrl,
        long amount,
        long total) {
    /** Reads the body of a v3 call; throws {@link WxpayRefusal} where WeChat Pay would refuse it. */
    static WxpayRefundRequest read(JsonObject body) {
        WxpayFields.checkRefund(body);
        if (body.containsKey("transaction_id") == body.containsKey("out_trade_no")) {
            throw WxpayRefusal.parameter("out_trade_no", "exactly one of transaction_id and out_trade_no");
        }
        var amount = body.getJsonObject("amount");
        var refund = amount.getJsonNumber("refund").longValueExact();
        if (amount.containsKey("from")) {
            long from = amount.getJsonArray("from").getValuesAs(JsonObject.class).stream()
                    .mapToLong(f -> f.getJsonNumber("amount").longValueExact())
                    .sum();
            if (from != refund) throw WxpayRefusal.parameter("amount/from", "does not add up to amount/refund");
        }
        return new WxpayRefundRequest(
                body.getString("sub_mchid", ""),
                body.getString("transaction_id", ""),
                body.getString("out_trade_no", ""),
                body.getString("out_refund_no"),
                body.getString("notify_url", ""),
                refund,
                amount.getJsonNumber("total").longValueExact());
    }
}
