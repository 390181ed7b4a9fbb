package io.cashdesk.face.epay;

import io.cashdesk.checkout.ReturnAddress;
import io.cashdesk.merchant.EpayAccesses;
import io.cashdesk.order.PayOrder;
import io.cashdesk.payment.Wallets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;

/** The payer's browser brings the shop the same as the notification, once the order is paid. */
@ApplicationScoped
class Returned implements ReturnAddress {
    @Inject
    EpayAccesses accesses;

    @Inject
    Signed signed;

    @Inject
    Wallets wallets;

    @Override
    public Optional<URI> of(PayOrder order) {
        if (!order.paid() || order.epay().isEmpty()) return Optional.empty();
        var returnUrl = order.returnUrl();
        var access = accesses.of(order.merchantId(), order.mode());
        if (returnUrl.isEmpty() || access.isEmpty()) return Optional.empty();
        var query = signed.query(access.get(), Trade.paid(order, access.get().pid(), wallets.of(order)));
        return Optional.of(URI.create(Signed.address(returnUrl.get(), query)));
    }
}
