package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.ProviderReport;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values of {@code trade_state}, which are the same in both API versions, and what they mean for a scanned code.
 */
final class WechatStates {
    static final Map<String, Class<? extends ProviderReport>> REPORTS = reports();

    private WechatStates() {}

    private static Map<String, Class<? extends ProviderReport>> reports() {
        var states = new LinkedHashMap<String, Class<? extends ProviderReport>>();
        states.put("SUCCESS", ProviderReport.Paid.class);
        states.put("REFUND", ProviderReport.Paid.class);
        states.put("NOTPAY", ProviderReport.Unpaid.class);
        states.put("USERPAYING", ProviderReport.Unpaid.class);
        states.put("PAYERROR", ProviderReport.Unpaid.class);
        states.put("ACCEPT", ProviderReport.Unpaid.class);
        states.put("CLOSED", ProviderReport.Closed.class);
        states.put("REVOKED", ProviderReport.Closed.class);
        return Collections.unmodifiableMap(states);
    }
}
