package io.cashdesk.face.cloudpay;

import io.cashdesk.merchant.Authority;
import io.cashdesk.order.PayOrder;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** {@code refund} and {@code queryRefund}. */
@ApplicationScoped
class CloudPayRefunds {
    /** How many refunds one answer of {@code queryRefund} has. */
    private static final int PAGE = 10;

    private static final String UNSETTLED_FUNDS = "REFUND_SOURCE_UNSETTLED_FUNDS";
    private static final Set<String> SOURCES = Set.of(UNSETTLED_FUNDS, "REFUND_SOURCE_RECHARGE_FUNDS");

    @Inject
    RefundPayment refundPayment;

    @Inject
    Refunds refunds;

    @Inject
    Callback callback;

    @Inject
    FindOrder find;

    @Inject
    Evidence evidence;

    JsonObject refund(Authority authority, Fields fields) {
        var callback = this.callback.of(authority, fields);
        var number = refundNo(fields);
        var total = fields.fen("totalFee");
        var wish = wish(number, fields, callback);
        var order = find.order(authority, fields);
        if (total != order.total().minor()) {
            throw Refusal.business(
                    "INVALID_REQUEST",
                    "totalFee is not the order's " + order.total().minor());
        }
        return answer(order, refundPayment.of(order, wish));
    }

    private static String refundNo(Fields fields) {
        if (fields.values().containsKey("transactionId") && fields.values().containsKey("outTradeNo")) {
            throw Refusal.business("INVALID_REQUEST", "give transactionId or outTradeNo, not both");
        }
        var number = fields.required("outRefundNo", 64);
        if (!number.matches("[0-9A-Za-z_|*@-]{1,64}")) {
            throw Fields.malformed("outRefundNo", "must be digits, letters and _ - | * @");
        }
        return number;
    }

    /** The other fields of a refund, each checked and refused by name. */
    private static RefundPayment.Wish wish(String number, Fields fields, String callback) {
        var fee = fields.fen("refundFee");
        if (!fields.text("refundFeeType", 8).orElse("CNY").equals("CNY")) {
            throw Fields.malformed("refundFeeType", "must be CNY");
        }
        if (!SOURCES.contains(fields.text("refundAccount", 30).orElse(UNSETTLED_FUNDS))) {
            throw Fields.malformed("refundAccount", "must be one of " + SOURCES);
        }
        var reason = fields.text("refundDesc", 80).orElse("");
        return new RefundPayment.Wish(Optional.of(number), Optional.of(fee), reason, callback);
    }

    private JsonObject answer(PayOrder order, Refund refund) {
        var amount = Evidence.of(refund).getJsonObject("amount");
        var total = order.total().minor();
        var fee = refund.amount().minor();
        var answer = Answer.success("refund");
        Transaction.ids(answer, evidence.payment(order));
        return answer.put("transactionId", order.transactionId().orElse(""))
                .put("outTradeNo", order.outTradeNo())
                .put("outRefundNo", refund.outRefundNo())
                .put("refundId", refund.refundId().orElse(""))
                .put("refundFee", fee)
                .put("settlementRefundFee", of(amount, "settlement_refund", fee))
                .put("totalFee", total)
                .put("settlementTotalFee", of(amount, "settlement_total", total))
                .put("feeType", "CNY")
                .put("cashFee", of(amount, "payer_total", total))
                .put("cashRefundFee", of(amount, "payer_refund", fee))
                .put("couponRefundFee", of(amount, "discount_refund", 0))
                .put("couponRefundCount", 0)
                .put("couponTypeList", Json.createArrayBuilder())
                .put("couponRefundIdList", Json.createArrayBuilder())
                .put("couponRefundFeeList", Json.createArrayBuilder())
                .build();
    }

    private static long of(JsonObject amount, String name, long otherwise) {
        return amount != null && amount.containsKey(name)
                ? amount.getJsonNumber(name).longValueExact()
                : otherwise;
    }

    /** From the stored refunds, each queried first, because v3 can be queried by {@code out_refund_no} only. */
    JsonObject query(Authority authority, Fields fields) {
        var offset = fields.whole("offset").orElse(0L).intValue();
        var order = find.orderOfRefund(authority, fields);
        var matching = refunds.of(order.key()).stream()
                .filter(refund -> isMeant(refund, fields))
                .toList();
        if (matching.isEmpty()) throw Refusal.business("REFUNDNOTEXIST", "there is no such refund");
        if (offset >= matching.size()) throw Fields.malformed("offset", "is past the end");
        var page = matching.subList(offset, Math.min(matching.size(), offset + PAGE));
        for (var refund : page) {
            if (!refund.state().ended()) refundPayment.resume(refund.key());
        }
        var now = page.stream().map(r -> refunds.byKey(r.key()).orElseThrow()).toList();
        return answer(order, matching.size(), now);
    }

    /** By the provider's number, else by the merchant's; without either, every refund of the order. */
    private static boolean isMeant(Refund refund, Fields fields) {
        var refundId = fields.text("refundId", 32);
        if (refundId.isPresent()) return refund.refundId().equals(refundId);
        return fields.text("outRefundNo", 64).map(refund.outRefundNo()::equals).orElse(true);
    }

    /** @param now the refunds of this page, as they are after the queries */
    private JsonObject answer(PayOrder order, int count, List<Refund> now) {
        var answer = Answer.success("queryRefund");
        Transaction.ids(answer, evidence.payment(order));
        return answer.put("transactionId", order.transactionId().orElse(""))
                .put("outTradeNo", order.outTradeNo())
                .put("totalFee", order.total().minor())
                .put("cashFee", order.total().minor())
                .put("totalRefundCount", count)
                .put("refundCount", now.size())
                .put("outRefundNoList", texts(now, Refund::outRefundNo))
                .put("refundIdList", texts(now, r -> r.refundId().orElse("")))
                .put("refundChannel", texts(now, r -> reported(r, "channel")))
                .put("refundFeeList", numbers(now, r -> r.amount().minor()))
                .put("settlementRefundFeeList", numbers(now, r -> r.amount().minor()))
                .put("couponRefundFeeList", numbers(now, r -> 0L))
                .put("couponRefundCountList", numbers(now, r -> 0L))
                .put("couponTypeArray", Json.createArrayBuilder())
                .put("couponRefundIdArray", Json.createArrayBuilder())
                .put("couponRefundFeeArray", Json.createArrayBuilder())
                .put("refundStatusList", texts(now, r -> CloudPayEvents.state(r.state())))
                .put("refundAccountList", texts(now, r -> UNSETTLED_FUNDS))
                .put("refundRecvAccoutList", texts(now, r -> reported(r, "user_received_account")))
                .put(
                        "refundSuccessTimeList",
                        texts(now, r -> Transaction.moment(reported(r, "success_time"), "yyyy-MM-dd HH:mm:ss")))
                .build();
    }

    private static JsonArrayBuilder texts(List<Refund> all, Function<Refund, String> of) {
        var list = Json.createArrayBuilder();
        all.forEach(r -> list.add(of.apply(r)));
        return list;
    }

    private static JsonArrayBuilder numbers(List<Refund> all, Function<Refund, Long> of) {
        var list = Json.createArrayBuilder();
        all.forEach(r -> list.add(of.apply(r)));
        return list;
    }

    private static String reported(Refund refund, String name) {
        return Evidence.of(refund).getString(name, "");
    }
}
