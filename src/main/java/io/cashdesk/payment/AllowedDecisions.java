package io.cashdesk.payment;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.order.OrderState;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SellsInStore;
import io.cashdesk.refund.RefundPayment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What may be decided about a payment that arrived. */
@ApplicationScoped
class AllowedDecisions {
    @Inject
    Providers providers;

    @Inject
    RefundPayment refundPayment;

    @Inject
    Clock clock;

    List<Receipt.Decision> of(PayOrder order, Receipt receipt) {
        return Arrays.stream(Receipt.Decision.values())
                .filter(decision -> objection(order, receipt, decision).isEmpty())
                .toList();
    }

    /** Whether a person must decide about it: it is held, or its refund has been tried in vain for 24 hours. */
    static boolean isAsked(PayOrder order, Receipt receipt) {
        return receipt.disposition() == Receipt.Disposition.HELD || isReturnedInVain(order, receipt);
    }

    private static boolean isReturnedInVain(PayOrder order, Receipt receipt) {
        return receipt.disposition() == Receipt.Disposition.RETURNING && order.openAbout(receipt);
    }

    /** Whether the decision stops a refund that is tried in vain. */
    static boolean stopsRefund(PayOrder order, Receipt receipt, Receipt.Decision decision) {
        return decision == Receipt.Decision.SETTLE && isReturnedInVain(order, receipt);
    }

    /** Why it cannot be decided so; empty if it can. */
    Optional<LocalizedText> objection(PayOrder order, Receipt receipt, Receipt.Decision decision) {
        if (stopsRefund(order, receipt, decision)) return stopping(order, receipt);
        if (receipt.disposition() != Receipt.Disposition.HELD) {
            return Optional.of(new LocalizedText("该笔款项并未处于待处理状态", "the payment is not held"));
        }
        return switch (decision) {
            case RETURN -> returning(receipt);
            case ACCEPT -> accepting(order, receipt);
            case SETTLE -> Optional.empty();
        };
    }

    private Optional<LocalizedText> stopping(PayOrder order, Receipt receipt) {
        if (refundPayment.canBeAbandoned(order, receipt)) return Optional.empty();
        return Optional.of(new LocalizedText(
                "该笔款项的退款可能已经到达 " + receipt.provider() + "，或正在发送，不能停止；请等待渠道的结果，或稍后再试",
                "its refund may have reached " + receipt.provider()
                        + ", or is being sent at this moment, so it cannot be"
                        + " stopped; wait for the provider's report, or try again in a minute"));
    }

    private Optional<LocalizedText> returning(Receipt receipt) {
        if (providers.named(receipt.provider()) instanceof SellsInStore) {
            return Optional.of(new LocalizedText(
                    "只有 " + receipt.provider() + " 的应用商店可以退款：请付款人在那里申请，退款到达后会自动结案；若通过其他方式处理，请选择 settle",
                    "only the store of " + receipt.provider()
                            + " refunds it: have the payer request the money there, and its"
                            + " report of the return closes this; if you deal with it by other means, settle it"));
        }
        if (!(providers.named(receipt.provider()) instanceof MakesRefunds provider)) {
            return Optional.of(new LocalizedText(
                    receipt.provider() + " 不能退款，请通过其他方式退还后选择 settle",
                    receipt.provider() + " cannot refund; pay it back by other means and settle it"));
        }
        var until = receipt.paidAt().atOffset(ZoneOffset.UTC).plus(provider.refundable());
        if (!clock.instant().isAfter(until.toInstant())) return Optional.empty();
        return Optional.of(new LocalizedText(
                receipt.provider() + " 只能在 " + until.toLocalDate() + " 之前退款，请通过其他方式退还后选择 settle",
                receipt.provider() + " refunds it until " + until.toLocalDate()
                        + "; pay it back by other means and settle it"));
    }

    /** Late money only: another amount, doubtful money or a second payment is never what the order asked for. */
    private static Optional<LocalizedText> accepting(PayOrder order, Receipt receipt) {
        var whole = receipt.amount().equals(order.total()) && receipt.left().equals(order.total());
        if (receipt.kind() == Receipt.Kind.LATE && order.state() == OrderState.CLOSED && whole) {
            return Optional.empty();
        }
        return Optional.of(new LocalizedText(
                "只有订单关闭后收到的、金额一致的款项可以接受",
                "only a payment of the whole amount that arrived after the order was closed, and did not pay it, can be"
                        + " accepted"));
    }
}
