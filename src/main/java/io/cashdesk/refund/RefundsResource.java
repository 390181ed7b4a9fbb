package io.cashdesk.refund;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.ApiKeys;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/** The merchant API for refunds. */
@RequestScoped
@Path("/api/pay")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class RefundsResource {
    @Inject
    ApiKeys keys;

    @Inject
    RefundCalls calls;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @POST
    @Idempotent
    @Path("refund")
    public JsonObject refund(byte[] body) {
        return calls.refund(keys.authority(authorization), JsonBody.parse(body));
    }

    @POST
    @Path("queryRefund")
    public JsonObject queryRefund(byte[] body) {
        return calls.queryRefund(keys.authority(authorization), JsonBody.parse(body));
    }
}
