package io.cashdesk.face.cloudpay;

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
            throw Refusal.business(
                    "INVALID_REQUEST",
                    "商户在环境 " + envId + " 中没有名为 " + name + "、格式为 cloudpay 的 Webhook（functionName、envId）",
                    "functionName " + name + " is no webhook endpoint of format cloudpay in environment (envId) "
                            + envId);
        }
        return name;
    }
}
