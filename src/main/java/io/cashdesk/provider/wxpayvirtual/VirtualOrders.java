package io.cashdesk.provider.wxpayvirtual;

import static io.cashdesk.provider.wxpayvirtual.VirtualClient.required;
import static io.cashdesk.provider.wxpayvirtual.VirtualClient.text;
import static io.cashdesk.provider.wxpayvirtual.VirtualClient.whole;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderReport.WentBack;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What {@code query_order} answers, of payments and of refunds. Amounts are fen, times Unix seconds. */
final class VirtualOrders {
    /** A parameter is wrong, or there is no such order: only the words tell which. */
    static final String NOT_FOUND = "268490002";

    private static final Pattern ABSENT =
            Pattern.compile("not\\s+(exist|found)|no such|不存在|未找到|找不到", Pattern.CASE_INSENSITIVE);

    /** Of an order whose refund is about to be finished, or is. */
    private static final Set<Long> REFUNDED = Set.of(5L, 8L, 9L, 10L);

    private VirtualOrders() {}

    /** The order of this number; empty if WeChat has none. */
    static Optional<JsonObject> query(VirtualClient client, String openid, String number) {
        return query(client, openid, "order_id", number);
    }

    /** @param name of the number: {@code order_id} of ours, {@code wx_order_id} of WeChat's */
    private static Optional<JsonObject> query(VirtualClient client, String openid, String name, String number) {
        JsonObject answer;
        try {
            answer = client.call(
                    "query_order",
                    Json.createObjectBuilder().add("openid", openid).add(name, number));
        } catch (ProviderFailure failure) {
            if (isAbsent(failure)) return Optional.empty();
            if (!failure.providerCode().equals(NOT_FOUND)) throw failure;
            throw new ProviderFailure( // the code of every wrong parameter: it says nothing about the order
                    Kind.OUTCOME_UNKNOWN, NOT_FOUND, String.valueOf(failure.getMessage()));
        }
        if (!(answer.get("order") instanceof JsonObject order)) throw unusable("an answer without order");
        if (!text(order, name).equals(number)) throw unusable("an answer about another order");
        var environment = whole(order, "env_type"); // 1 production, 2 sandbox
        if (environment.isPresent() && environment.get() != client.env() + 1) {
            throw unusable("an order of the other environment");
        }
        return Optional.of(order);
    }

    private static boolean isAbsent(ProviderFailure failure) {
        return failure.kind() == Kind.DECLINED
                && failure.providerCode().equals(NOT_FOUND)
                && ABSENT.matcher(String.valueOf(failure.getMessage())).find();
    }

    static ProviderReport report(VirtualClient client, AttemptRef attempt) {
        var number = attempt.attemptNo();
        var found = query(client, attempt.openid(), number);
        if (found.isEmpty()) return new ProviderReport.Absent(number, "{\"errcode\":" + NOT_FOUND + "}");
        var order = found.get();
        if (isRefund(order)) throw unusable("an answer about a refund");
        var evidence = evidence(order);
        var status = text(order, "status");
        return switch (status) {
            case "0", "1" -> new ProviderReport.Unpaid(number, false, evidence);
            case "6" -> {
                if (whole(order, "paid_time").orElse(0L) > 0) throw unusable("a closed order that was paid");
                yield new ProviderReport.Closed(number, evidence);
            }
            case "2", "3", "4", "5", "7", "8", "9", "10" ->
                new ProviderReport.Paid(
                        number,
                        client.account().mchId(),
                        client.account().appId(),
                        transactionId(order),
                        amount(order),
                        whole(order, "paid_time")
                                .filter(t -> t > 0 && !isRefunded(order)) // afterwards it is the time of the refund
                                .map(Instant::ofEpochSecond)
                                .orElse(null),
                        attempt.openid().isEmpty() ? null : attempt.openid(),
                        "",
                        wentBack(order),
                        evidence);
            default -> throw unusable("the order has the unknown status " + status);
        };
    }

    /** The number that the payer's bill shows, otherwise WeChat's internal one. */
    private static String transactionId(JsonObject order) {
        for (var name : new String[] {"wxpay_order_id", "wx_order_id", "channel_order_id"}) {
            if (!text(order, name).isEmpty()) return text(order, name);
        }
        throw unusable("a paid order without WeChat's number");
    }

    /**
     * What the order cost: the payer's money, and the coupon if the two together are the order's amount. Anything else
     * is reported as it was paid, and differs from the order.
     */
    private static Money amount(JsonObject order) {
        var paid = required(order, "paid_fee");
        var coupon = whole(order, "coupon_fee").orElse(0L);
        var total = whole(order, "order_fee").orElse(paid);
        var whole = coupon > 0 && paid + coupon == total;
        if (paid < 0 || (paid == 0 && !whole)) throw unusable("a paid order whose paid_fee is " + paid);
        return Money.fen(whole ? total : paid);
    }

    private static boolean isRefunded(JsonObject order) {
        return REFUNDED.contains(whole(order, "status").orElse(-1L));
    }

    private static WentBack wentBack(JsonObject order) {
        var back = whole(order, "refund_fee").orElse(0L);
        var left = whole(order, "left_fee");
        if (back <= 0 && !isRefunded(order)) return WentBack.NOTHING;
        return back > 0 && left.isPresent() && left.get() == 0 ? WentBack.ALL : WentBack.AT_LEAST_A_PART;
    }

    /** 1: of a payment; 8: of a payment by an iPhone. */
    private static boolean isRefund(JsonObject order) {
        var type = whole(order, "order_type").orElse(0L);
        return type == 1 || type == 8;
    }

    /** What became of a refund, which is an order of its own. */
    static RefundReport refund(VirtualClient client, RefundRequest request) {
        var number = request.refundNo();
        var openid = request.attempt().openid();
        var found = query(client, openid, number)
                .or(() -> request.refundId().isEmpty()
                        ? Optional.empty()
                        : query(client, openid, "wx_order_id", request.refundId()));
        if (found.isEmpty()) return new RefundReport.Absent(number, "{\"errcode\":" + NOT_FOUND + "}");
        var order = found.get();
        if (!isRefund(order)) throw unusable("an answer about a payment");
        var evidence = evidence(order);
        var id = text(order, "wx_order_id");
        var status = text(order, "status");
        return switch (status) {
            case "5", "8" ->
                new RefundReport.Succeeded(
                        number,
                        id,
                        whole(order, "refund_fee")
                                .filter(fee -> fee > 0)
                                .map(Money::fen)
                                .orElse(null),
                        null,
                        whole(order, "paid_time")
                                .filter(t -> t > 0)
                                .map(Instant::ofEpochSecond)
                                .orElse(null),
                        evidence);
            case "7", "6" -> new RefundReport.Closed(number, id, evidence);
            case "0", "1", "2", "3", "4", "9", "10" -> new RefundReport.Processing(number, id, null, evidence);
            default -> throw unusable("the refund has the unknown status " + status);
        };
    }

    /** The answer as it is kept: without {@code token}, which is internal to WeChat. */
    static String evidence(JsonObject answer) {
        return Json.createObjectBuilder(answer).remove("token").build().toString();
    }

    static ProviderFailure unusable(String what) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", what);
    }
}
