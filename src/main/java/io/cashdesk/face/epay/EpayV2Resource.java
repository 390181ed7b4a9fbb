package io.cashdesk.face.epay;

import io.cashdesk.ground.problem.AcceptLanguage;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/**
 * Version 2 of epay, but for its page ({@link EpayV2SubmitResource}). Answers are HTTP 200, and {@code code} is 0 if
 * the call succeeded.
 */
@RequestScoped
@Path("/epay/api/{call: .+}")
@Consumes(MediaType.WILDCARD)
public class EpayV2Resource {
    private static final byte[] NO_BODY = {};

    @Inject
    V2Calls calls;

    @Context
    HttpServletRequest request;

    @PathParam("call")
    String call;

    @GET
    public CompletionStage<Response> get() {
        return post(NO_BODY);
    }

    @POST
    public CompletionStage<Response> post(byte[] form) {
        // read here, because the answer may be made on another thread, which has no request
        var locale = AcceptLanguage.locale(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE));
        return calls.of(call, () -> Parameters.of(request.getQueryString(), form, request.getContentType()), locale)
                .thenApply(answer ->
                        Response.ok(answer, MediaType.APPLICATION_JSON_TYPE).build());
    }
}
