package io.cashdesk.face.cloudpay;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.util.List;

/** What was paid, in CloudPay's names. */
final class Transaction {
    private Transaction() {}

    /**
     * Adds the fields that API v2 answers of a paid order, except its numbers and parties. API v3 does not report
     * whether the payer follows the account: then it is N.
     */
    static Answer put(Answer answer, Reported paid) {
        answer.put("deviceInfo", paid.text("device_info"))
                .put("openid", paid.text("openid"))
                .put("isSubscribe", paid.has("is_subscribe") ? paid.text("is_subscribe") : "N");
        if (paid.has("sub_openid")) {
            answer.put("subOpenid", paid.text("sub_openid"))
                    .put("subIsSubscribe", paid.has("sub_is_subscribe") ? paid.text("sub_is_subscribe") : "N");
        }
        answer.put("tradeType", paid.text("trade_type"))
                .put("bankType", paid.text("bank_type"))
                .put("transactionId", paid.text("transaction_id"))
                .put("attach", paid.text("attach"))
                .put("timeEnd", paid.text("time_end"));
        amounts(answer, paid);
        coupons(answer, paid);
        return answer;
    }

    private static void amounts(Answer answer, Reported paid) {
        if (!paid.has("total_fee")) return;
        var total = paid.fen("total_fee", 0);
        answer.put("totalFee", total)
                .put("feeType", paid.has("fee_type") ? paid.text("fee_type") : "CNY")
                .put("cashFee", paid.fen("cash_fee", total))
                .put("cashFeeType", paid.has("cash_fee_type") ? paid.text("cash_fee_type") : "CNY");
        if (paid.has("settlement_total_fee")) answer.put("settlementTotalFee", paid.fen("settlement_total_fee", total));
        if (paid.fen("coupon_fee", 0) > 0) answer.put("couponFee", paid.fen("coupon_fee", 0));
    }

    private static void coupons(Answer answer, Reported paid) {
        var count = paid.fen("coupon_count", 0);
        if (count == 0) return;
        answer.put("couponCount", count)
                .put("couponIdList", texts(paid.list("coupon_id")))
                .put("couponTypeList", texts(paid.list("coupon_type")))
                .put("couponFeeList", numbers(paid.list("coupon_fee")));
    }

    static JsonArrayBuilder texts(List<String> all) {
        return Json.createArrayBuilder(all);
    }

    static JsonArrayBuilder numbers(List<String> all) {
        var list = Json.createArrayBuilder();
        for (var one : all) list.add(Long.parseLong(one));
        return list;
    }
}
