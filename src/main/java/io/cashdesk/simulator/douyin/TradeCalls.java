package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The calls of the general trade system, once the access token is verified. */
@ApplicationScoped
class TradeCalls {
    static final Set<String> NAMES = Set.of(
            "order_query", "refund_create", "refund_query", "refund_audit_callback", "settle_create", "settle_query");

    private static final long LARGEST = 10_000_000_000L;
    private static final Set<Long> REASONS = Set.of(101L, 102L, 103L, 999L);

    @Inject
    TradeStore trades;

    @Inject
    DouyinStore store;

    @Inject
    DouyinOrders orders;

    @Inject
    DouyinRefundStore refundStore;

    @Inject
    DouyinRefunds refunds;

    @Inject
    DouyinSettlementStore settlementStore;

    @Inject
    DouyinSettlements settlements;

    // what a call is about

    /** The merchant's number of the order that a call is about; empty if it names none that exists. */
    String numberOf(Account account, DouyinFields fields) {
        try {
            return order(account, fields)
                    .or(() -> refund(account, fields).map(r -> store.of(trades.get(r.tradeId()))))
                    .or(() -> settlement(account, fields).map(s -> store.of(trades.get(s.tradeId()))))
                    .map(o -> o.trade().number())
                    .orElse("");
        } catch (DouyinRefusal malformed) { // the call itself is refused for it
            return "";
        }
    }

    private Optional<DouyinOrder> order(Account account, DouyinFields fields) {
        var orderId = fields.text("order_id", 64);
        var found = orderId.isPresent()
                ? store.find(account.id(), "", orderId.get())
                : fields.text("out_order_no", 64).flatMap(number -> store.find(account.id(), number, ""));
        return found.filter(o -> o.isOf(DouyinDialect.TRADE)).map(orders::current);
    }

    private DouyinOrder required(Account account, DouyinFields fields) {
        if (fields.text("order_id", 64)
                .or(() -> fields.text("out_order_no", 64))
                .isEmpty()) {
            throw fields.wrong("order_id", "和 out_order_no 不能同时为空");
        }
        return order(account, fields).orElseThrow(() -> new DouyinRefusal(DouyinRefusal.TRADE, "[20000] 订单不存在"));
    }

    private Optional<DouyinRefund> refund(Account account, DouyinFields fields) {
        var refundId = fields.text("refund_id", 64);
        return refundId.isPresent()
                ? refundStore.byRefundNo(account.id(), refundId.get())
                : fields.text("out_refund_no", 64).flatMap(number -> refundStore.byOutRefundNo(account.id(), number));
    }

    private Optional<DouyinSettlement> settlement(Account account, DouyinFields fields) {
        var settleId = fields.text("settle_id", 64);
        return settleId.isPresent()
                ? settlementStore.bySettleNo(account.id(), settleId.get())
                : fields.text("out_settle_no", 64)
                        .flatMap(number -> settlementStore.byOutSettleNo(account.id(), number));
    }

    // the calls

    DouyinAnswers.Outcome run(String name, Account account, DouyinFields fields) {
        return switch (name) {
            case "order_query" -> query(account, fields);
            case "refund_create" -> createRefund(account, fields);
            case "refund_query" -> queryRefunds(account, fields);
            case "refund_audit_callback" -> decide(account, fields);
            case "settle_create" -> settle(account, fields);
            default -> querySettlements(account, fields);
        };
    }

    private static JsonObject success(JsonValue data) {
        return answer(0, "success").add("data", data).build();
    }

    private static JsonObjectBuilder answer(int errNo, String message) {
        return Json.createObjectBuilder()
                .add("err_no", errNo)
                .add("err_msg", message)
                .add("log_id", RandomText.hex(34));
    }

    static JsonObject refusal(DouyinRefusal refused) {
        return answer(refused.errNo, refused.getMessage())
                .add("data", JsonValue.EMPTY_JSON_OBJECT)
                .build();
    }

    private DouyinAnswers.Outcome query(Account account, DouyinFields fields) {
        var order = required(account, fields);
        return new DouyinAnswers.Outcome(success(TradeObjects.order(account, order)), order.trade(), null);
    }

    private DouyinAnswers.Outcome createRefund(Account account, DouyinFields fields) {
        fields.required("order_id", 64);
        var order = required(account, fields);
        fields.checkPage("order_entry_schema");
        var own = orders.callbackAddress(fields, "notify_url", 512);
        var refund = refunds.start(
                order,
                new DouyinRefunds.Request(
                        fields.number("out_refund_no"),
                        amount(order, fields),
                        reason(fields),
                        fields.text("cp_extra", 2048).orElse(""),
                        own.isEmpty() ? store.notifyUrl(account.id()) : own,
                        fields.canonical(),
                        DouyinRefusal.REVERSE_TRADE));
        var data = Json.createObjectBuilder()
                .add("refund_id", refund.refundNo())
                .add("refund_audit_deadline", DouyinFormat.millis(refund.auditUntil()))
                .build();
        return new DouyinAnswers.Outcome(success(data), order.trade(), CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING);
    }

    private static String reason(DouyinFields fields) {
        var reasons = fields.objects("refund_reason");
        if (reasons.isEmpty()) throw fields.wrong("refund_reason", "不能为空");
        for (var reason : reasons) {
            if (!REASONS.contains(reason.requiredWhole("code", 0, 999))) {
                throw reason.wrong("code", "应为 101、102、103 或 999");
            }
        }
        return reasons.get(0).required("text", 50);
    }

