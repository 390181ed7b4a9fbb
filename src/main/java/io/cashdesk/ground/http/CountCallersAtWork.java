package io.cashdesk.ground.http;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Keeps {@link CallersAtWork}; a request that is parked leaves this filter, and does not come back to it. */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class CountCallersAtWork implements Filter {
    @Inject
    CallersAtWork callers;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && http.getRequestURI().startsWith("/simulator/")) {
            chain.doFilter(request, response);
            return;
        }
        callers.begun();
        try {
            chain.doFilter(request, response);
        } finally {
            callers.ended();
        }
    }
}
