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

    /** Stores it with the order, or refuses another one than what is stored (ORDER_DIFFERS). */
    void keep(PayOrder order, NewOrder.OnBehalf wanted) {
        var sub = new SubMerchant(wanted.mchId(), wanted.appId(), wanted.token());
        if (order.onBehalf().isEmpty()) {
            order.collectFor(sealed(order.key(), sub));
            return;
        }
        var stored = of(order);
        requireSame(order, "sub_mchid", stored.mchId(), sub.mchId());
        requireSame(order, "sub_appid", stored.appId(), sub.appId());
        requireSame(order, "app_auth_token", fingerprint(stored.token()), fingerprint(sub.token()));
    }

    private static void requireSame(PayOrder order, String field, String stored, String wanted) {
        if (stored.equals(wanted)) return;
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
