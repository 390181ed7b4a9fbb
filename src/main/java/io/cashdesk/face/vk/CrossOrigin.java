package io.cashdesk.face.vk;

import io.cashdesk.ground.problem.ExceptionTranslator;
import io.cashdesk.ground.signing.Digest;
import io.cashdesk.merchant.PublishableKeys;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Lets pages on the merchant's own sites call with a publishable key: the headers of CORS (the Fetch standard, "CORS
 * protocol"). A servlet filter, because the container's own errors must have them too, otherwise the page cannot read
 * them. Requests with a secret key have none: no page may have one.
 *
 * <p>CORS protects no data here, because anybody can call without a browser; it names the sites that use the key. No
 * credentials are allowed: the key in the path is all that such a call needs.
 */
@WebFilter(urlPatterns = "/http/vk-pay/*", asyncSupported = true)
public class CrossOrigin implements Filter {
    private static final Logger LOG = Logger.getLogger(CrossOrigin.class);
    private static final String PATH = "/http/vk-pay/";

    /** What uni-app's clients and usual HTTP libraries in pages send; Content-Type alone needs a preflight. */
    private static final String REQUEST_HEADERS =
            "Accept, Accept-Language, Content-Language, Content-Type, Idempotency-Key, X-Requested-With";

    /** In seconds; browsers take two hours at most. */
    private static final String PREFLIGHT_IS_VALID = "600";

    private static final int REMEMBERED = 10_000;

    @Inject
    PublishableKeys keys;

    /** Hashes of key and origin. */
    private final Set<String> allowedBefore = ConcurrentHashMap.newKeySet();

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        var request = (HttpServletRequest) servletRequest;
        var response = (HttpServletResponse) servletResponse;
        var path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        var key = path.startsWith(PATH) ? path.substring(PATH.length()).replaceFirst("/$", "") : "";
        if (key.isEmpty() || key.indexOf('/') >= 0) {
            chain.doFilter(request, response);
            return;
        }
        response.addHeader("Vary", "Origin");
        var origin = request.getHeader("Origin");
        var allowed = origin != null && isAllowed(key, origin);
        if (allowed) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Expose-Headers", "Retry-After");
        }
        if (!request.getMethod().equals("OPTIONS")) {
            chain.doFilter(request, response);
            return;
        }
        response.addHeader("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
        response.setHeader("Allow", "POST, OPTIONS");
        if (allowed) {
            response.setHeader("Access-Control-Allow-Methods", "POST");
            response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
            response.setHeader("Access-Control-Max-Age", PREFLIGHT_IS_VALID);
        }
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    /** What was allowed before is allowed while the database cannot be used, so that pages can read that it cannot. */
    private boolean isAllowed(String key, String origin) {
        var page = Digest.sha256(key + ' ' + origin);
        try {
            if (!keys.callableFrom(key, origin)) {
                allowedBefore.remove(page);
                return false;
            }
            if (allowedBefore.size() >= REMEMBERED) allowedBefore.clear();
            allowedBefore.add(page);
            return true;
        } catch (RuntimeException e) {
            var why = ExceptionTranslator.toProblem(e).getMessage();
            LOG.warnf("The origins of a publishable key cannot be read, those of earlier calls hold: %s", why);
            return allowedBefore.contains(page);
        }
    }
}
