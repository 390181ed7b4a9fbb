package io.cashdesk.coin;

import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.ApiKeys;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/** The merchant API for coins; each provider that keeps coins names the folder of its calls. */
@RequestScoped
@Path("/api/pay/{folder: [a-z]+[A-Z][A-Za-z]*}/{call}")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class CoinsResource {
    @Inject
    ApiKeys keys;

    @Inject
    CoinCalls calls;

    @Inject
    Caller caller;

    @Context
    HttpServletRequest request;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @POST
    @Idempotent
    public JsonObject call(@PathParam("folder") String folder, @PathParam("call") String call, byte[] body) {
        var name = folder + '/' + call;
        if (!calls.has(name)) throw new NotFoundException();
        var authority = keys.authority(authorization).secret();
        return calls.of(authority, name, JsonBody.parse(body), caller.address(request));
    }
}
