package io.cashdesk.ground.http;

import io.cashdesk.ground.setting.Authority;
import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;

/**
 * The hosts for which this server answers: that of the base address, with and without its port, those of
 * {@link Settings#hosts()}, and in development each loopback name and address on any port. Read once, at the first
 * request.
 */
@ApplicationScoped
public class KnownHosts {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    @Inject
    Settings settings;

    private final Set<Authority> hosts = new HashSet<>();

    /** As browsers write them, so that most requests need one look-up. */
    private final Set<String> texts = new HashSet<>();

    private boolean loopback;

    @PostConstruct
    void read() {
        var base = URI.create(settings.baseUrl());
        var defaultPort = base.getScheme().equals("https") ? HTTPS : HTTP;
        var host = Authority.of(base.getRawAuthority()).orElseThrow();
        hosts.add(host);
        hosts.add(host.port() == -1 ? host.withPort(defaultPort) : host.withPort(-1)); // some proxies drop the port
        for (var more : settings.hosts()) {
            hosts.add(more);
            if (!more.hasDefaultPort()) continue;
            hosts.add(more.withPort(-1));
            if (more.port() != -1) continue;
            hosts.add(more.withPort(HTTP));
            hosts.add(more.withPort(HTTPS));
        }
        hosts.forEach(h -> texts.add(h.toString()));
        loopback = settings.development();
    }

    /** Whether this value of the header {@code Host} is one of ours, in whichever case and form it is written. */
    public boolean knows(String host) {
        return texts.contains(host) || Authority.of(host).filter(this::knows).isPresent();
    }

    private boolean knows(Authority host) {
        return hosts.contains(host) || (loopback && host.isLoopback());
    }
}
