package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SignsFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/** Finds by whose account an order is collected. */
@ApplicationScoped
public class CollectingAccounts {
    @Inject
    Attempts attempts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    /** That of the order's latest attempt; empty if there was none. */
    public Optional<Collecting> of(OrderKey order) {
        return attempts.currentOf(order).map(this::of);
    }

    /**
     * That of a merchant's node, for an order that may not exist. In test mode it is empty before the first payment.
     *
     * @param payType selects the node: "wxpay_mp-weixin"
     * @param subMchId the sub-merchant that a call names, or an empty text
     */
    public Optional<Collecting> ofNode(UUID merchant, Mode mode, String payType, String subMchId) {
        var type = PayType.of(payType);
        var provider = providers.named(type.provider().value());
        return accounts.existing(merchant, mode, provider, type).map(account -> of(account, "", subMchId));
    }

    private Collecting of(Attempt attempt) {
        var account = accounts.of(attempt.merchantId(), attempt.accountId())
                .orElseThrow()
                .settings();
        var sub = attempt.request().sub();
        return of(account, sub.appId(), sub.mchId());
    }

    private Collecting of(AccountSettings account, String subAppId, String subMchId) {
        return new Collecting(
                account.text("appId"),
                account.text("mchId"),
                subAppId.isEmpty() ? account.text("subAppId") : subAppId,
                subMchId,
                fields -> providers.named(account.provider().value()) instanceof SignsFields signer
                        ? signer.sign(account, fields)
                        : Optional.empty());
    }
}
