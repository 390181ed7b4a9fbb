package io.cashdesk.face.cloudpay;

import io.cashdesk.merchant.Authority;
import io.cashdesk.refund.QueryRefund;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** {@code refund} and {@code queryRefund}. */
@ApplicationScoped
class CloudPayRefunds {
    /** How many refunds one answer of {@code queryRefund} has. */
    private static final int PAGE = 10;

    @Inject
    RefundPayment refundPayment;

    @Inject
    QueryRefund queryRefund;

    @Inject
    Refunds refunds;

    @Inject
    Callback callback;

    @Inject
    FindOrder find;

    @Inject
    Evidence evidence;

    @Inject
    Clock clock;

    JsonObject refund(Authority authority, Fields fields, Parties parties) {
        var callback = this.callback.of(authority, fields);
        var number = refundNo(fields);
        var total = fields.fen("totalFee");
        var wish = wish(number, fields, callback);
        var found = find.order(authority, fields, parties);
        if (total != found.order().total().minor()) {
            throw fields.malformed(
                    "totalFee",
                    "订单金额 " + found.order().total().minor(),
                    "the order's " + found.order().total().minor());
        }
        return answer(found, refundPayment.of(found.order(), wish));
    }

    private static String refundNo(Fields fields) {
        if (fields.has("transactionId") && fields.has("outTradeNo")) {
            throw Refusal.business(
                    "INVALID_REQUEST",
                    "transactionId 与 outTradeNo 只能填写一个",
                    "give transactionId or outTradeNo, not both");
        }
        var number = fields.required("outRefundNo", 64);
        if (!number.matches("[0-9A-Za-z_|*@-]{1,64}")) {
            throw fields.malformed("outRefundNo", "数字、字母或 _ - | * @", "digits, letters and _ - | * @");
        }
        return number;
    }

    /** The other fields of a refund, each checked and refused by name. */
    private static RefundPayment.Wish wish(String number, Fields fields, String callback) {
        var fee = fields.fen("refundFee");
        fields.oneOf("refundFeeType", "CNY");
        fields.oneOf("refundAccount", "REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS");
        var reason = fields.text("refundDesc", 80).orElse("");
        return new RefundPayment.Wish(Optional.of(number), Optional.of(fee), reason, callback);
    }

    private JsonObject answer(FindOrder.Found found, Refund refund) {
        var reported = Evidence.of(refund);
        var paid = evidence.payment(found.order());
        var total = found.order().total().minor();
        var fee = refund.amount().minor();
        var answer = Answer.success()
                .parties(found.parties())
                .put("transactionId", found.order().transactionId().orElse(""))
                .put("outTradeNo", found.order().outTradeNo())
                .put("outRefundNo", refund.outRefundNo())
                .put("refundId", refund.refundId().orElse(""))
                .put("refundFee", fee)
                .put("settlementRefundFee", reported.fen("settlement_refund_fee", fee))
                .put("totalFee", total)
                .put("settlementTotalFee", reported.fen("settlement_total_fee", total))
                .put("feeType", found.order().total().currency())
                .put("cashFee", reported.fen("cash_fee", paid.fen("cash_fee", total)))
                .put("cashFeeType", paid.has("cash_fee_type") ? paid.text("cash_fee_type") : "CNY")
                .put("cashRefundFee", cashRefundFee(reported, fee))
                .put("couponRefundFee", reported.fen("coupon_refund_fee", 0))
                .put("couponRefundCount", reported.fen("coupon_refund_count", 0))
                .put("couponTypeList", Transaction.texts(reported.list("coupon_type")))
                .put("couponRefundIdList", Transaction.texts(reported.list("coupon_refund_id")))
                .put("couponRefundFeeList", Transaction.numbers(reported.list("coupon_refund_fee")));
        return answer.signedBy(found.parties(), Operation.REFUND);
    }

    private static long cashRefundFee(Reported refund, long fee) {
        return refund.fen("cash_refund_fee", fee - refund.fen("coupon_refund_fee", 0));
    }

    /**
     * From the stored refunds, each queried first, because v3 can be queried by {@code out_refund_no} only. Those for
     * which there is no time left are answered as they are stored.
     */
    JsonObject query(Authority authority, Fields fields, Parties parties) {
        var offset = fields.whole("offset").orElse(0L);
        var found = find.orderOfRefund(authority, fields, parties);
        var matching = refunds.of(found.order().key()).stream()
                .filter(refund -> isMeant(refund, fields))
                .toList();
        if (matching.isEmpty()) throw Refusal.noSuchRefund();
        if (offset >= matching.size()) {
            throw Refusal.business(
                    "PARAM_ERROR",
                    "offset 超出范围，共有 " + matching.size() + " 笔退款",
                    "offset is past the end of " + matching.size() + " refunds");
        }
        var from = offset.intValue();
        var time = new QueryTime(clock);
        var page = matching.subList(from, Math.min(matching.size(), from + PAGE)).stream()
                .map(refund -> time.isOver() ? refund : queryRefund.refreshed(refund))
                .toList();
        return answer(found, matching.size(), page, time);
    }

