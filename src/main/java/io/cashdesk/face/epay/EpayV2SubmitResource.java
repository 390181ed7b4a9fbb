package io.cashdesk.face.epay;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The page of version 2 of epay, for a payer's browser. */
@RequestScoped
@Path("/epay/api/pay/submit")
@Consumes(MediaType.WILDCARD)
public class EpayV2SubmitResource {
    @Inject
    Verify verify;

    @Inject
    OpenTrade openTrade;

    @Inject
    SubmitPage submitPage;

    @Context
    HttpServletRequest request;

    @GET
    public Response get() {
        return post(new byte[0]);
    }

    @POST
    public Response post(byte[] form) {
        return submitPage.of(
                request, form, parameters -> openTrade.forBrowser(verify.byRsa(parameters), parameters, 2));
    }
}
