package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
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

/** Refunds through v2, on the same books as v3's. */
@ApplicationScoped
class WechatV2Refunds {
    private static final int PAGE = 10;
    private static final int MOST_LISTED = 20;

    /** v3's number for a payment that is more than a year old. */
    private static final int TOO_OLD = 268447914;

    /** Between two refunds of one payment; divided by the simulator's hurry, like its other pauses. */
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private static final Map<String, String> STATES = Map.of("ABNORMAL", "CHANGE", "CLOSED", "REFUNDCLOSE");

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    WechatV2Books v2;

    @Inject
    WechatRefunds refunds;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    WechatV2Gate.Answer create(WechatV2Gate.Asked asked) {
        var account = asked.account();
        if (wechat.refund(account.id(), asked.text("out_refund_no")).isEmpty()) notTooSoon(asked);
        boolean late;
        try {
            late = refunds.create(account, inV3(asked)).late();
        } catch (WechatRules.Refused no) {
            throw inV2(asked, no);
        }
        var refund = wechat.refund(account.id(), asked.text("out_refund_no")).orElseThrow();
        v2.asked(refund.id(), asked.signType());
        var trade = books.trade(refund.tradeId());
        var answer = common(trade);
        answer.put("out_refund_no", refund.number());
        answer.put("refund_id", refund.refundId());
        answer.put("refund_fee", Long.toString(refund.amount()));
        answer.put("cash_refund_fee", Long.toString(refund.amount()));
        answer.put("coupon_refund_fee", "0");
        answer.put("coupon_refund_count", "0");
        return new WechatV2Gate.Answer(answer, null, late);
    }

    private void notTooSoon(WechatV2Gate.Asked asked) {
        var pause = BETWEEN.dividedBy(settings.simulatorHurry());
        var soon = trade(asked)
                .map(t -> wechat.refundsOf(t.id()))
                .filter(r -> !r.isEmpty())
                .filter(r ->
                        Duration.between(r.get(0).createdAt(), clock.instant()).compareTo(pause) < 0);
        if (soon.isPresent()) throw asked.refused("FREQUENCY_LIMITED", "同一笔订单的部分退款需间隔1分钟");
    }

    private Optional<Books.Trade> trade(WechatV2Gate.Asked asked) {
        var account = asked.account().id();
        return asked.has("transaction_id")
                ? books.tradeByTransaction(account, asked.text("transaction_id"))
                : books.trade(account, asked.text("out_trade_no"));
    }

    private static JsonObject inV3(WechatV2Gate.Asked asked) {
        var body = Json.createObjectBuilder();
        if (asked.has("sub_mch_id")) body.add("sub_mchid", asked.text("sub_mch_id"));
        if (asked.has("transaction_id")) body.add("transaction_id", asked.text("transaction_id"));
        else body.add("out_trade_no", asked.text("out_trade_no"));
        body.add("out_refund_no", asked.text("out_refund_no"));
        if (asked.has("refund_desc")) body.add("reason", asked.text("refund_desc"));
        if (asked.has("notify_url")) body.add("notify_url", asked.text("notify_url"));
        if (asked.text("refund_account").equals("REFUND_SOURCE_RECHARGE_FUNDS")) {
            body.add("funds_account", "AVAILABLE");
        }
        return body.add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("refund", Long.parseLong(asked.text("refund_fee")))
                                .add("total", Long.parseLong(asked.text("total_fee")))
                                .add("currency", "CNY"))
                .build();
    }

    private static RuntimeException inV2(WechatV2Gate.Asked asked, WechatRules.Refused no) {
        return switch (no.code) {
            case "RESOURCE_NOT_EXISTS" -> asked.refused("ORDERNOTEXIST", no.getMessage());
            case "INVALID_REQUEST" -> asked.refused(no.number == TOO_OLD ? "TRADE_OVERDUE" : "ERROR", no.getMessage());
            default -> no;
        };
    }

    WechatV2Gate.Answer query(WechatV2Gate.Asked asked) {
        var found = found(asked).stream()
                .map(refunds::current)
                .filter(r -> wechat.order(books.trade(r.tradeId()))
                        .detail()
                        .subMchid()
                        .equals(asked.text("sub_mch_id")))
                .toList();
        if (found.isEmpty()) throw asked.refused("REFUNDNOTEXIST", "退款订单查询失败：退款单不存在");
        int offset = asked.has("offset") ? Integer.parseInt(asked.text("offset")) : 0;
        if (offset >= found.size()) throw asked.call().wrong("offset");
        var page = found.subList(offset, Math.min(found.size(), offset + PAGE));
        var answer = common(books.trade(found.get(0).tradeId()));
        answer.put("total_refund_count", Integer.toString(found.size()));
        answer.put("refund_count", Integer.toString(page.size()));
        for (int n = 0; n < page.size(); n++) list(answer, page.get(n), "_" + n);
        return WechatV2Gate.Answer.of(answer);
    }

    /** The numbers in the order in which they count; oldest first, as they were asked for. */
    private List<WechatBooks.Refund> found(WechatV2Gate.Asked asked) {
        var account = asked.account().id();
        if (asked.has("refund_id")) {
            return wechat.refundById(account, asked.text("refund_id")).stream().toList();
        }
        if (asked.has("out_refund_no")) {
            return wechat.refund(account, asked.text("out_refund_no")).stream().toList();
        }
        var all = trade(asked).map(t -> wechat.refundsOf(t.id())).orElse(List.of());
        if (all.size() > MOST_LISTED) throw asked.refused("PARAM_ERROR", "部分退款超过20次，请使用退款单号查询");
        return all.stream()
                .sorted((a, b) -> a.createdAt().compareTo(b.createdAt()))
                .toList();
    }

    private static SortedMap<String, String> common(Books.Trade trade) {
        var total = Long.toString(trade.reported());
        var fields = new TreeMap<String, String>();
        fields.put("transaction_id", trade.transactionId());
        fields.put("out_trade_no", trade.number());
        fields.put("total_fee", total);
        fields.put("fee_type", "CNY");
        fields.put("cash_fee", total);
        return fields;
    }

    private static void list(Map<String, String> answer, WechatBooks.Refund refund, String n) {
        answer.put("out_refund_no" + n, refund.number());
        answer.put("refund_id" + n, refund.refundId());
        answer.put("refund_channel" + n, "ORIGINAL");
        answer.put("refund_fee" + n, Long.toString(refund.amount()));
        answer.put("coupon_refund_fee" + n, "0");
        answer.put("coupon_refund_count" + n, "0");
        answer.put("refund_status" + n, state(refund.state()));
        answer.put("refund_account" + n, "REFUND_SOURCE_UNSETTLED_FUNDS");
        answer.put("refund_recv_accout" + n, WechatMessages.RECEIVED_ON); // spelt so
        if (refund.succeededAt() != null) answer.put("refund_success_time" + n, time(refund.succeededAt()));
    }

    /** A refund's state in v2's word for it. */
    static String state(String v3) {
        return STATES.getOrDefault(v3, v3);
    }

    static String time(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").format(at.atOffset(ZoneOffset.ofHours(8)));
    }
}
