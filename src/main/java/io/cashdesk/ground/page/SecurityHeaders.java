package io.cashdesk.ground.page;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
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
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var headers = (HttpServletResponse) response;
        headers.setHeader("X-Content-Type-Options", "nosniff");
        var path = ((HttpServletRequest) request).getRequestURI();
        if (path.startsWith("/assets/")) {
            headers.setHeader("Cache-Control", "public, max-age=3600");
        } else if (!path.startsWith("/api/") && !path.startsWith("/notify/")) {
            headers.setHeader(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
                            + "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
            headers.setHeader("X-Frame-Options", "DENY");
            headers.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
            headers.setHeader("Cache-Control", "no-store");
        }
        chain.doFilter(request, response);
    }
}
