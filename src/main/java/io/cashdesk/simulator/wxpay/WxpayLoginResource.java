package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.RandomText;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/** The exchange of login codes by the merchant's server, on the loopback listener alone. */
@RequestScoped
@Path("/simulator/wxpay/sns")
public class WxpayLoginResource {
    @Inject
    WxpayLogin login;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    @GET
    @Path("oauth2/access_token")
    public Response accessToken(
            @QueryParam("appid") String appId,
            @QueryParam("secret") String secret,
            @QueryParam("code") String code,
            @QueryParam("grant_type") String grantType) {
        return exchanged(WxpayLogin.PAGE, appId, secret, code, grantType);
    }

    @GET
    @Path("jscode2session")
    public Response session(
            @QueryParam("appid") String appId,
            @QueryParam("secret") String secret,
            @QueryParam("js_code") String code,
            @QueryParam("grant_type") String grantType) {
        return exchanged(WxpayLogin.MINI_PROGRAM, appId, secret, code, grantType);
    }

    /** JSON with the content type of a text, as WeChat sends it. A refusal has the status 200 too. */
    private Response exchanged(String kind, String appId, String secret, String code, String grantType) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        JsonObject answer;
        try {
            answer = login.exchange(kind, appId, secret, code, grantType);
        } catch (WxpayLogin.Refused refused) {
            answer = Json.createObjectBuilder()
                    .add("errcode", refused.number)
                    .add("errmsg", refused.getMessage() + ", rid: " + RandomText.hex(8))
                    .build();
        }
        return Response.ok(answer.toString(), "text/plain; charset=utf-8").build();
    }
}
