package io.cashdesk.payment;

import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.ApiKeys;
import io.cashdesk.merchant.Authority;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The merchant API for payments: JSON in, JSON out, a secret key in the Authorization header. */
@RequestScoped
@Path("/api/pay")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class PaymentsResource {
    @Inject
    ApiKeys keys;

    @Inject
    CreatePayment createPayment;

    @Inject
    QueryPayment queryPayment;

    @Inject
    VerifyReceipt verifyReceipt;

    @Inject
    CreateCheckout createCheckout;

    @Inject
    ClosePayment closePayment;

    @Inject
    ClientErrorTexts clientErrors;

    @Inject
    Caller caller;

    @Context
    HttpServletRequest request;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @POST
    @Idempotent
    @Path("createPayment")
    public CompletionStage<JsonObject> createPayment(byte[] body) {
        Authority authority = keys.authority(authorization).secret();
        return createPayment.of(authority, JsonBody.parse(body), caller.address(request));
    }

    @POST
    @Path("queryPayment")
    public CompletionStage<JsonObject> queryPayment(byte[] body) {
        Authority authority = keys.authority(authorization).secret();
        return queryPayment.of(authority, JsonBody.parse(body));
    }

    /** What an app has bought in a provider's own store. Needs no Idempotency-Key: a purchase pays once. */
    @POST
    @Path("verifyReceipt")
    public CompletionStage<JsonObject> verifyReceipt(byte[] body) {
        Authority authority = keys.authority(authorization).secret();
        return verifyReceipt.of(
                authority, Optional.empty(), JsonBody.parse(body, JsonBody.RECEIPT_LIMIT), caller.address(request));
    }

    /** Needs no key: it says nothing of a merchant. */
    @GET
    @Path("clientErrors")
    @Consumes(MediaType.WILDCARD)
    public JsonObject clientErrors(@QueryParam("provider") String provider) {
        return clientErrors.of(provider);
    }

    @POST
    @Idempotent
    @Path("closePayment")
    public JsonObject closePayment(byte[] body) {
        Authority authority = keys.authority(authorization);
        return closePayment.of(authority, JsonBody.parse(body));
    }

    @POST
    @Idempotent
    @Path("createCheckout")
    public JsonObject createCheckout(byte[] body) {
        Authority authority = keys.authority(authorization);
        return createCheckout.of(authority, JsonBody.parse(body));
    }
}
