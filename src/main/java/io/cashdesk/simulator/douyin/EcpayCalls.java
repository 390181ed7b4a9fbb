package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.util.Set;

/** The calls of ecpay, once their signature is verified. */
@ApplicationScoped
class EcpayCalls {
    static final Set<String> NAMES = Set.of(
            "create_order",
            "query_order",
            "create_refund",
            "query_refund",
            "settle",
            "query_settle",
            "unsettle_amount");

    private static final int LONGEST_EXTRA = 2048;
    private static final int LONGEST_ADDRESS = 256;
    private static final int MOST_PARTIES = 4;
    private static final long LARGEST = 10_000_000_000L;

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

    /** The merchant's number of the order that a call is about; empty if it names none that exists. */
    String numberOf(String name, Account account, DouyinFields fields) {
        return switch (name) {
            case "query_refund" ->
                refundStore
                        .byOutRefundNo(account.id(), textOf(fields, "out_refund_no"))
                        .map(r -> trades.get(r.tradeId()).number())
                        .orElse("");
            case "query_settle" ->
                settlementStore
                        .byOutSettleNo(account.id(), textOf(fields, "out_settle_no"))
                        .map(s -> trades.get(s.tradeId()).number())
                        .orElse("");
            default -> textOf(fields, "out_order_no");
        };
    }

    private static String textOf(DouyinFields fields, String name) {
        try {
            return fields.text(name, 64).orElse("");
        } catch (DouyinRefusal malformed) { // the call itself is refused for it
            return "";
        }
    }

    DouyinAnswers.Outcome run(String name, Account account, DouyinFields fields) {
        if (fields.text("thirdparty_id").isPresent()) {
            throw new DouyinRefusal(DouyinRefusal.THIRDPARTY, "第三方平台 thirdparty_id 不存在");
        }
        return switch (name) {
            case "create_order" -> create(account, fields);
            case "query_order" -> query(account, fields);
            case "create_refund" -> refund(account, fields);
            case "query_refund" -> queryRefund(account, fields);
            case "settle" -> settle(account, fields);
            case "query_settle" -> querySettlement(account, fields);
            default -> unsettled(account, fields);
        };
    }

    private static JsonObjectBuilder success() {
        return Json.createObjectBuilder().add("err_no", 0).add("err_tips", "success");
    }

    private static DouyinAnswers.Outcome outcome(JsonObjectBuilder answer, DouyinOrder order) {
        return new DouyinAnswers.Outcome(answer.build(), order.trade(), null);
    }

    // orders

