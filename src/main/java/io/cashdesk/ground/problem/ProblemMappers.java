package io.cashdesk.ground.problem;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Locale;

/** The one place where a no becomes HTTP. */
final class ProblemMappers {
    private ProblemMappers() {}

    /** The language of {@code msg}: English if the caller names it first, otherwise Chinese. */
    static Locale language(HttpHeaders headers) {
        var wanted = headers.getRequestHeaders().getFirst(HttpHeaders.ACCEPT_LANGUAGE);
        return wanted != null && wanted.strip().toLowerCase(Locale.ROOT).startsWith("en")
                ? Locale.ENGLISH
                : Locale.CHINESE;
    }

    static Response answer(Problem problem, HttpHeaders headers) {
        var response = Response.status(problem.type().status())
                .type("application/problem+json;charset=UTF-8")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(problem.json(language(headers)).toString());
        problem.retryAfter().ifPresent(t -> response.header(HttpHeaders.RETRY_AFTER, Math.max(1, t.toSeconds())));
        if (problem.type().status() == 401) response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return response.build();
    }

    /** Ours: said on purpose. */
    @Provider
    public static class Ours implements ExceptionMapper<Problem> {
        @Context
        HttpHeaders headers;

        @Override
        public Response toResponse(Problem problem) {
            return answer(problem, headers);
        }
    }

    /** JAX-RS's own: no such address, wrong method, wrong content type. */
    @Provider
    public static class Theirs implements ExceptionMapper<WebApplicationException> {
        @Context
        HttpHeaders headers;

        @Context
        UriInfo uri;

        @Context
        Request request;

        @Override
        public Response toResponse(WebApplicationException e) {
            if (e.getResponse().hasEntity()) return e.getResponse();
            if (e instanceof NotFoundException) return answer(ProblemType.NOT_FOUND.with("/" + uri.getPath()), headers);
            if (e instanceof NotAllowedException) return answer(ProblemType.METHOD.with(request.getMethod()), headers);
            if (e instanceof NotSupportedException) {
                return answer(
                        ProblemType.CONTENT_TYPE.with(headers.getHeaderString(HttpHeaders.CONTENT_TYPE)), headers);
            }
            return e.getResponse();
        }
    }

    /** Everything else. */
    @Provider
    public static class Unexpected implements ExceptionMapper<Throwable> {
        @Context
        HttpHeaders headers;

        @Override
        public Response toResponse(Throwable e) {
            return answer(ExceptionTranslator.toProblem(e), headers);
        }
    }
}
