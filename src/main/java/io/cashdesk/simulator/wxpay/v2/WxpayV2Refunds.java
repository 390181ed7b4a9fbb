package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.wxpay.WxpayObjects;
import io.cashdesk.simulator.wxpay.WxpayOrderStore;
import io.cashdesk.simulator.wxpay.WxpayRefund;
import io.cashdesk.simulator.wxpay.WxpayRefundStore;
import io.cashdesk.simulator.wxpay.WxpayRefunds;
import io.cashdesk.simulator.wxpay.WxpayRefusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Refunds through v2, on the same refunds as v3. */
@ApplicationScoped
class WxpayV2Refunds {
    private static final int PAGE = 10;
    private static final int MOST_LISTED = 20;

    /** The number of the refusal for a payment that is more than a year old. */
    private static final int TOO_OLD = 268447914;

    /** Between two refunds of one payment; divided by {@code CASHDESK_SIMULATOR_HURRY}. */
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private static final Map<String, String> STATES = Map.of("ABNORMAL", "CHANGE", "CLOSED", "REFUNDCLOSE");

    @Inject
    TradeStore trades;

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayRefundStore refundStore;

    @Inject
    WxpayV2Store v2;

    @Inject
    WxpayRefunds refunds;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    WxpayV2CallHandler.Answer create(WxpayV2Request request) {
        var account = request.account();
        if (refundStore.find(account.id(), request.text("out_refund_no")).isEmpty()) notTooSoon(request);
        boolean late;
        try {
            late = refunds.create(account, inV3(request)).late();
        } catch (WxpayRefusal refusal) {
            throw inV2(request, refusal);
        }
        var refund =
                refundStore.find(account.id(), request.text("out_refund_no")).orElseThrow();
        v2.recordSignType(refund.id(), request.signType());
        var trade = trades.get(refund.tradeId());
        var answer = common(trade);
        answer.put("out_refund_no", refund.number());
        answer.put("refund_id", refund.refundId());
        answer.put("refund_fee", Long.toString(refund.amount()));
        answer.put("cash_refund_fee", Long.toString(refund.amount()));
        answer.put("coupon_refund_fee", "0");
        answer.put("coupon_refund_count", "0");
        return new WxpayV2CallHandler.Answer(answer, null, late);
    }

    private void notTooSoon(WxpayV2Request request) {
        var pause = BETWEEN.dividedBy(settings.simulatorHurry());
        var soon = trade(request)
                .map(t -> refundStore.ofTrade(t.id()))
                .filter(r -> !r.isEmpty())
                .filter(r ->
                        Duration.between(r.get(0).createdAt(), clock.instant()).compareTo(pause) < 0);
        if (soon.isPresent()) throw request.refused("FREQUENCY_LIMITED", "同一笔订单的部分退款需间隔1分钟");
    }

    private Optional<Trade> trade(WxpayV2Request request) {
        var account = request.account().id();
        return request.has("transaction_id")
                ? trades.paidByTransactionId(account, request.text("transaction_id"))
                : trades.find(account, request.text("out_trade_no"));
    }

