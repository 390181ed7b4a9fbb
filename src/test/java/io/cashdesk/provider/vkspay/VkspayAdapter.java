package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.http.ProviderTransport;
import java.time.Clock;

/** The adapter as the container assembles it. */
final class VkspayAdapter {
    private VkspayAdapter() {}

    static VkspayProvider of(ProviderTransport transport, Clock clock) {
        var provider = new VkspayProvider();
        provider.vks = new VksApi();
        provider.vks.transport = transport;
        provider.vks.clock = clock;
        provider.v1 = new V1Api();
        provider.v1.transport = transport;
        provider.v2 = new V2Api();
        provider.v2.transport = transport;
        provider.v2.clock = clock;
        return provider;
    }
}
