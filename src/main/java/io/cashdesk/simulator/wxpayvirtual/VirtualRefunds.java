package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Notifier;
import io.cashdesk.simulator.Payers;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import io.cashdesk.simulator.wechat.WechatRefusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Refunds of money: started first, settled two seconds later, reported by an event. The coins of a recharge stay with
 * the user.
 */
@ApplicationScoped
class VirtualRefunds {
    private static final int IN_PROGRESS = 268490014;
    private static final int LEFT_DIFFERS = 268490016;
    private static final int LIMITED = 268490015;
    private static final int OPENID = 268490001;

    private static final Duration UNTIL_SETTLED = Duration.ofSeconds(2);
    private static final int LONGEST_META = 1024;

    @Inject
    TradeStore trades;

    @Inject
    VirtualOrderStore orders;

    @Inject
    VirtualRefundStore refunds;

    @Inject
    Transactions transactions;

    @Inject
    Notifier notifier;

    @Inject
    Payers payers;

    @Inject
    ExchangeLog log;

    @Inject
    Clock clock;

    /** What {@code refund_order} requests. */
    private record Request(String openid, String number, long left, long amount, String meta) {
        static Request read(XpayFields fields) {
            var number = fields.text("refund_order_id");
            if (!number.matches("[A-Za-z0-9_-]{8,32}")) throw XpayFields.wrong("refund_order_id is malformed");
            var meta = fields.optional("biz_meta").orElse("");
            if (meta.length() > LONGEST_META) throw XpayFields.wrong("biz_meta is too long");
            if (!fields.text("refund_reason").matches("[0-5]")) throw XpayFields.wrong("refund_reason must be 0 to 5");
            if (!fields.text("req_from").matches("[1-3]")) throw XpayFields.wrong("req_from must be 1 to 3");
            return new Request(
                    fields.text("openid"), number, fields.number("left_fee"), fields.positive("refund_fee"), meta);
        }
    }

    /** The refund that was started, and whether its answer comes late. */
    record Started(VirtualOrder order, VirtualRefund refund, boolean late) {}

    Started start(Account account, VirtualOrder order, XpayFields fields) {
        var request = Request.read(fields);
        var known = refunds.find(account.id(), request.number());
        if (known.isPresent()) return repeated(order, request, known.get());
        check(order, request);
        var trade = order.trade();
        if (trades.takeFault(trade, CommonFault.REFUND_FREQUENCY_LIMITED)) throw limited();
        var refund = transactions.inNew(() -> stored(account, order, request));
        log.add(Exchange.event(
                trade, Exchange.Event.REFUND_ACCEPTED, refund.number() + " ¥" + Yuan.grouped(refund.amount())));
        var late = trades.takeFault(trades.get(trade.id()), CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING);
        return new Started(order, refund, late);
    }

    private static WechatRefusal limited() {
        return new WechatRefusal(LIMITED, "rate limit");
    }

    /** The same request again is answered as the first; what is left then may have changed since. */
    private Started repeated(VirtualOrder order, Request request, VirtualRefund refund) {
        if (trades.takeFault(order.trade(), CommonFault.REFUND_REPETITION_LIMITED)) throw limited();
        var same = refund.tradeId().equals(order.trade().id())
                && refund.amount() == request.amount()
                && order.detail().openid().equals(request.openid());
        if (!same) throw XpayFields.wrong("refund_order_id was used with other parameters");
        return new Started(order, refund, false);
    }

    private void check(VirtualOrder order, Request request) {
        if (!order.detail().openid().equals(request.openid())) throw new WechatRefusal(OPENID, "openid error");
        if (!order.paid()) throw XpayFields.wrong("the order is not paid");
        if (trades.find(order.trade().accountId(), request.number()).isPresent()) {
            throw XpayFields.wrong("refund_order_id is the number of an order");
        }
    }

    private VirtualRefund stored(Account account, VirtualOrder order, Request request) {
        var trade = order.trade();
        orders.lock(trade.id());
        var others = refunds.ofTrade(trade.id());
        if (others.stream().anyMatch(r -> r.state().equals(VirtualRefund.PROCESSING))) {
            throw new WechatRefusal(IN_PROGRESS, "a refund is in progress");
        }
        var left = VirtualObjects.left(order, others);
        if (request.left() != left) throw new WechatRefusal(LEFT_DIFFERS, "left_fee differs");
        if (request.amount() > left) throw XpayFields.wrong("refund_fee is more than left_fee");
        var now = clock.instant();
        var refund = new VirtualRefund(
                Ids.next(),
                account.id(),
                trade.id(),
                request.number(),
                "R" + RandomText.digits(31),
                request.amount(),
                request.meta(),
                VirtualRefund.PROCESSING,
                trade.has(CommonFault.REFUND_CLOSED) ? VirtualRefund.CLOSED : VirtualRefund.SUCCESS,
                trade.has(VirtualFault.REFUND_SLOW) ? null : now.plus(UNTIL_SETTLED),
                false,
                now,
                null);
        refunds.add(refund);
        return refund;
    }

    /** The refund as it is now; it is settled first if that is due. */
    VirtualRefund current(VirtualRefund refund) {
        var due = refund.settlesAt() != null && !refund.settlesAt().isAfter(clock.instant());
        if (due) settle(refund, refund.outcome());
        return refunds.get(refund.id());
    }

    /** Settles a refund and notifies the merchant; returns false if it is not in progress (any more). */
    boolean settle(VirtualRefund refund, String state) {
        if (!refunds.settle(refund.id(), state)) return false;
        var trade = trades.get(refund.tradeId());
        log.add(Exchange.event(
                trade,
                Exchange.Event.valueOf("REFUND_" + state),
                refund.number() + " ¥" + Yuan.grouped(refund.amount())));
        if (state.equals(VirtualRefund.SUCCESS)) payers.refund(trade, refund.amount());
        if (!trade.notifyUrl().isEmpty()) notifier.announce(trade, refund.id(), state);
        return true;
    }

    /** Whether the first query about an accepted refund does not find it. */
    boolean isFoundLate(Trade trade) {
        return trades.takeFault(trade, CommonFault.REFUND_FOUND_LATE);
    }

    /** The states of a test's decision. */
    static final List<String> DECISIONS = List.of("SUCCESS", "FAILED");
}