    private static JsonObject inV3(WxpayV2Request request) {
        var body = Json.createObjectBuilder();
        if (request.has("sub_mch_id")) body.add("sub_mchid", request.text("sub_mch_id"));
        if (request.has("transaction_id")) body.add("transaction_id", request.text("transaction_id"));
        else body.add("out_trade_no", request.text("out_trade_no"));
        body.add("out_refund_no", request.text("out_refund_no"));
        if (request.has("refund_desc")) body.add("reason", request.text("refund_desc"));
        if (request.has("notify_url")) body.add("notify_url", request.text("notify_url"));
        if (request.text("refund_account").equals("REFUND_SOURCE_RECHARGE_FUNDS")) {
            body.add("funds_account", "AVAILABLE");
        }
        return body.add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("refund", Long.parseLong(request.text("refund_fee")))
                                .add("total", Long.parseLong(request.text("total_fee")))
                                .add("currency", "CNY"))
                .build();
    }

    private static RuntimeException inV2(WxpayV2Request request, WxpayRefusal refusal) {
        return switch (refusal.code()) {
            case "RESOURCE_NOT_EXISTS" -> request.refused("ORDERNOTEXIST", refusal.getMessage());
            case "INVALID_REQUEST" ->
                request.refused(refusal.number() == TOO_OLD ? "TRADE_OVERDUE" : "ERROR", refusal.getMessage());
            default -> refusal;
        };
    }

    WxpayV2CallHandler.Answer query(WxpayV2Request request) {
        var found = found(request).stream()
                .map(refunds::current)
                .filter(r -> orderStore
                        .withDetail(trades.get(r.tradeId()))
                        .detail()
                        .subMchid()
                        .equals(request.text("sub_mch_id")))
                .toList();
        var late =
                !found.isEmpty() && trades.takeFault(trades.get(found.get(0).tradeId()), CommonFault.REFUND_FOUND_LATE);
        if (found.isEmpty() || late) throw request.refused("REFUNDNOTEXIST", "退款订单查询失败：退款单不存在");
        int offset = request.has("offset") ? Integer.parseInt(request.text("offset")) : 0;
        if (offset >= found.size()) throw request.call().wrong("offset");
        var page = found.subList(offset, Math.min(found.size(), offset + PAGE));
        var answer = common(trades.get(found.get(0).tradeId()));
        answer.put("total_refund_count", Integer.toString(found.size()));
        answer.put("refund_count", Integer.toString(page.size()));
        for (int n = 0; n < page.size(); n++) list(answer, page.get(n), "_" + n);
        return WxpayV2CallHandler.Answer.of(answer);
    }

    /**
     * The refunds that a query names, oldest first. If it has several numbers, the first of refund_id, out_refund_no
     * and the order's counts.
     */
    private List<WxpayRefund> found(WxpayV2Request request) {
        var account = request.account().id();
        if (request.has("refund_id")) {
            return refundStore.byRefundId(account, request.text("refund_id")).stream()
                    .toList();
        }
        if (request.has("out_refund_no")) {
            return refundStore.find(account, request.text("out_refund_no")).stream()
                    .toList();
        }
        var all = trade(request).map(t -> refundStore.ofTrade(t.id())).orElse(List.of());
        if (all.size() > MOST_LISTED) throw request.refused("PARAM_ERROR", "部分退款超过20次，请使用退款单号查询");
        return all.stream()
                .sorted((a, b) -> a.createdAt().compareTo(b.createdAt()))
                .toList();
    }

    private static SortedMap<String, String> common(Trade trade) {
        var total = Long.toString(trade.reported());
        var fields = new TreeMap<String, String>();
        fields.put("transaction_id", trade.transactionId());
        fields.put("out_trade_no", trade.number());
        fields.put("total_fee", total);
        fields.put("fee_type", "CNY");
        fields.put("cash_fee", total);
        return fields;
    }

    private static void list(Map<String, String> answer, WxpayRefund refund, String n) {
        answer.put("out_refund_no" + n, refund.number());
        answer.put("refund_id" + n, refund.refundId());
        answer.put("refund_channel" + n, "ORIGINAL");
        answer.put("refund_fee" + n, Long.toString(refund.amount()));
        answer.put("coupon_refund_fee" + n, "0");
        answer.put("coupon_refund_count" + n, "0");
        answer.put("refund_status" + n, state(refund.state()));
        answer.put("refund_account" + n, "REFUND_SOURCE_UNSETTLED_FUNDS");
        answer.put("refund_recv_accout" + n, WxpayObjects.RECEIVED_ON); // WeChat Pay's own spelling
        if (refund.succeededAt() != null) answer.put("refund_success_time" + n, time(refund.succeededAt()));
    }

    /** A refund's state as v2 writes it. */
    static String state(String v3) {
        return STATES.getOrDefault(v3, v3);
    }

    static String time(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").format(at.atOffset(ZoneOffset.ofHours(8)));
    }
}
