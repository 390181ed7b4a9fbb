package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.wechat.WechatAnswer;
import io.cashdesk.simulator.wechat.WechatLogin;
import io.cashdesk.simulator.wechat.WechatRefusal;
import io.cashdesk.simulator.wechat.WechatTokens;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.util.concurrent.CompletionStage;

/** What api.weixin.qq.com is for merchants' servers, on the loopback listener alone. */
@RequestScoped
@Path(VirtualServer.PATH)
@Consumes(MediaType.WILDCARD)
public class XpayResource {
    @Inject
    XpayCalls calls;

    @Inject
    VirtualBills bills;

    @Inject
    WechatLogin login;

    @Inject
    WechatTokens tokens;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    @POST
    @Path("xpay/{name: [a-z_]+}")
    public CompletionStage<Response> call(
            @PathParam("name") String name,
            @QueryParam("access_token") String accessToken,
            @QueryParam("pay_sig") String paySig,
            @QueryParam("signature") String signature,
            byte[] body) {
        forServers();
        return calls.answer(XpayCalls.Call.of(name, accessToken, paySig, signature, body));
    }

    @GET
    @Path("xpay/{name: [a-z_]+}")
    public Response callByGet() {
        forServers();
        return postRequired();
    }

    @GET
    @Path("sns/jscode2session")
    public Response session(
            @QueryParam("appid") String appId,
            @QueryParam("secret") String secret,
            @QueryParam("js_code") String code,
            @QueryParam("grant_type") String grantType) {
        forServers();
        return WechatAnswer.of(() -> login.exchange(WechatLogin.MINI_PROGRAM, appId, secret, code, grantType));
    }

    @POST
    @Path("cgi-bin/stable_token")
    public Response token(byte[] bytes) {
        forServers();
        return WechatAnswer.of(() -> {
            var body = object(bytes);
            var grantType = body.getString("grant_type", "");
            if (!grantType.equals("client_credential")) throw new WechatRefusal(40002, "invalid grant_type");
            return tokens.give(
                    body.getString("appid", ""),
                    body.getString("secret", ""),
                    body.get("force_refresh") == JsonValue.TRUE);
        });
    }

    @GET
    @Path("cgi-bin/stable_token")
    public Response tokenByGet() {
        forServers();
        return postRequired();
    }

    private static Response postRequired() {
        return WechatAnswer.of(() -> {
            throw new WechatRefusal(43002, "require POST method");
        });
    }

    private static JsonObject object(byte[] body) {
        try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            throw new WechatRefusal(47001, "data format error");
        }
    }

    /** The file of a bill. */
    @GET
    @Path("bill")
    public Response bill(@QueryParam("token") String token) {
        forServers();
        var content = bills.content(token == null ? "" : token).orElseThrow(NotFoundException::new);
        return Response.ok(content, "text/csv; charset=utf-8").build();
    }

    private void forServers() {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
    }
}
