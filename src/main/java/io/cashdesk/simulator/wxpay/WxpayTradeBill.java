package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import io.cashdesk.simulator.wechat.WechatPayer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trade bills: a line for each payment, reversal and refund of a day.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4013071227">trade bills</a>
 */
@ApplicationScoped
class WxpayTradeBill {
    private static final List<String> ALL = List.of(
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
                    .split(","));
    private static final List<String> SUCCESS = List.of(
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注"
                    .split(","));
    private static final List<String> REFUND = List.of(
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
                    .split(","));
    private static final String TRADE_SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

    @Inject
    TradeStore trades;

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayRefundStore refundStore;

    /**
     * The bill, or an empty text if there is nothing to list.
     *
     * @param subMchid the sub-merchant whose lines are listed, or null for all lines
     * @param type ALL, SUCCESS or REFUND
     */
    String text(Account account, WxpayBills.Day day, String subMchid, String type) {
        var rows = rows(account, day, type);
        rows.removeIf(r -> subMchid != null && !subMchid.equals(r.values.get("特约商户号")));
        rows.removeIf(r -> type.equals("SUCCESS") && !"SUCCESS".equals(r.values.get("交易状态")));
        if (rows.isEmpty()) return "";
        var columns = type.equals("ALL") ? ALL : type.equals("SUCCESS") ? SUCCESS : REFUND;
        var text = new WxpayBillText().head(String.join(",", columns));
        for (var row : rows) {
            text.values(
                    columns.stream().map(c -> row.values.getOrDefault(c, "")).toList());
        }
        return text.head(TRADE_SUMMARY).values(summary(rows)).toString();
    }

    private List<Row> rows(Account account, WxpayBills.Day day, String type) {
        var rows = new ArrayList<Row>();
        if (!type.equals("REFUND")) {
            for (var order : orderStore.paidBetween(account.id(), day.from(), day.to())) {
                rows.addAll(paid(account, order));
            }
        }
        if (!type.equals("SUCCESS")) {
            for (var refund : refundStore.between(account.id(), day.from(), day.to())) {
                rows.add(returned(account, orderStore.withDetail(trades.get(refund.tradeId())), refund));
            }
        }
        return rows;
    }

    /** One line, with its amounts in fen for the sums. */
    private static final class Row {
        final Map<String, String> values = new LinkedHashMap<>();
        long settled;
        long ordered;
        long returned;
        long fee;
    }

    /** A paid order, and its reversal as a line of its own. */
    private static List<Row> paid(Account account, WxpayOrder order) {
        var trade = order.trade();
        var row = row(account, order, trade.paidAt(), "SUCCESS");
        row.settled = trade.reported();
        row.ordered = trade.reported();
        row.fee = WxpayBillText.fee(trade.reported());
        amounts(row);
        if (!trade.state().equals("REVOKED")) return List.of(row);
        var reversed = row(account, order, trade.paidAt(), "REVOKED");
        reversed.returned = trade.reported();
        reversed.fee = -row.fee;
        amounts(reversed);
        return List.of(row, reversed);
    }

    private static Row returned(Account account, WxpayOrder order, WxpayRefund refund) {
        var row = row(account, order, refund.createdAt(), "REFUND");
        row.returned = refund.amount();
        row.fee = -WxpayBillText.fee(refund.amount());
        amounts(row);
        row.values.put("退款申请时间", WxpayBillText.time(refund.createdAt()));
        row.values.put("退款成功时间", refund.succeededAt() == null ? "" : WxpayBillText.time(refund.succeededAt()));
        row.values.put("微信退款单号", refund.refundId());
        row.values.put("商户退款单号", refund.number());
        row.values.put("退款类型", "ORIGINAL");
        row.values.put(
                "退款状态",
                switch (refund.state()) {
                    case "ABNORMAL" -> "CHANGE";
                    case "CLOSED" -> "FAIL";
                    default -> refund.state();
                });
        return row;
    }

    private static Row row(Account account, WxpayOrder order, Instant at, String state) {
        var trade = order.trade();
        var detail = order.detail();
        var openid = detail.openid().isEmpty() ? WechatPayer.FIRST.openid(detail.appId()) : detail.openid();
        var row = new Row();
        var values = row.values;
        values.put("交易时间", WxpayBillText.time(at));
        values.put("公众账号ID", detail.appId());
        values.put("商户号", account.mchNo());
        values.put("特约商户号", detail.subMchid().isEmpty() ? "0" : detail.subMchid());
        values.put("设备号", detail.deviceId());
        values.put("微信订单号", trade.transactionId());
        values.put("商户订单号", trade.number());
        values.put("用户标识", openid);
        values.put("交易类型", detail.product().tradeType);
        values.put("交易状态", state);
        values.put("付款银行", "OTHERS");
        values.put("货币种类", "CNY");
        values.put("代金券金额", "0.00");
        values.put("微信退款单号", "0");
        values.put("商户退款单号", "0");
        values.put("充值券退款金额", "0.00");
        values.put("退款类型", "");
        values.put("退款状态", "");
        values.put("商品名称", trade.subject());
        values.put("商户数据包", detail.attach());
        values.put("费率", "0.60%");
        values.put("费率备注", "");
        return row;
    }

    private static void amounts(Row row) {
        row.values.put("应结订单金额", Yuan.text(row.settled));
        row.values.put("订单金额", Yuan.text(row.ordered));
        row.values.put("退款金额", Yuan.text(row.returned));
        row.values.put("申请退款金额", Yuan.text(row.returned));
        row.values.put("手续费", Yuan.text(row.fee));
    }

    private static List<String> summary(List<Row> rows) {
        long settled = rows.stream().mapToLong(r -> r.settled).sum();
        long returned = rows.stream().mapToLong(r -> r.returned).sum();
        long fee = rows.stream().mapToLong(r -> r.fee).sum();
        long ordered = rows.stream().mapToLong(r -> r.ordered).sum();
        return List.of(
                Integer.toString(rows.size()),
                Yuan.text(settled),
                Yuan.text(returned),
                "0.00",
                Yuan.text(fee),
                Yuan.text(ordered),
                Yuan.text(returned));
    }
}
