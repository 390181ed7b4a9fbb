package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.wechat.WechatPayer;
import io.cashdesk.simulator.wechat.WechatRefusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What the calls to {@code /xpay/…} do, once they are verified. */
@ApplicationScoped
class XpayOperations {
    /** The calls that are signed with the user's session key too. */
    private static final Set<String> OF_USERS = Set.of("query_user_balance", "currency_pay", "cancel_currency_pay");

    private static final int OPENID = 268490001;
    private static final int UNAUTHORIZED = 48001;

    @Inject
    TradeStore trades;

    @Inject
    TradeOperations tradeOperations;

    @Inject
    VirtualOrderStore orders;

    @Inject
    VirtualRefundStore refundStore;

    @Inject
    VirtualRefunds refunds;

    @Inject
    Coins coins;

    @Inject
    VirtualBills bills;

    /** The answer beside {@code errcode}, and whether it comes after the caller's time-out. */
    record Answer(JsonObjectBuilder content, boolean late) {
        static Answer of(JsonObjectBuilder content) {
            return new Answer(content, false);
        }
    }

    static boolean isOfUser(String name) {
        return OF_USERS.contains(name);
    }

    /** @throws WechatRefusal for an openid of another application */
    static void checkOpenid(Account account, String openid) {
        if (!WechatPayer.belongs(openid, account.appId())) throw new WechatRefusal(OPENID, "openid error");
    }

    Answer run(String name, Account account, XpayFields fields) {
        return switch (name) {
            case "query_user_balance" -> balance(account, fields.only("openid", "env", "user_ip"));
            case "currency_pay" ->
                spend(
                        account,
                        fields.only(
                                "openid", "env", "user_ip", "amount", "order_id", "payitem", "remark", "device_type"));
            case "cancel_currency_pay" ->
                giveBack(
                        account,
                        fields.only("openid", "env", "user_ip", "pay_order_id", "order_id", "amount", "device_type"));
            case "present_currency" -> give(account, fields.only("openid", "env", "order_id", "amount", "device_type"));
            case "query_order" -> query(account, fields.only("openid", "env", "order_id", "wx_order_id"));
            case "refund_order" ->
                refund(
                        account,
                        fields.only(
                                "openid",
                                "order_id",
                                "wx_order_id",
                                "refund_order_id",
                                "left_fee",
                                "refund_fee",
                                "biz_meta",
                                "refund_reason",
                                "req_from",
                                "env"));
            case "notify_provide_goods" -> provided(account, fields.only("order_id", "wx_order_id", "env"));
            case "download_bill" -> Answer.of(bills.request(account, fields.only("begin_ds", "end_ds")));
            default -> throw new WechatRefusal(UNAUTHORIZED, "api unauthorized: the simulator has no " + name);
        };
    }

    private static Coins.Owner owner(Account account, XpayFields fields) {
        var openid = fields.text("openid");
        checkOpenid(account, openid);
        return new Coins.Owner(account.id(), openid, fields.env());
    }

    private Answer balance(Account account, XpayFields fields) {
        fields.text("user_ip");
        var balance = coins.balance(owner(account, fields));
        return Answer.of(Json.createObjectBuilder()
                .add("balance", balance.all())
                .add("present_balance", balance.given())
                .add("sum_save", balance.sumBought())
                .add("sum_present", balance.sumGiven())
                .add("sum_balance", balance.sumBought() + balance.sumGiven())
                .add("sum_cost", balance.sumSpent())
                .add("first_save_flag", balance.sumBought() == 0));
    }

    private Answer spend(Account account, XpayFields fields) {
        fields.text("user_ip");
        fields.checkDeviceType();
        fields.checkPayItem();
        fields.optional("remark");
        var number = fields.ownNumber("order_id");
        var spent = coins.spend(owner(account, fields), number, fields.positive("amount"));
        return Answer.of(Json.createObjectBuilder()
                .add("order_id", number)
                .add("balance", spent.balance().all())
                .add("used_present_amount", spent.ofGiven()));
    }

    private Answer giveBack(Account account, XpayFields fields) {
        fields.text("user_ip");
        fields.checkDeviceType();
        var number = fields.ownNumber("order_id");
        coins.giveBack(owner(account, fields), fields.text("pay_order_id"), number, fields.positive("amount"));
        return Answer.of(Json.createObjectBuilder().add("order_id", number));
    }

