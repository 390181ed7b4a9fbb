package io.cashdesk.ground.json;

import io.cashdesk.ground.http.IpAddress;
import io.cashdesk.ground.setting.AddressRange;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Finds the client's IP address: the address of the connection, or {@code X-Forwarded-For} if a trusted proxy sent it.
 * No other {@code X-Forwarded-…} header is read.
 */
@ApplicationScoped
public class Caller {
    @Inject
    Settings settings;

    /**
     * The client's address, as {@link IpAddress#normalised} writes it. {@code X-Forwarded-For} is read only if the
     * connection comes from one of {@link Settings#trustedProxies()}; then the last address in all its lines that is
     * not a trusted proxy's is the client's, because a client can write any text before that one. Empty entries do not
     * count (RFC 9110, 5.6.1.2). An entry that is not an address ends the search, and so does the beginning of the
     * list: then the address to its right is the last one that a trusted proxy wrote.
     */
    public String address(HttpServletRequest request) {
        var peer = request.getRemoteAddr();
        var client = IpAddress.normalised(peer).orElse(peer);
        var trusted = settings.trustedProxies();
        if (!isOf(trusted, client)) return client;
        var hops = hops(request);
        for (int i = hops.size() - 1; i >= 0; i--) {
            var hop = IpAddress.normalised(hops.get(i));
            if (hop.isEmpty()) return client;
            client = hop.get();
            if (!isOf(trusted, client)) return client;
        }
        return client;
    }

    /** The entries of all lines of the header, in their order: several lines mean one list (RFC 9110, 5.2). */
    private static List<String> hops(HttpServletRequest request) {
        var hops = new ArrayList<String>();
        for (var line : Collections.list(request.getHeaders("X-Forwarded-For"))) {
            Arrays.stream(line.split(",", -1)).filter(entry -> !entry.isBlank()).forEach(hops::add);
        }
        return hops;
    }

    private static boolean isOf(List<AddressRange> trusted, String address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }
}