    /** By the provider's number, else by the merchant's; without either, every refund of the order. */
    private static boolean isMeant(Refund refund, Fields fields) {
        var refundId = fields.text("refundId", 32);
        if (refundId.isPresent()) return refund.refundId().equals(refundId);
        return fields.text("outRefundNo", 64).map(refund.outRefundNo()::equals).orElse(true);
    }

    /**
     * @param page the refunds of this page, as they are after the queries
     * @param time for the queries that are left
     */
    private JsonObject answer(FindOrder.Found found, int count, List<Refund> page, QueryTime time) {
        var order = found.order();
        var paid = evidence.payment(order);
        var total = order.total().minor();
        var reports = page.stream().map(refund -> reported(refund, time)).toList();
        var answer = Answer.success()
                .parties(found.parties())
                .put("transactionId", order.transactionId().orElse(""))
                .put("outTradeNo", order.outTradeNo())
                .put("totalFee", total)
                .put("settlementTotalFee", paid.fen("settlement_total_fee", total))
                .put("feeType", order.total().currency())
                .put("cashFee", paid.fen("cash_fee", total))
                .put("totalRefundCount", count)
                .put("refundCount", page.size())
                .put("outRefundNoList", texts(page, Refund::outRefundNo))
                .put("refundIdList", texts(page, r -> r.refundId().orElse("")))
                .put("refundChannel", texts(reports, r -> r.text("refund_channel")))
                .put("refundFeeList", numbers(page, r -> r.amount().minor()))
                .put("settlementRefundFeeList", settlementFees(page, reports))
                .put("couponRefundFeeList", numbers(reports, r -> r.fen("coupon_refund_fee", 0)))
                .put("couponRefundCountList", numbers(reports, r -> r.fen("coupon_refund_count", 0)))
                .put("couponTypeArray", lists(reports, r -> Transaction.texts(r.list("coupon_type"))))
                .put("couponRefundIdArray", lists(reports, r -> Transaction.texts(r.list("coupon_refund_id"))))
                .put("couponRefundFeeArray", lists(reports, r -> Transaction.numbers(r.list("coupon_refund_fee"))))
                .put("refundStatusList", texts(page, r -> CloudPayEvents.state(r.state())))
                .put("refundAccountList", texts(reports, CloudPayEvents::refundAccount))
                .put("refundRecvAccoutList", texts(reports, r -> r.text("refund_recv_accout")))
                .put("refundSuccessTimeList", texts(reports, r -> r.text("success_time")));
        return answer.signedBy(found.parties(), Operation.QUERY_REFUND);
    }

    /** A notification does not say through which channel a refund went; then the provider is queried, once. */
    private Reported reported(Refund refund, QueryTime time) {
        var stored = Evidence.of(refund);
        var complete = refund.state() != RefundState.SUCCEEDED
                || stored.has("refund_channel")
                || Evidence.ofQuery(refund); // API v2 may leave the channel out
        return complete || time.isOver() ? stored : Evidence.of(queryRefund.completed(refund));
    }

    private static JsonArrayBuilder settlementFees(List<Refund> page, List<Reported> reports) {
        var list = Json.createArrayBuilder();
        for (int i = 0; i < page.size(); i++) {
            var fee = page.get(i).amount().minor();
            list.add(reports.get(i).fen("settlement_refund_fee", fee));
        }
        return list;
    }

    private static <T> JsonArrayBuilder texts(List<T> all, Function<T, String> of) {
        var list = Json.createArrayBuilder();
        all.forEach(r -> list.add(of.apply(r)));
        return list;
    }

    private static <T> JsonArrayBuilder numbers(List<T> all, ToLongFunction<T> of) {
        var list = Json.createArrayBuilder();
        all.forEach(r -> list.add(of.applyAsLong(r)));
        return list;
    }

    private static <T> JsonArrayBuilder lists(List<T> all, Function<T, JsonArrayBuilder> of) {
        var list = Json.createArrayBuilder();
        all.forEach(r -> list.add(of.apply(r)));
        return list;
    }
}