    private Answer give(Account account, XpayFields fields) {
        fields.checkDeviceType();
        var number = fields.ownNumber("order_id");
        var balance = coins.give(owner(account, fields), number, fields.positive("amount"));
        return Answer.of(Json.createObjectBuilder()
                .add("order_id", number)
                .add("balance", balance.all())
                .add("present_balance", balance.given()));
    }

    private Answer query(Account account, XpayFields fields) {
        var openid = fields.text("openid");
        var found = order(account, fields);
        var order = found.orElseGet(() -> refundOf(account, fields)
                .map(r -> orders.of(trades.get(r.tradeId())))
                .orElseThrow(() -> XpayFields.unknown("order")));
        if (!order.detail().openid().equals(openid)) throw new WechatRefusal(OPENID, "openid error");
        checkEnv(order, fields);
        if (found.isPresent()) {
            var current = orders.of(tradeOperations.current(order.trade()));
            return answer(VirtualObjects.payment(current, settled(current.trade())));
        }
        if (refunds.isFoundLate(order.trade())) throw XpayFields.unknown("order");
        var refund = refunds.current(refundOf(account, fields).orElseThrow());
        return answer(VirtualObjects.refund(
                order, refund, refundStore.ofTrade(order.trade().id())));
    }

    private static Answer answer(JsonObject order) {
        return Answer.of(Json.createObjectBuilder().add("order", order));
    }

    private List<VirtualRefund> settled(Trade trade) {
        return refundStore.ofTrade(trade.id()).stream().map(refunds::current).toList();
    }

    private Optional<VirtualOrder> order(Account account, XpayFields fields) {
        var number = fields.optional("order_id").filter(t -> !t.isEmpty());
        return number.isPresent()
                ? orders.byNumber(account.id(), number.get())
                : orders.byWxOrderId(account.id(), fields.text("wx_order_id"));
    }

    private Optional<VirtualRefund> refundOf(Account account, XpayFields fields) {
        var number = fields.optional("order_id").filter(t -> !t.isEmpty());
        return number.isPresent()
                ? refundStore.find(account.id(), number.get())
                : refundStore.byWxRefundId(account.id(), fields.text("wx_order_id"));
    }

    /** An order of the other environment is not known. */
    private static void checkEnv(VirtualOrder order, XpayFields fields) {
        if (order.detail().env() != fields.env()) throw XpayFields.unknown("order");
    }

    private Answer refund(Account account, XpayFields fields) {
        var order = order(account, fields).orElseThrow(() -> XpayFields.unknown("order"));
        checkEnv(order, fields);
        var started = refunds.start(account, order, fields);
        return new Answer(
                Json.createObjectBuilder()
                        .add("refund_order_id", started.refund().number())
                        .add("refund_wx_order_id", started.refund().wxRefundId())
                        .add("pay_order_id", order.trade().number())
                        .add("pay_wx_order_id", order.detail().wxOrderId()),
                started.late());
    }

    private Answer provided(Account account, XpayFields fields) {
        var order = order(account, fields).orElseThrow(() -> XpayFields.unknown("order"));
        checkEnv(order, fields);
        if (!order.paid()) throw XpayFields.wrong("the order is not paid");
        orders.delivered(order.trade().id());
        return Answer.of(Json.createObjectBuilder());
    }

    /** The order that a call is about, for the log and the faults; empty if it names none that exists. */
    Optional<Trade> about(UUID account, XpayFields fields) {
        for (var name : new String[] {"order_id", "pay_order_id"}) {
            var number = named(fields, name);
            if (number.isEmpty()) continue;
            var trade = trades.find(account, number)
                    .or(() -> refundStore.find(account, number).map(r -> trades.get(r.tradeId())));
            if (trade.isPresent()) return trade;
        }
        var wxOrderId = named(fields, "wx_order_id");
        return orders.byWxOrderId(account, wxOrderId)
                .map(VirtualOrder::trade)
                .or(() -> refundStore.byWxRefundId(account, wxOrderId).map(r -> trades.get(r.tradeId())));
    }

    private static String named(XpayFields fields, String name) {
        try {
            return fields.optional(name).orElse("");
        } catch (WechatRefusal notText) {
            return "";
        }
    }

    /** A new number of WeChat's for an order. */
    static String newWxOrderId() {
        return "V" + RandomText.digits(31);
    }
}
