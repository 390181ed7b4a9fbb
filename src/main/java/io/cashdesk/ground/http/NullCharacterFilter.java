package io.cashdesk.ground.http;

import io.cashdesk.ground.problem.ProblemResponse;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Answers 404 to an address with U+0000 ({@code %00}), in path or query. PostgreSQL stores no such character, so there
 * is nothing with such a name, and a query for it fails. The APIs ({@code JsonRequestFilter}, docs/api.md) and the
 * checkout page have answers of their own.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class NullCharacterFilter implements Filter {
    private static final Pattern ANSWERS_ITSELF = Pattern.compile("/(api|http|checkout|q|epay)/.*");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        var address = http.getRequestURI();
        var query = http.getQueryString();
        var named = address.contains("%00") || (query != null && query.contains("%00"));
        if (!named || ANSWERS_ITSELF.matcher(address).matches()) {
            chain.doFilter(request, response);
            return;
        }
        ProblemResponse.send(ProblemType.notFound(address), http, (HttpServletResponse) response);
    }
}
