package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.wechat.WechatAnswer;
import io.cashdesk.simulator.wechat.WechatLogin;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
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
    WechatLogin login;

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
        return exchanged(WechatLogin.PAGE, appId, secret, code, grantType);
    }

    @GET
    @Path("jscode2session")
    public Response session(
            @QueryParam("appid") String appId,
            @QueryParam("secret") String secret,
            @QueryParam("js_code") String code,
            @QueryParam("grant_type") String grantType) {
        return exchanged(WechatLogin.MINI_PROGRAM, appId, secret, code, grantType);
    }

    private Response exchanged(String kind, String appId, String secret, String code, String grantType) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        return WechatAnswer.of(() -> login.exchange(kind, appId, secret, code, grantType));
    }
}
