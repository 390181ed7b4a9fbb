package io.cashdesk.ground.http;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemResponse;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Authority;
import io.cashdesk.ground.setting.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Answers 421 to a request for a host that is not ours ({@link KnownHosts}), so that no page is shown, and nothing is
 * kept by a cache, under another one's name, and a name that is made to point here (DNS rebinding) reaches nothing. The
 * first filter of all (web.xml), also before files. {@code X-Forwarded-Host} and {@code Forwarded} are not read.
 *
 * <p>Monitoring and providers' notifications are taken under any name: load balancers check a node by its address, and
 * a notification proves itself by its signature. So is everything on the simulator's listener, which is on loopback.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.4">RFC 9110, 7.4 Rejecting Misdirected Requests</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, 3.2 Request Target</a>
 */
public class HostFilter implements Filter {
    /** Compared with the path as it was sent, in which nothing may change its meaning later. */
    private static final Pattern UNDER_ANY_NAME =
            Pattern.compile("/health(/[a-z]*)?/?|/metrics/?|/notify(/(?!\\.)[0-9A-Za-z._~-]+)*/?");

    private static final Pattern AUTHORITY = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)");

    private static final LocalizedText MISSING = new LocalizedText("没有", "none");
    private static final LocalizedText SEVERAL = new LocalizedText("多个", "several");
    private static final LocalizedText OTHER_TEXT = new LocalizedText("其他内容", "another text");

    @Inject
    KnownHosts knownHosts;

    @Inject
    Settings settings;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        var problem = problem(http);
        if (problem.isEmpty() || isForAnyName(http)) chain.doFilter(request, response);
        else ProblemResponse.send(problem.get(), http, (HttpServletResponse) response);
    }

    private Optional<Problem> problem(HttpServletRequest request) {
        var lines = request.getHeaders("Host");
        var host = lines.hasMoreElements() ? lines.nextElement().strip() : "";
        if (lines.hasMoreElements()) return Optional.of(ProblemType.HOST_MALFORMED.with(SEVERAL));
        if (host.isEmpty()) return Optional.of(ProblemType.HOST_MALFORMED.with(MISSING));
        // of an absolute-form target the host counts, and the header is ignored
        var target = AUTHORITY.matcher(request.getRequestURL());
        var meant = target.find() ? target.group(1) : host;
        if (meant.equals(host) && knownHosts.knows(host)) return Optional.empty();
        var named = Authority.of(host).flatMap(wellFormed -> Authority.of(meant));
        if (named.isEmpty()) return Optional.of(ProblemType.HOST_MALFORMED.with(OTHER_TEXT));
        return knownHosts.knows(meant)
                ? Optional.empty()
                : Optional.of(ProblemType.HOST_UNKNOWN.with(named.get().toString()));
    }

    private boolean isForAnyName(HttpServletRequest request) {
        return UNDER_ANY_NAME.matcher(request.getRequestURI()).matches()
                || request.getLocalPort() == settings.simulatorPort();
    }
}
