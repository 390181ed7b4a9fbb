package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.http.ProviderTransport;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.time.Clock;

/** The adapter as the container assembles it. */
final class WxpayAdapter {
    private WxpayAdapter() {}

    /** @param executor for fetching platform certificates; null where the account has a public key or API v2 */
    static WxpayProvider of(ProviderTransport transport, Clock clock, ManagedExecutorService executor) {
        var provider = new WxpayProvider();
        provider.transport = transport;
        provider.v2 = new V2Api();
        provider.v2.transport = transport;
        provider.v2.clock = clock;
        provider.v3 = new V3Api();
        provider.v3.transport = transport;
        provider.v3.clock = clock;
        provider.v3.executor = executor;
        return provider;
    }
}