    private DouyinAnswers.Outcome create(Account account, DouyinFields fields) {
        var order =
                orders.take(account, EcpayOrderFields.read(fields, address(account, fields)), DouyinRefusal.PARAMETER);
        var data = Json.createObjectBuilder().add("order_id", order.trade().transactionId());
        if (!order.trade().has(DouyinFault.ORDER_TOKEN_MISSING)) {
            data.add("order_token", order.detail().orderToken());
        }
        return new DouyinAnswers.Outcome(
                success().add("data", data).build(), order.trade(), CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
    }

    /** Where the callback of this call goes: its own address, or the one in the console. */
    private String address(Account account, DouyinFields fields) {
        var own = orders.callbackAddress(fields, "notify_url", LONGEST_ADDRESS);
        return own.isEmpty() ? store.notifyUrl(account.id()) : own;
    }

    private DouyinOrder order(Account account, DouyinFields fields) {
        return store.find(account.id(), fields.number("out_order_no"), "")
                .filter(o -> o.isOf(DouyinDialect.ECPAY))
                .map(orders::current)
                .orElseThrow(() -> new DouyinRefusal(DouyinRefusal.NO_RECORD, "支付记录不存在"));
    }

    private DouyinAnswers.Outcome query(Account account, DouyinFields fields) {
        var order = order(account, fields);
        return outcome(
                success()
                        .add("out_order_no", order.trade().number())
                        .add("order_id", order.trade().transactionId())
                        .add("payment_info", EcpayObjects.paymentInfo(account, order)),
                order);
    }

    // refunds

    private DouyinAnswers.Outcome refund(Account account, DouyinFields fields) {
        var order = order(account, fields);
        var request = new DouyinRefunds.Request(
                fields.number("out_refund_no"),
                fields.requiredWhole("refund_amount", 1, LARGEST),
                fields.required("reason", 100),
                extra(fields),
                address(account, fields),
                fields.canonical("sign"),
                DouyinRefusal.PARAMETER);
        fields.whole("disable_msg", 0, 1);
        fields.text("msg_page");
        var refund = refunds.start(order, request);
        return new DouyinAnswers.Outcome(
                success().add("refund_no", refund.refundNo()).build(),
                order.trade(),
                CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING);
    }

    /** What is too long is cut. */
    static String extra(DouyinFields fields) {
        var extra = fields.text("cp_extra").orElse("");
        return extra.length() > LONGEST_EXTRA ? extra.substring(0, LONGEST_EXTRA) : extra;
    }

    private DouyinAnswers.Outcome queryRefund(Account account, DouyinFields fields) {
        var refund = refundStore
                .byOutRefundNo(account.id(), fields.number("out_refund_no"))
                .orElseThrow(EcpayCalls::noRefund);
        var order = store.of(trades.get(refund.tradeId()));
        if (trades.takeFault(order.trade(), CommonFault.REFUND_FOUND_LATE)) throw noRefund();
        return outcome(success().add("refundInfo", EcpayObjects.refundInfo(refunds.current(refund))), order);
    }

    private static DouyinRefusal noRefund() {
        return new DouyinRefusal(DouyinRefusal.NO_REFUND, "退款记录不存在");
    }

    // settlements

    private DouyinAnswers.Outcome settle(Account account, DouyinFields fields) {
        var order = order(account, fields);
        fields.required("settle_desc", 80);
        var finish = fields.text("finish").orElse("true");
        if (!finish.equals("true") && !finish.equals("false")) throw fields.wrong("finish", "应为 \"true\" 或 \"false\"");
        var request = new DouyinSettlements.Request(
                fields.number("out_settle_no"),
                others(fields),
                extra(fields),
                address(account, fields),
                fields.canonical("sign"),
                DouyinRefusal.PARAMETER);
        var settlement = settlements.start(order, request);
        return new DouyinAnswers.Outcome(
                success().add("settle_no", settlement.settleNo()).build(),
                order.trade(),
                CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
    }

    /** Fen for other parties, of the JSON list in {@code settle_params}. */
    static long others(DouyinFields fields) {
        var text = fields.text("settle_params").orElse("[]");
        JsonArray list;
        try (var reader = Json.createReader(new StringReader(text))) {
            list = reader.readArray();
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            throw fields.wrong("settle_params", "应为 JSON 数组的文本");
        }
        if (list.size() > MOST_PARTIES) throw fields.wrong("settle_params", "最多 " + MOST_PARTIES + " 个分账方");
        var inside = new DouyinFields(
                Json.createObjectBuilder().add("settle_params", list).build(), fields.code(), "");
        return inside.objects("settle_params").stream()
                .peek(party -> party.required("merchant_uid", 64))
                .mapToLong(party -> party.requiredWhole("amount", 1, LARGEST))
                .sum();
    }

    private DouyinAnswers.Outcome querySettlement(Account account, DouyinFields fields) {
        var settlement = settlementStore
                .byOutSettleNo(account.id(), fields.number("out_settle_no"))
                .map(settlements::current)
                .orElseThrow(() -> new DouyinRefusal(DouyinRefusal.NO_RECORD, "结算记录不存在"));
        var order = store.of(trades.get(settlement.tradeId()));
        return outcome(success().add("settle_info", EcpayObjects.settleInfo(settlement)), order);
    }

    private DouyinAnswers.Outcome unsettled(Account account, DouyinFields fields) {
        var order = order(account, fields);
        return outcome(success().add("unsettle_amount", settlements.unsettled(order)), order);
    }

    static JsonObject refusal(DouyinRefusal refused, String name) {
        var answer = Json.createObjectBuilder().add("err_no", refused.errNo).add("err_tips", refused.getMessage());
        return name.equals("create_order") ? answer.addNull("data").build() : answer.build();
    }
}