    /** Either everything ({@code refund_all}) or the sum of the items that are named. */
    private long amount(DouyinOrder order, DouyinFields fields) {
        var items = fields.objects("item_order_detail");
        if (fields.flag("refund_all")) {
            if (!items.isEmpty()) throw fields.wrong("item_order_detail", "与 refund_all 不能同时设置");
            return all(order, fields);
        }
        if (items.isEmpty()) throw fields.wrong("item_order_detail", "和 refund_all 不能同时为空");
        long sum = 0;
        for (var item : items) {
            if (!item.required("item_order_id", 64).equals(order.detail().itemId())) {
                throw item.wrong("item_order_id", "不属于该订单");
            }
            sum += item.requiredWhole("refund_amount", 1, LARGEST);
        }
        if (items.size() > 1) throw fields.wrong("item_order_detail", "的商品单重复");
        if (fields.requiredWhole("refund_total_amount", 1, LARGEST) != sum) {
            throw fields.wrong("refund_total_amount", "应等于各商品单 refund_amount 之和");
        }
        return sum;
    }

    /** The whole payment; an order of which a part is refunded cannot be refunded as a whole. */
    private static long all(DouyinOrder order, DouyinFields fields) {
        var total = order.trade().amount();
        if (fields.whole("refund_total_amount", 1, LARGEST).orElse(total) != total) {
            throw fields.wrong("refund_total_amount", "应等于订单实付金额");
        }
        return total;
    }

    private DouyinAnswers.Outcome queryRefunds(Account account, DouyinFields fields) {
        var one = fields.text("refund_id", 64).or(() -> fields.text("out_refund_no", 64));
        List<DouyinRefund> found = one.isPresent()
                ? refund(account, fields).stream().toList()
                : refundStore.ofTrade(required(account, fields).trade().id());
        var list = Json.createArrayBuilder();
        var order = found.isEmpty()
                ? order(account, fields)
                : Optional.of(store.of(trades.get(found.get(0).tradeId())));
        var hidden = one.isPresent()
                && order.isPresent()
                && trades.takeFault(order.get().trade(), CommonFault.REFUND_FOUND_LATE);
        if (!hidden) found.stream().map(refunds::current).forEach(r -> list.add(TradeObjects.refund(order.get(), r)));
        var data = Json.createObjectBuilder().add("refund_list", list).build();
        return new DouyinAnswers.Outcome(
                success(data), order.map(DouyinOrder::trade).orElse(null), null);
    }

    private DouyinAnswers.Outcome decide(Account account, DouyinFields fields) {
        fields.required("refund_id", 64);
        var status = fields.requiredWhole("refund_audit_status", 1, 2);
        var accepted = status == 1;
        var why = fields.text("deny_message", 512).orElse("");
        if (!accepted && why.isEmpty()) throw fields.wrong("deny_message", "不能为空");
        var refund = refund(account, fields)
                .orElseThrow(() -> new DouyinRefusal(DouyinRefusal.REVERSE_TRADE, "[20000] 退款单不存在"));
        refunds.decide(refunds.current(refund), accepted, accepted ? "" : why);
        return new DouyinAnswers.Outcome(success(JsonValue.EMPTY_JSON_OBJECT), trades.get(refund.tradeId()), null);
    }

    private DouyinAnswers.Outcome settle(Account account, DouyinFields fields) {
        fields.required("out_order_no", 64);
        var order = required(account, fields);
        fields.required("settle_desc", 512);
        if (fields.text("item_order_id")
                .filter(id -> !id.equals(order.detail().itemId()))
                .isPresent()) {
            throw fields.wrong("item_order_id", "不属于该订单");
        }
        var own = orders.callbackAddress(fields, "notify_url", 512);
        var extra = fields.text("cp_extra", 2048).or(() -> fields.text("ext", 2048));
        var settlement = settlements.start(
                order,
                new DouyinSettlements.Request(
                        fields.number("out_settle_no"),
                        EcpayCalls.others(fields),
                        extra.orElse(""),
                        own.isEmpty() ? store.notifyUrl(account.id()) : own,
                        fields.canonical(),
                        DouyinRefusal.SETTLEMENT));
        var data = Json.createObjectBuilder()
                .add("settle_id", settlement.settleNo())
                .add("wallet_settle_id", "w" + settlement.settleNo())
                .build();
        return new DouyinAnswers.Outcome(success(data), order.trade(), CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
    }

    private DouyinAnswers.Outcome querySettlements(Account account, DouyinFields fields) {
        var one = fields.text("settle_id", 64).or(() -> fields.text("out_settle_no", 64));
        List<DouyinSettlement> found = one.isPresent()
                ? settlement(account, fields).stream().toList()
                : settlementStore.ofTrade(required(account, fields).trade().id());
        var list = Json.createArrayBuilder();
        for (var settlement : found) {
            var order = store.of(trades.get(settlement.tradeId()));
            list.add(TradeObjects.settlement(order, settlements.current(settlement)));
        }
        var trade = found.isEmpty() ? null : trades.get(found.get(0).tradeId());
        return new DouyinAnswers.Outcome(success(list.build()), trade, null);
    }
}
