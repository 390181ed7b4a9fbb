package io.cashdesk.view;

import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.order.OrderStatus;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.PayType;
import io.cashdesk.refund.RefundState;
import io.cashdesk.refund.RefundView;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Reads an {@link OrderView}: the order with its merchant, the evidence of its payment and its refunds. */
@ApplicationScoped
public class OrderViews {
    @Inject
    Merchants merchants;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    /** Within the transaction that changes the order: as that transaction leaves it. */
    public OrderView of(PayOrder order) {
        return new OrderView(
                order.id(),
                merchants.byId(order.merchantId()).pid(),
                order.mode(),
                order.outTradeNo(),
                order.state(),
                OrderStatus.of(order),
                new OrderView.Content(order.type(), order.subject(), order.total(), order.custom(), order.goods()),
                new OrderView.Payer(
                        order.userId(),
                        order.nickname(),
                        order.platform(),
                        order.appid(),
                        order.clientIp(),
                        order.openid(),
                        order.payMethod()),
                payment(order),
                new OrderView.Refunded(
                        new Money(order.refundFee(), order.total().currency()), order.refundNum(), succeeded(order)),
                order.createdAt(),
                order.expiresAt(),
                order.closedAt(),
                order.userOrderSuccess(),
                order.needsPerson());
    }

    private OrderView.Payment payment(PayOrder order) {
        var receipt = order.paidReceipt().flatMap(id -> receipts.byId(order.key(), id));
        var token = order.maskedAppAuthToken();
        var ownApp = token.isEmpty() ? order.providerAppId() : Optional.<String>empty();
        return new OrderView.Payment(
                order.payType().map(PayType::of),
                order.providerMerchantNo()
                        .filter(no ->
                                !order.providerAppId().equals(Optional.of(no))) // a node without a merchant number
                        .map(no -> no.replaceAll("@.*", "")) // a site, which tells equal numbers apart
                        .or(() -> receipt.flatMap(Receipt::sellerId)),
                order.providerAppId(),
                order.transactionId(),
                order.paidAt(),
                order.notifiedAt(),
                order.notifyMode().map(m -> m == 1 ? OrderView.LearntBy.NOTIFICATION : OrderView.LearntBy.QUERY),
                receipt.map(Receipt::evidence),
                order.notifyUrl(),
                receipt.flatMap(Receipt::originalData),
                new OrderView.Partner(
                        token,
                        receipt.flatMap(Receipt::authAppId).or(() -> ownApp),
                        receipt.flatMap(Receipt::sellerId)),
                receipt.flatMap(Receipt::sale)
                        .map(sale -> new OrderView.Store(
                                Optional.ofNullable(sale.price()),
                                sale.environment(),
                                Optional.ofNullable(sale.firstTransactionId()),
                                order.originalOutTradeNo())));
    }

    private List<RefundView> succeeded(PayOrder order) {
        if (order.refundNum() == 0) return List.of(); // saves a query for most orders
        return refunds.of(order.key()).stream()
                .filter(r -> r.state() == RefundState.SUCCEEDED)
                .map(RefundView::of)
                .toList();
    }
}
