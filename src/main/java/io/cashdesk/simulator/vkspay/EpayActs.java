package io.cashdesk.simulator.vkspay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;

/** The acts of {@code api.php}. */
@ApplicationScoped
class EpayActs {
    static final Set<String> NAMES = Set.of("query", "settle", "order", "orders", "refund");

    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final int MOST_ORDERS = 50;

    @Inject
    VkspayStore store;

    @Inject
    VkspayRefunds refunds;

    @Inject
    EpayStatus status;

    @Inject
    Clock clock;

    /** @param trade of order and refund, otherwise null */
    EpayMessages.Outcome carryOut(String act, Account account, Trade trade, Map<String, String> fields) {
        return switch (act) {
            case "query" -> plain(merchant(account, 1).build());
            case "settle" ->
                plain(Json.createObjectBuilder()
                        .add("code", 1)
                        .add("msg", "查询结算记录成功！")
                        .add("data", Json.createArrayBuilder())
                        .build());
            case "orders" -> plain(list(account, fields, 1));
            case "order" -> new EpayMessages.Outcome(order(account, trade), trade, null);
            default -> refund(trade, fields);
        };
    }

    private static EpayMessages.Outcome plain(JsonObject answer) {
        return new EpayMessages.Outcome(answer, null, null);
    }

    private JsonObject order(Account account, Trade trade) {
        var answer = Json.createObjectBuilder().add("code", 1).add("msg", "查询订单号成功！");
        return answer.addAll(shown(account, trade)).build();
    }

    /** An order's members, the same in the lists of both versions. */
    JsonObjectBuilder shown(Account account, Trade trade) {
        var detail = store.detail(trade.id());
        var paid = trade.paidAt() != null;
        return Json.createObjectBuilder()
                .add("trade_no", trade.transactionId())
                .add("out_trade_no", trade.number())
                .add("api_trade_no", paid ? VkspayNotifications.walletNumber(trade, detail.wallet()) : "")
                .add("type", detail.wallet())
                .add("pid", Integer.parseInt(account.mchNo()))
                .add("addtime", VkspayFormat.time(trade.createdAt()))
                .add("endtime", paid ? VkspayFormat.time(trade.paidAt()) : "")
                .add("name", VkspayNotifications.shownName(trade))
                .add("money", Yuan.text(trade.reported()))
                .add("status", status.of(trade))
                .add("param", detail.param())
                .add("buyer", paid ? VkspayNotifications.buyer(trade, detail.wallet()) : "");
    }

    /** At most 50, newest first; {@code page} counts from 1 and wins over {@code offset}. */
    JsonObject list(Account account, Map<String, String> fields, int code) {
        var limit = Math.max(1, Math.min(MOST_ORDERS, number(fields, "limit", 10)));
        var page = number(fields, "page", 0);
        var offset = page > 0 ? (page - 1) * limit : number(fields, "offset", 0);
        var data = Json.createArrayBuilder();
        for (var trade : store.latest(account.id(), offset, limit)) data.add(shown(account, trade));
        return Json.createObjectBuilder()
                .add("code", code)
                .add("msg", "查询订单记录成功！")
                .add("data", data)
                .build();
    }

    private static int number(Map<String, String> fields, String name, int otherwise) {
        var text = fields.getOrDefault(name, "");
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : otherwise;
    }

    /**
     * The merchant's data.
     *
     * @param code 1 in V1, 0 in V2
     */
    JsonObjectBuilder merchant(Account account, int code) {
        var today = LocalDate.ofInstant(clock.instant(), CHINA).atStartOfDay().toInstant(CHINA);
        var day = Duration.ofDays(1);
        return Json.createObjectBuilder()
                .add("code", code)
                .add("pid", Integer.parseInt(account.mchNo()))
                .add("active", 1)
                .add("money", Yuan.text(store.balance(account.id())))
                .add("type", 1)
                .add("account", "simulated")
                .add("username", "模拟商户")
                .add("orders", store.count(account.id(), Instant.EPOCH, today.plus(day)))
                .add("order_today", store.count(account.id(), today, today.plus(day)))
                .add("order_lastday", store.count(account.id(), today.minus(day), today));
    }

    /** There is no refund number. Code 0 is success, as in a published version of the server. */
    private EpayMessages.Outcome refund(Trade trade, Map<String, String> fields) {
        var fen = VkspayFormat.fen(EpayOrders.required(fields, "money", "金额"))
                .orElseThrow(() -> VkspayRefusal.of("金额输入错误"));
        refunds.refund(trade, VkspayDialect.EPAY_V1, "", fen, "");
        var answer = Json.createObjectBuilder().add("code", 0).add("msg", "退款成功！退款金额¥" + VkspayFormat.phpFloat(fen));
        return new EpayMessages.Outcome(answer.build(), trade, CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING);
    }
}
