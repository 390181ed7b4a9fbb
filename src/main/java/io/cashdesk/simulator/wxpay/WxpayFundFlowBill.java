package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Fund flow bills: a line for each change of the merchant's balance on a day.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4013071235">fund flow bills</a>
 */
@ApplicationScoped
class WxpayFundFlowBill {
    private static final String FLOW = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
    private static final String FLOW_SUMMARY = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayRefundStore refundStore;

    /** A change of the balance; {@code fen} is negative if money left the account. */
    private record Flow(Instant at, String businessNo, String what, long fen, String voucher) {}

    /** The bill of the basic account, or an empty text if there is nothing to list. */
    String text(Account account, WxpayBills.Day day) {
        var flows = new ArrayList<Flow>();
        for (var order : orderStore.paidBetween(account.id(), day.from(), day.to())) flows.addAll(of(order));
        for (var refund : refundStore.between(account.id(), day.from(), day.to())) {
            if (refund.state().equals("CLOSED")) continue;
            flows.add(new Flow(refund.createdAt(), refund.refundId(), "退款", -refund.amount(), refund.number()));
        }
        if (flows.isEmpty()) return "";
        flows.sort(Comparator.comparing(Flow::at));
        return text(account, flows);
    }

    private static List<Flow> of(WxpayOrder order) {
        var trade = order.trade();
        var flows = new ArrayList<Flow>();
        flows.add(new Flow(trade.paidAt(), trade.transactionId(), "交易", trade.reported(), trade.number()));
        var fee = WxpayBillText.fee(trade.reported());
        if (fee > 0) flows.add(new Flow(trade.paidAt(), trade.transactionId(), "扣除交易手续费", -fee, trade.number()));
        if (trade.state().equals("REVOKED")) {
            flows.add(new Flow(trade.paidAt(), trade.transactionId(), "退款", fee - trade.reported(), trade.number()));
        }
        return flows;
    }

    /** The balance begins at zero each day, because the balance of earlier days is not stored. */
    private static String text(Account account, List<Flow> flows) {
        var text = new WxpayBillText().head(FLOW);
        long balance = 0;
        for (int i = 0; i < flows.size(); i++) {
            var flow = flows.get(i);
            balance += flow.fen();
            text.values(List.of(
                    WxpayBillText.time(flow.at()),
                    flow.businessNo(),
                    flow.businessNo() + i,
                    flow.what(),
                    flow.what(),
                    flow.fen() < 0 ? "支出" : "收入",
                    Yuan.text(Math.abs(flow.fen())),
                    Yuan.text(balance),
                    account.mchNo() + "API",
                    flow.what(),
                    flow.voucher()));
        }
        return text.head(FLOW_SUMMARY).values(sums(flows)).toString();
    }

    private static List<String> sums(List<Flow> flows) {
        var in = flows.stream().filter(f -> f.fen() >= 0).mapToLong(Flow::fen).summaryStatistics();
        var out =
                flows.stream().filter(f -> f.fen() < 0).mapToLong(f -> -f.fen()).summaryStatistics();
        return List.of(
                Integer.toString(flows.size()),
                Long.toString(in.getCount()),
                Yuan.text(in.getSum()),
                Long.toString(out.getCount()),
                Yuan.text(out.getSum()));
    }
}
