package io.cashdesk.face.epay;

import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.QueryOrder;
import io.cashdesk.payment.Wallets;
import io.cashdesk.refund.QueryRefund;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a shop's server reads and refunds: the orders that its merchant's shops have created by epay in this mode, and
 * no others.
 */
@ApplicationScoped
class Trades {
    private static final int MOST_LISTED = 50;
    private static final int FARTHEST = 10_000;

    /** How long figures are answered again, because the orders of a large merchant take seconds to count. */
    private static final Duration FIGURES_FOR = Duration.ofMinutes(1);

    /** By the number of the access: one for each that has called, so few. */
    private final Map<Long, Figures> figures = new ConcurrentHashMap<>();

    @Inject
    PayOrders orders;

    @Inject
    QueryOrder queryOrder;

    @Inject
    RefundPayment refundPayment;

    @Inject
    QueryRefund queryRefund;

    @Inject
    Refunds refunds;

    @Inject
    Wallets wallets;

    @Inject
    Clock clock;

    /** By {@code trade_no}, or else {@code out_trade_no}. */
    PayOrder named(Shop shop, Parameters parameters) {
        var tradeNo = parameters.text("trade_no");
        var merchant = shop.merchant().id();
        Optional<PayOrder> found;
        if (tradeNo.isPresent()) {
            found = Trade.id(tradeNo.get())
                    .flatMap(id -> orders.byKey(new OrderKey(merchant, id)))
                    .filter(order -> order.mode() == shop.access().mode());
        } else {
            var number = parameters.text("out_trade_no").orElseThrow(() -> Refusal.missing("trade_no / out_trade_no"));
            found = orders.byNumber(merchant, shop.access().mode(), number);
        }
        return found.filter(order -> order.epay().isPresent())
                .orElseThrow(() -> Refusal.general(
                        "订单不存在，请检查 trade_no / out_trade_no 和 pid",
                        "There is no such order; check trade_no / out_trade_no and pid"));
    }

    /** As it is after a query to the providers, if it is not known to be paid. */
    PayOrder queried(Shop shop, Parameters parameters) {
        return queryOrder.of(named(shop, parameters));
    }

    /** An order with the fields that both versions have. */
    JsonObjectBuilder order(PayOrder order, long pid) {
        return Json.createObjectBuilder()
                .add("trade_no", Trade.number(order))
                .add("out_trade_no", order.outTradeNo())
                .add("api_trade_no", order.transactionId().orElse(""))
                .add("type", wallets.of(order))
                .add("pid", pid)
                .add("addtime", Trade.time(order.createdAt()))
                .add("endtime", order.paidAt().map(Trade::time).orElse(""))
                .add("name", order.subject())
                .add("money", Yuan.text(order.total()))
                .add("status", Trade.status(order))
                .add("param", order.epay().orElseThrow().param())
                .add("buyer", order.openid().orElse(""));
    }

    /** With what version 2 adds. */
    JsonObjectBuilder orderOfV2(PayOrder order, long pid) {
        return order(order, pid)
                .add("refundmoney", Yuan.text(order.refundFee()))
                .add("clientip", order.clientIp().orElse(""));
    }

    /** Those that {@code limit} and {@code offset} or {@code page} name, the newest first. */
    JsonArrayBuilder list(Shop shop, Parameters parameters, boolean v2) {
        var limit = parameters.whole("limit", MOST_LISTED, 20);
        var page = parameters.whole("page", FARTHEST, 0);
        var offset = parameters.whole("offset", FARTHEST + 1, page > 1 ? (page - 1) * limit : 0);
        var list = Json.createArrayBuilder();
        var pid = shop.access().pid();
        if (limit == 0 || offset > FARTHEST) return list; // so that a shop that reads page by page comes to an end
        orders.ofEpay(shop.merchant().id(), shop.access().mode(), offset, limit)
                .forEach(order -> list.add(v2 ? orderOfV2(order, pid) : order(order, pid)));
        return list;
    }

    private record Figures(Instant at, long orders, long today, long yesterday) {}

    /** How many orders there are, were created today, and yesterday, in Beijing; counted once in a minute. */
    JsonObjectBuilder figures(Shop shop) {
        var now = clock.instant();
        var counted = figures.compute(
                shop.access().pid(),
                (pid, known) ->
                        known != null && now.isBefore(known.at().plus(FIGURES_FOR)) ? known : counted(shop, now));
        return Json.createObjectBuilder()
                .add("orders", counted.orders())
                .add("order_today", counted.today())
                .add("order_lastday", counted.yesterday());
    }

