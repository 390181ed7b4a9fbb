package io.cashdesk.ground.json;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;

/** The caller's true address: the peer's own, unless the peer is a proxy that the operator trusts. */
@ApplicationScoped
public class Caller {
    @Inject
    Settings settings;

    public String address(HttpServletRequest request) {
        var peer = request.getRemoteAddr();
        var forwarded = request.getHeader("X-Forwarded-For");
        var trusted = settings.trustedProxies();
        if (forwarded == null || !trusted.contains(peer)) return peer;
        var hops = forwarded.split(",");
        for (int i = hops.length - 1; i >= 0; i--) { // the last one that no trusted proxy wrote is the caller
            var hop = hops[i].strip();
            if (!trusted.contains(hop)) return hop;
        }
        return peer;
    }
}
