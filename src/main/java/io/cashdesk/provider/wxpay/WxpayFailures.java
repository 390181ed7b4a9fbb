package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import jakarta.json.Json;

/** Failures that both API versions raise. */
final class WxpayFailures {
    private WxpayFailures() {}

    /** An answer came, but it does not say what happened; only a query can. */
    static ProviderFailure unusable(String what) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", what);
    }

    static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }

    /** A refusal as it is kept beside the report that follows from it: JSON with its code and message. */
    static String evidence(ProviderFailure refusal) {
        return Json.createObjectBuilder()
                .add("code", refusal.providerCode())
                .add("message", String.valueOf(refusal.getMessage()))
                .build()
                .toString();
    }
}
