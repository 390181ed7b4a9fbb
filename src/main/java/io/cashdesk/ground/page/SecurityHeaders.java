package io.cashdesk.ground.page;

import io.cashdesk.ground.setting.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Security headers of every response. Pages get a Content-Security-Policy that allows only this server's own scripts
 * and styles and forbids framing, and are not cached. Files below {@code /assets/} may be cached for one hour.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class SecurityHeaders implements Filter {
    @Inject
    Settings settings;

    /** The checkout page that a form of the demo shop leads to is at the base address, whatever the shop was called. */
    private String policy;

    @Override
    public void init(FilterConfig config) {
        policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "manifest-src 'self'; form-action 'self' " + settings.baseUrl()
                + "; frame-ancestors 'none'; base-uri 'none'";
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var headers = (HttpServletResponse) response;
        headers.setHeader("X-Content-Type-Options", "nosniff");
        var path = ((HttpServletRequest) request).getRequestURI();
        if (path.startsWith("/assets/")) {
            headers.setHeader("Cache-Control", "public, max-age=3600");
        } else if (!path.startsWith("/api/") && !path.startsWith("/notify/")) {
            headers.setHeader("Content-Security-Policy", policy);
            headers.setHeader("X-Frame-Options", "DENY");
            headers.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
            headers.setHeader("Cache-Control", "no-store");
        }
        chain.doFilter(request, response);
    }
}
