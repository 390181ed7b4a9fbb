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

/** JAX-RS exception mappers: turn problems and all other exceptions into HTTP responses. */
final class ProblemMappers {
    private ProblemMappers() {}

    private static Locale language(HttpHeaders headers) {
        return AcceptLanguage.locale(headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE));
    }

    static Response response(Problem problem, HttpHeaders headers) {
        var response = Response.status(problem.type().status())
                .type("application/problem+json;charset=UTF-8")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(problem.json(language(headers)).toString());
        problem.retryAfter().ifPresent(t -> response.header(HttpHeaders.RETRY_AFTER, Math.max(1, t.toSeconds())));
        if (problem.type().status() == 401) response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return response.build();
    }

    /** For problems that Cashdesk's code threw. */
    @Provider
    public static class ProblemMapper implements ExceptionMapper<Problem> {
        @Context
        HttpHeaders headers;

        @Override
        public Response toResponse(Problem problem) {
            return response(problem, headers);
        }
    }

    /** For exceptions of JAX-RS: unknown path, wrong method, wrong content type. */
    @Provider
    public static class JaxRsMapper implements ExceptionMapper<WebApplicationException> {
        @Context
        HttpHeaders headers;

        @Context
        UriInfo uri;

        @Context
        Request request;

        @Override
        public Response toResponse(WebApplicationException e) {
            if (e.getResponse().hasEntity()) return e.getResponse();
            if (e instanceof NotFoundException) {
                return response(ProblemType.notFound(uri.getPath()), headers);
            }
            if (e instanceof NotAllowedException)
                return response(ProblemType.METHOD.with(request.getMethod()), headers);
            if (e instanceof NotSupportedException) {
                var sent = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
                return response(ProblemType.contentType(sent), headers);
            }
            return e.getResponse();
        }
    }

    /** For all other exceptions. */
    @Provider
    public static class UnexpectedMapper implements ExceptionMapper<Throwable> {
        @Context
        HttpHeaders headers;

        @Override
        public Response toResponse(Throwable e) {
            return response(ExceptionTranslator.toProblem(e), headers);
        }
    }
}
