package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.Trade;
import java.util.Optional;
import java.util.Set;

/**
 * Another version of WeChat Pay's API on the same orders and refunds: its own notifications and its own signatures in
 * the wallet. Implementations are beans. An order or refund that was made through none of them belongs to v3.
 */
public interface WxpayOtherApi {
    /** The message that reports a payment or refund; empty if it was not made through this version. */
    Optional<NotificationMessage> message(Account account, WxpayOrder order, Notification notification);

    /** The values of {@code signType} in launch parameters that this version knows. */
    Set<String> signTypes();

    /** Whether launch parameters are signed as this version demands; empty if the order was not made through it. */
    Optional<Boolean> isSigned(Trade trade, WxpayLaunch launch);
}