    private Figures counted(Shop shop, Instant now) {
        var today =
                now.atOffset(ZoneOffset.ofHours(8)).truncatedTo(ChronoUnit.DAYS).toInstant();
        return new Figures(
                now,
                count(shop, Instant.EPOCH, now),
                count(shop, today, now),
                count(shop, today.minus(Duration.ofDays(1)), today));
    }

    private long count(Shop shop, Instant from, Instant before) {
        return orders.countOfEpay(shop.merchant().id(), shop.access().mode(), from, before);
    }

    /** Refunds under this number: the same call again finds the same refund, and another amount is refused. */
    Refund refund(PayOrder order, String number, Parameters parameters) {
        var fen = Yuan.fen("money", parameters.required("money"));
        if (!order.paid()) {
            throw Refusal.general("订单未支付，不能退款", "The order is not paid, so nothing can be refunded");
        }
        var refund = refundPayment.of(order, new RefundPayment.Wish(Optional.of(number), Optional.of(fen), "", null));
        if (refund.state() == RefundState.CLOSED) {
            throw Refusal.general(
                    "支付渠道已关闭这笔退款，款项没有退出；请重新发起退款（V2 请换一个 out_refund_no）",
                    "The provider has closed this refund and the money was not returned; refund again (V2: with another out_refund_no)");
        }
        if (refund.state() == RefundState.FAILED) {
            var why = refund.failure().filter(text -> !text.isBlank());
            throw Refusal.general(
                    "退款失败" + why.map(text -> "，支付渠道的原文为“" + text + "”").orElse("") + "；请处理后重试",
                    "The refund failed"
                            + why.map(text -> "; the provider says \"" + text + "\"")
                                    .orElse("") + "; try again after that is settled");
        }
        return refund;
    }

    /**
     * The number of a refund of version 1, whose shops have none: an order has one refund, so that a shop may repeat
     * what it has no answer to. After one that has ended without money another one may follow, under a number of its
     * own.
     */
    String refundNoOf(PayOrder order, Parameters parameters) {
        var fen = Yuan.fen("money", parameters.required("money"));
        return refundNo(order, refunds.of(order.key()), fen);
    }

    /** @param fen the amount: a repetition of what the provider has refused keeps its number */
    static String refundNo(PayOrder order, List<Refund> refunds, long fen) {
        var first = "epay-" + Trade.number(order);
        var number = first;
        for (int i = 2; ; i++) {
            var candidate = number;
            var earlier = refunds.stream()
                    .filter(refund -> refund.outRefundNo().equals(candidate))
                    .findFirst();
            var next = earlier.isPresent()
                    && switch (earlier.get().state()) {
                        case CLOSED -> true;
                        case FAILED -> earlier.get().amount().minor() != fen;
                        case REQUESTING, UNKNOWN, WAITING, PROCESSING, SUCCEEDED, ABNORMAL -> false;
                    };
            if (!next) return number;
            number = first + "-" + i;
        }
    }

    /** By {@code refund_no} or {@code out_refund_no}, which are the same here; queried at its provider. */
    Refund queriedRefund(Shop shop, Parameters parameters) {
        var number = refundNo(parameters, "refund_no")
                .or(() -> refundNo(parameters, "out_refund_no"))
                .orElseThrow(() -> Refusal.missing("refund_no / out_refund_no"));
        return refunds.orderByNumber(shop.merchant().id(), shop.access().mode(), number)
                .flatMap(orders::byKey)
                .filter(order -> order.epay().isPresent())
                .flatMap(order -> refunds.of(order.key()).stream()
                        .filter(refund -> refund.outRefundNo().equals(number))
                        .findFirst())
                .map(queryRefund::refreshed)
                .orElseThrow(() -> Refusal.general(
                        "退款不存在，请检查 refund_no / out_refund_no",
                        "There is no such refund; check refund_no / out_refund_no"));
    }

    PayOrder orderOf(Refund refund) {
        return orders.byKey(refund.orderKey()).orElseThrow();
    }

    static Optional<String> refundNo(Parameters parameters, String name) {
        var number = parameters.text(name);
        if (number.isPresent() && !number.get().matches("[0-9A-Za-z_|*@-]{1,64}")) {
            throw Refusal.malformed(name, "1 到 64 位的数字、字母或 _ - | * @", "1 to 64 of digits, letters and _ - | * @");
        }
        return number;
    }
}
