package io.cashdesk.face.cloudpay;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A transaction of WeChat Pay v3 in the names of API v2, in camel case. */
final class Transaction {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    private Transaction() {}

    /** What was paid. */
    static Answer put(Answer answer, JsonObject v3) {
        ids(answer, v3);
        answer.put("tradeType", v3.getString("trade_type", ""))
                .put("bankType", v3.getString("bank_type", ""))
                .put("isSubscribe", "N")
                .put("transactionId", v3.getString("transaction_id", ""))
                .put("outTradeNo", v3.getString("out_trade_no", ""))
                .put("attach", v3.getString("attach", ""));
        var payer = v3.getJsonObject("payer");
        if (payer != null) {
            answer.put("openid", payer.getString("sp_openid", payer.getString("openid", "")))
                    .put("subOpenid", payer.getString("sub_openid", ""));
            if (payer.containsKey("sub_openid")) answer.put("subIsSubscribe", "N");
        }
        var amount = v3.getJsonObject("amount");
        if (amount != null) amount(answer, amount);
        var coupons = v3.getJsonArray("promotion_detail");
        if (coupons != null && !coupons.isEmpty()) {
            var ids = Json.createArrayBuilder();
            var types = Json.createArrayBuilder();
            var fees = Json.createArrayBuilder();
            for (var coupon : coupons.getValuesAs(JsonObject.class)) {
                ids.add(coupon.getString("coupon_id", ""));
                types.add(coupon.getString("type", "").equals("CASH") ? "CASH" : "NO_CASH");
                fees.add(coupon.getInt("amount", 0));
            }
            answer.put("couponCount", coupons.size())
                    .put("couponIdList", ids)
                    .put("couponTypeList", types)
                    .put("couponFeeList", fees);
        }
        return answer.put("timeEnd", moment(v3.getString("success_time", ""), "yyyyMMddHHmmss"));
    }

    private static void amount(Answer answer, JsonObject amount) {
        var total = amount.getJsonNumber("total").longValueExact();
        var cash = amount.containsKey("payer_total")
                ? amount.getJsonNumber("payer_total").longValueExact()
                : total;
        answer.put("totalFee", total)
                .put("feeType", amount.getString("currency", "CNY"))
                .put("cashFee", cash)
                .put("cashFeeType", amount.getString("payer_currency", "CNY"));
        if (total > cash) answer.put("couponFee", total - cash);
    }

    static void ids(Answer answer, JsonObject v3) {
        answer.put("appid", v3.getString("sp_appid", v3.getString("appid", "")))
                .put("mchId", v3.getString("sp_mchid", v3.getString("mchid", "")))
                .put("subAppid", v3.getString("sub_appid", ""))
                .put("subMchId", v3.getString("sub_mchid", ""));
    }

    static String moment(String rfc3339, String pattern) {
        if (rfc3339.isEmpty()) return "";
        return OffsetDateTime.parse(rfc3339).atZoneSameInstant(CHINA).format(DateTimeFormatter.ofPattern(pattern));
    }
}
