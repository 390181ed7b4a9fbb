package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.merchant.Authority;
import io.cashdesk.webhook.Endpoints;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Reads {@code functionName} and {@code envId}: the endpoint that receives the event of an order or refund in
 * CloudPay's format.
 */
@ApplicationScoped
class Callback {
    @Inject
    Endpoints endpoints;

    /** The endpoint's name; refused if the merchant has none of this name, format and environment. */
    String of(Authority authority, Fields fields) {
        var name = fields.required("functionName", 64);
        var envId = fields.required("envId", 64);
        var merchant = authority.merchant(null);
        if (!endpoints.hasCallback(merchant, authority.mode(), name, "cloudpay", envId)) {
            var shown = LocalizedText.named(name).en();
            var environment = LocalizedText.named(envId).en();
            throw Refusal.business(
                    "INVALID_REQUEST",
                    "商户在环境 " + environment + " 中没有名为 " + shown + "、格式为 cloudpay 的 Webhook（functionName、envId）",
                    "functionName " + shown + " is no webhook endpoint of format cloudpay in environment (envId) "
                            + environment);
        }
        return name;
    }
}
