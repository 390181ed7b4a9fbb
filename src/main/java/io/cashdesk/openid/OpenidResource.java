package io.cashdesk.openid;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.merchant.ApiKeys;
import io.cashdesk.merchant.Authority;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/** The merchant API for payers' openids; the {@code code2Session…} names are those of vk-uni-pay's clients. */
@RequestScoped
@Path("/api/pay")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class OpenidResource {
    @Inject
    ApiKeys keys;

    @Inject
    ExchangeCode exchangeCode;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    private Authority authority() {
        return keys.authority(authorization).secret();
    }

    @POST
    @Path("getOpenid")
    public JsonObject getOpenid(byte[] body) {
        return exchangeCode.getOpenid(authority(), JsonBody.parse(body));
    }

    /** @param wallet which wallet's code, and of which client: each adapter names its own */
    @POST
    @Path("code2Session{wallet}")
    public JsonObject codeToSession(@PathParam("wallet") String wallet, byte[] body) {
        if (!exchangeCode.hasSession(wallet)) throw new NotFoundException();
        return exchangeCode.codeToSession(authority(), JsonBody.parse(body), wallet);
    }
}
