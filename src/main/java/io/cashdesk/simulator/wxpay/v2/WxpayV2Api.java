package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.wxpay.WxpayLaunch;
import io.cashdesk.simulator.wxpay.WxpayOrder;
import io.cashdesk.simulator.wxpay.WxpayOtherApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.Set;

/** v2 for the package that v3 and v2 share. */
@ApplicationScoped
public class WxpayV2Api implements WxpayOtherApi {
    @Inject
    WxpayV2Store v2;

    @Inject
    WxpayV2Notifications notifications;

    @Override
    public Optional<NotificationMessage> message(Account account, WxpayOrder order, Notification notification) {
        return notifications.message(account, order, notification);
    }

    @Override
    public Set<String> signTypes() {
        return Set.of(WxpayV2Signature.MD5, WxpayV2Signature.HMAC);
    }

    /** An app does not write the sign type; it is then that of the request that made the order. */
    @Override
    public Optional<Boolean> isSigned(Trade trade, WxpayLaunch launch) {
        return v2.signType(trade.id()).map(ordered -> {
            var type = launch.signType().isEmpty() ? ordered : launch.signType();
            if (!signTypes().contains(type)) return false;
            var key = v2.key(trade.accountId()).orElseThrow().apiKey();
            return WxpayV2Signature.sign(launch.fields(), key, type).equals(launch.signature());
        });
    }
}
