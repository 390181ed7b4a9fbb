package io.cashdesk.provider.wxpayvirtual;

import static io.cashdesk.provider.wxpayvirtual.VirtualClient.text;

import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.TextLimit;
import jakarta.json.Json;
import jakarta.json.JsonObject;

/**
 * Refunds of money. WeChat wants to know how much is left to refund ({@code left_fee}) and refuses another figure, so
 * that each request follows a query.
 */
final class VirtualRefunds {
    private static final String SUCCEEDED_BEFORE = "268490004";
    private static final String RUNNING = "268490014";
    private static final String LEFT_DIFFERS = "268490016";
    private static final int TRIES = 3;

    /** {@code req_from}: neither the merchant's staff nor the buyer by name. */
    private static final String OTHER = "3";

    private static final TextLimit META = new TextLimit(
            "biz_meta",
            1024,
            TextLimit.Unit.UTF8_BYTES,
            "https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/industry/virtual-payment.html");

    private VirtualRefunds() {}

    static RefundReport refund(VirtualClient client, RefundRequest request) {
        for (int i = 1; ; i++) {
            var left = left(client, request);
            if (left < request.amount().minor()) return tooMuch(client, request, left);
            try {
                var answer = client.call(
                        "refund_order",
                        Json.createObjectBuilder()
                                .add("openid", request.attempt().openid())
                                .add("order_id", request.attempt().attemptNo())
                                .add("refund_order_id", request.refundNo())
                                .add("left_fee", left)
                                .add("refund_fee", request.amount().minor())
                                .add("biz_meta", META.shortened(request.reason()))
                                .add("refund_reason", request.reason().isBlank() ? "0" : "5")
                                .add("req_from", OTHER));
                return new RefundReport.Processing(
                        request.refundNo(), text(answer, "refund_wx_order_id"), null, VirtualOrders.evidence(answer));
            } catch (ProviderFailure failure) {
                switch (failure.providerCode()) {
                    case SUCCEEDED_BEFORE -> {
                        return new RefundReport.Processing(
                                request.refundNo(), request.refundId(), null, "{\"errcode\":" + SUCCEEDED_BEFORE + "}");
                    }
                    // it says neither whose refund is running nor whether this one was stored: a query tells
                    case RUNNING ->
                        throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, RUNNING, String.valueOf(failure.getMessage()));
                    case LEFT_DIFFERS -> {
                        if (i == TRIES) throw failure; // others refund it at the same time
                    }
                    default -> throw failure;
                }
            }
        }
    }

    /**
     * More than is left: of a payment with a coupon less can be refunded than it cost. Or WeChat has this refund
     * already.
     */
    private static RefundReport tooMuch(VirtualClient client, RefundRequest request, long left) {
        var before = VirtualOrders.refund(client, request);
        if (!(before instanceof RefundReport.Absent)) return before;
        throw new ProviderFailure(
                Kind.DECLINED,
                "left_fee",
                "refund_fee is " + request.amount().minor() + ", and left_fee is " + left + " (fen); nothing was sent");
    }

    /** How much WeChat says can still be refunded. If that is not known, nothing was sent. */
    private static long left(VirtualClient client, RefundRequest request) {
        JsonObject order;
        try {
            order = VirtualOrders.query(
                            client,
                            request.attempt().openid(),
                            request.attempt().attemptNo())
                    .orElseThrow(() -> new ProviderFailure(
                            Kind.DECLINED, VirtualOrders.NOT_FOUND, "the payment is not known there"));
            return VirtualClient.required(order, "left_fee");
        } catch (ProviderFailure failure) {
            if (failure.kind() == Kind.DECLINED) throw failure;
            throw new ProviderFailure(
                    Kind.UNREACHABLE,
                    failure.providerCode(),
                    "the refund was not sent, because the query before it failed: " + failure.getMessage());
        }
    }
}
