package io.cashdesk.payment;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.order.AttemptRequest;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Seals and opens the token with which an order or an attempt is collected for another merchant. */
@ApplicationScoped
class SealedSubMerchants {
    @Inject
    Vault vault;

    AttemptRequest.SubMerchant sealed(OrderKey order, SubMerchant sub) {
        var token = sub.token().isEmpty() ? "" : vault.seal(sub.token(), AttemptRequest.place(order));
        return new AttemptRequest.SubMerchant(sub.mchId(), sub.appId(), token, sub.maskedToken());
    }

    /** On whose behalf the order is collected; {@link SubMerchant#NONE} if it is collected for the account itself. */
    SubMerchant of(PayOrder order) {
        return order.onBehalf()
                .map(stored -> new SubMerchant(stored.mchId(), stored.appId(), token(order.key(), stored)))
                .orElse(SubMerchant.NONE);
    }

    private String token(OrderKey order, AttemptRequest.SubMerchant stored) {
        return stored.sealedToken().isEmpty() ? "" : vault.open(stored.sealedToken(), AttemptRequest.place(order));
    }

    /**
     * On whose behalf a call collects the order: what the call does not name is as stored. Changes nothing. Problem:
     * ORDER_DIFFERS, if the call names another merchant than an earlier one.
     *
     * @param named as the call names it; {@link SubMerchant#NONE} if it does not
     */
    SubMerchant effective(PayOrder order, SubMerchant named) {
        var stored = of(order);
        var fixed = order.onBehalf().isPresent() && stored.equals(SubMerchant.NONE);
        requireSame(order, "sub_mchid", stored.mchId(), named.mchId(), fixed);
        requireSame(order, "app_auth_token", fingerprint(stored.token()), fingerprint(named.token()), fixed);
        return new SubMerchant(
                named.mchId().isEmpty() ? stored.mchId() : named.mchId(),
                named.mchId().isEmpty() ? stored.appId() : named.appId(),
                named.token().isEmpty() ? stored.token() : named.token());
    }

    /** Refuses another {@code sub_appid} than the stored one (ORDER_DIFFERS): a checkout page has only that one. */
    void requireSameApp(PayOrder order, NewOrder.OnBehalf wanted) {
        var stored = of(order);
        if (!stored.mchId().isEmpty()) requireSame(order, "sub_appid", stored.appId(), wanted.appId(), true);
    }

    /** Stores with the order what the call is the first to name. */
    void keep(PayOrder order, NewOrder.OnBehalf wanted) {
        var stored = of(order);
        var first = new SubMerchant(
                stored.mchId().isEmpty() ? wanted.mchId() : stored.mchId(),
                stored.mchId().isEmpty() ? wanted.appId() : stored.appId(),
                stored.token().isEmpty() ? wanted.token() : stored.token());
        if (order.onBehalf().isEmpty() || !first.equals(stored)) order.collectFor(sealed(order.key(), first));
    }

    /** As the call names it; {@link SubMerchant#NONE} if it does not. */
    static SubMerchant named(NewOrder wanted) {
        return wanted.onBehalf()
                .map(sub -> new SubMerchant(sub.mchId(), sub.appId(), sub.token()))
                .orElse(SubMerchant.NONE);
    }

    /** @param fixed whether an empty stored value is a value too; an empty wanted one is inherited */
    private static void requireSame(PayOrder order, String field, String stored, String wanted, boolean fixed) {
        if (wanted.isEmpty() || stored.equals(wanted) || (stored.isEmpty() && !fixed)) return;
        throw ProblemType.ORDER_DIFFERS.with(order.outTradeNo(), field, shown(stored), shown(wanted));
    }

    private static String shown(String value) {
        return value.isEmpty() ? "-" : value;
    }

    /** What may be shown of a token. */
    private static String fingerprint(String token) {
        return token.isEmpty() ? "" : "sha256:" + Digest.sha256(token).substring(0, 8);
    }
}
