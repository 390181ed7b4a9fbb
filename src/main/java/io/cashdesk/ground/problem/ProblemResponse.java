package io.cashdesk.ground.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;

/** Answers a request with a problem where JAX-RS is not reached: in a servlet filter. */
public final class ProblemResponse {
    private ProblemResponse() {}

    /** Two lines of text, Chinese and English, for a browser that asks for a page; otherwise JSON as in RFC 9457. */
    public static void send(Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setStatus(problem.type().status());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setCharacterEncoding("UTF-8");
        var accept = request.getHeader("Accept");
        if (accept != null && accept.contains("text/html")) {
            response.setContentType("text/plain");
            response.getWriter().write(problem.message(Locale.CHINESE) + "\n" + problem.message(Locale.ENGLISH) + "\n");
        } else {
            response.setContentType("application/problem+json");
            response.getWriter()
                    .write(problem.json(ProblemMappers.language(request.getHeader("Accept-Language")))
                            .toString());
        }
    }
}
