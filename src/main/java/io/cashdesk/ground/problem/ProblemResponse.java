package io.cashdesk.ground.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Answers a request with a problem where JAX-RS is not reached: in a servlet filter. */
public final class ProblemResponse {
    private ProblemResponse() {}

    /** Addresses that always answer with JSON, whatever the header Accept says. */
    private static final Pattern API = Pattern.compile("/+(api|http)(/.*)?");

    /**
     * JSON as in RFC 9457; outside of the APIs two lines of text, Chinese and English, for a caller that accepts HTML,
     * as browsers do.
     */
    public static void send(Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setStatus(problem.type().status());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setCharacterEncoding("UTF-8");
        var accept = request.getHeader("Accept");
        if (accept != null
                && accept.contains("text/html")
                && !API.matcher(request.getRequestURI()).matches()) {
            response.setContentType("text/plain");
            response.getWriter().write(problem.message(Locale.CHINESE) + "\n" + problem.message(Locale.ENGLISH) + "\n");
        } else {
            response.setContentType("application/problem+json");
            response.getWriter()
                    .write(problem.json(AcceptLanguage.locale(request.getHeader("Accept-Language")))
                            .toString());
        }
    }
}
