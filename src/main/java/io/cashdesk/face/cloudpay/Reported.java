package io.cashdesk.face.cloudpay;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A report of WeChat Pay about a payment or a refund, in the names of API v2, whichever version it came through.
 * Amounts are fen, coupons have the ends {@code _0}, {@code _1}, …
 */
final class Reported {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final String TIME_END = "yyyyMMddHHmmss";
    private static final String SUCCESS_TIME = "yyyy-MM-dd HH:mm:ss";

    private final Map<String, String> fields = new TreeMap<>();

    private Reported() {}

    /** @param evidence a transaction of v3, or the fields of a payment's notification or query in v2 */
    static Reported payment(JsonObject evidence) {
        var payment = new Reported();
        payment.texts(evidence, "");
        if (evidence.get("payer") instanceof JsonObject payer) {
            payment.text("openid", payer, "openid");
            payment.text("openid", payer, "sp_openid");
            payment.text("sub_openid", payer, "sub_openid");
        }
        if (evidence.get("scene_info") instanceof JsonObject scene) payment.text("device_info", scene, "device_id");
        if (evidence.get("amount") instanceof JsonObject amount) {
            payment.text("total_fee", amount, "total");
            payment.text("fee_type", amount, "currency");
            payment.text("cash_fee", amount, "payer_total");
            payment.text("cash_fee_type", amount, "payer_currency");
            var coupons = payment.fen("total_fee", 0) - payment.fen("cash_fee", payment.fen("total_fee", 0));
            if (coupons > 0) payment.fields.put("coupon_fee", Long.toString(coupons));
        }
        payment.coupons(evidence.get("promotion_detail"), "coupon_count", "coupon_id_", "coupon_fee_", "amount");
        payment.moment("time_end", evidence.getString("success_time", ""), TIME_END);
        return payment;
    }

    /**
     * @param evidence a refund of v3, or of v2: the answer to its request or to a query, or the decrypted notification
     * @param refundNo which of several refunds in the answer to a query it is
     */
    static Reported refund(JsonObject evidence, String refundNo) {
        var refund = new Reported();
        refund.texts(evidence, endInList(evidence, refundNo));
        refund.rename("refund_success_time", "success_time");
        refund.text("refund_channel", evidence, "channel");
        refund.text("refund_recv_accout", evidence, "user_received_account");
        if (!evidence.getString("funds_account", "").isEmpty()) {
            var recharge = evidence.getString("funds_account").equals("AVAILABLE");
            refund.fields.put(
                    "refund_account", recharge ? "REFUND_SOURCE_RECHARGE_FUNDS" : "REFUND_SOURCE_UNSETTLED_FUNDS");
        }
        if (evidence.get("amount") instanceof JsonObject amount) {
            refund.text("refund_fee", amount, "refund");
            refund.text("settlement_refund_fee", amount, "settlement_refund");
            refund.text("total_fee", amount, "total");
            refund.text("settlement_total_fee", amount, "settlement_total");
            refund.text("fee_type", amount, "currency");
            refund.text("cash_fee", amount, "payer_total");
            refund.text("cash_refund_fee", amount, "payer_refund");
            refund.text("coupon_refund_fee", amount, "discount_refund");
        }
        refund.coupons(
                evidence.get("promotion_detail"),
                "coupon_refund_count",
                "coupon_refund_id_",
                "coupon_refund_fee_",
                "refund_amount");
        refund.moment("success_time", refund.text("success_time"), SUCCESS_TIME);
        return refund;
    }

    /** In the answer to a query each refund's fields end with its index in the list. */
    private static String endInList(JsonObject evidence, String refundNo) {
        for (int n = 0; evidence.containsKey("out_refund_no_" + n); n++) {
            if (evidence.getString("out_refund_no_" + n, "").equals(refundNo)) return "_" + n;
        }
        return "";
    }

    /**
     * Takes the texts under their own names. Of the answer to a query for refunds first those of this refund, without
     * its index: of refund 0 {@code refund_fee_0} and, for its coupons, {@code coupon_refund_id_0_0}.
     *
     * @param end "_0" for refund 0; empty if the report is no list
     */
    private void texts(JsonObject evidence, String end) {
        if (!end.isEmpty()) {
            var ofThis = Pattern.compile("([a-z_]*[a-z])" + end + "((?:_\\d+)?)");
            evidence.forEach((name, value) -> {
                var match = ofThis.matcher(name);
                if (match.matches() && value instanceof JsonString text) {
                    put(match.group(1) + match.group(2), text.getString());
                }
            });
        }
        evidence.forEach((name, value) -> {
            var inList = !end.isEmpty() && name.matches(".*_\\d+");
            if (!inList && value instanceof JsonString text) put(name, text.getString());
        });
    }

    private void put(String name, String text) {
        if (!text.isEmpty()) fields.put(name, text);
    }

    private void rename(String from, String to) {
        if (fields.containsKey(from)) fields.putIfAbsent(to, fields.get(from));
    }

    /** Takes a text or a number of v3 under its name in v2. */
    private void text(String name, JsonObject from, String v3) {
        var value = from.get(v3);
        if (value instanceof JsonString text) put(name, text.getString());
        if (value instanceof JsonNumber number) put(name, number.toString());
    }

    private void coupons(JsonValue promotions, String count, String id, String fee, String amount) {
        if (!(promotions instanceof JsonArray list) || list.isEmpty()) return;
        var n = 0;
        for (var one : list) {
            if (!(one instanceof JsonObject coupon)) continue;
            text(id + n, coupon, coupon.containsKey("coupon_id") ? "coupon_id" : "promotion_id");
            fields.put("coupon_type_" + n, coupon.getString("type", "").equals("CASH") ? "CASH" : "NO_CASH");
            text(fee + n, coupon, amount);
            n++;
        }
        fields.put(count, Integer.toString(n));
    }

    /** A time of v3 in the form of v2; a text that is no such time stays as it is. */
    private void moment(String name, String wire, String pattern) {
        if (!wire.contains("T")) return;
        try {
            var at = OffsetDateTime.parse(wire).atZoneSameInstant(CHINA);
            fields.put(name, at.format(DateTimeFormatter.ofPattern(pattern)));
        } catch (DateTimeException e) {
            throw new IllegalStateException("a report was stored with the time " + wire, e);
        }
    }

    /** An empty text if it was not reported. */
    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    long fen(String name, long otherwise) {
        var text = text(name);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : otherwise;
    }

    /** The values of {@code name_0}, {@code name_1}, … */
    List<String> list(String name) {
        var list = new ArrayList<String>();
        while (has(name + "_" + list.size())) list.add(text(name + "_" + list.size()));
        return list;
    }
}
