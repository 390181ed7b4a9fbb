package io.cashdesk.ground.json;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Finds the client's IP address: the address of the connection, or {@code X-Forwarded-For} if a trusted proxy sent it.
 */
@ApplicationScoped
public class Caller {
    @Inject
    Settings settings;

    /**
     * The client's address. {@code X-Forwarded-For} is read only if the connection comes from one of
     * {@link Settings#trustedProxies()}; then the last address in it that is not a trusted proxy is the client, because
     * any client can write the addresses before that one.
     */
    public String address(HttpServletRequest request) {
        var peer = request.getRemoteAddr();
        var forwarded = request.getHeader("X-Forwarded-For");
        var trusted = settings.trustedProxies();
        if (forwarded == null || !trusted.contains(peer)) return peer;
        var hops = forwarded.split(",");
        for (int i = hops.length - 1; i >= 0; i--) {
            var hop = hops[i].strip();
            if (!trusted.contains(hop)) return hop;
        }
        return peer;
    }
}
