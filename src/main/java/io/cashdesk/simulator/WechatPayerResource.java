package io.cashdesk.simulator;

import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * WeChat as the payer's phone sees it, on the public listener: the cashier that pages, mini-programs, apps and browsers open,
 * and the login. The exchange of login codes is the merchant's server's, on the loopback listener.
 */
@RequestScoped
@Path("/simulator/wxpay")
@Consumes(MediaType.WILDCARD)
public class WechatPayerResource {
    private static final String BRIDGE = "get_brand_wcpay_request:";

    @Inject
    WechatWallet wallet;

    @Inject
    WechatLogin login;

    @Inject
    Cashier cashier;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /** An {@code h5_url}: opens the wallet page, or says why not. */
    @GET
    @Path("h5")
    @Produces(MediaType.TEXT_HTML)
    public Response mobilePage(
            @QueryParam("prepay_id") String prepayId,
            @QueryParam("redirect_url") String redirectUrl,
            @HeaderParam("Referer") String referer,
            @HeaderParam("User-Agent") String agent) {
        forPayers();
        try {
            var trade = wallet.open(new WechatWallet.Visit(prepayId, redirectUrl, referer, agent, fromThisMachine()));
            return Response.seeOther(URI.create(
                            "/simulator/wallet?code=" + URLEncoder.encode(trade.code(), StandardCharsets.UTF_8)))
                    .build();
        } catch (WechatWallet.Refused refused) {
            return said(refused.getMessage());
        }
    }

    private boolean fromThisMachine() {
        try {
            return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    /**
     * What {@code WeixinJSBridge} and {@code wx.requestPayment} do with their parameters. Beside them: {@code openid}, who holds
     * the phone, and {@code decline}, true if he does not pay.
     */
    @POST
    @Path("jsapi")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject insideWechat(byte[] body) {
        forPayers();
        try {
            var given = object(body);
            var launch = WechatWallet.inWechat(given);
            var trade = wallet.open(launch, WechatProduct.JSAPI, null, given.getString("openid", ""));
            return paid(trade, given);
        } catch (WechatWallet.Refused refused) {
            return failed(refused.getMessage());
        }
    }

    /** What WeChat's SDK inside an app does with its parameters; {@code decline} as above. */
    @POST
    @Path("app")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject insideAnApp(byte[] body) {
        forPayers();
        try {
            var given = object(body);
            var launch = WechatWallet.inApp(given);
            var trade = wallet.open(launch, WechatProduct.APP, given.getString("partnerid", ""), "");
            return paid(trade, given);
        } catch (WechatWallet.Refused refused) {
            return failed(refused.getMessage());
        }
    }

    private JsonObject paid(Books.Trade trade, JsonObject given) {
        if (given.get("decline") == JsonValue.TRUE) {
            cashier.decline(trade);
            return result("cancel", -2).build();
        }
        return cashier.pay(trade) ? result("ok", 0).build() : failed("订单已支付或已关闭");
    }

    private static JsonObject failed(String why) {
        return result("fail", -1).add("err_desc", why).build();
    }

    /** Both as a page hears it and as an app does. */
    private static JsonObjectBuilder result(String word, int code) {
        return Json.createObjectBuilder().add("err_msg", BRIDGE + word).add("errCode", code);
    }

    private static JsonObject object(byte[] body) {
        try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new WechatWallet.Refused("参数不是 JSON 对象");
        }
    }

    /** The login page: back at once with {@code snsapi_base}, after a choice with {@code snsapi_userinfo}. */
    @GET
    @Path("connect/oauth2/authorize")
    @Produces(MediaType.TEXT_HTML)
    public Response authorize(
            @HeaderParam("User-Agent") String agent,
            @CookieParam("sim-payer") String holder,
            @QueryParam("choice") String choice) {
        forPayers();
        try {
            var asked = login.asked(request.getQueryString(), agent);
            if (asked.silent()) {
                var payer = WechatPayer.named(holder == null ? "" : holder).orElse(WechatPayer.FIRST);
                return to(login.back(asked, payer));
            }
            if ("refuse".equals(choice)) return to(WechatLogin.refused(asked));
            var chosen = WechatPayer.named(choice == null ? "" : choice);
            if (chosen.isPresent()) return to(login.back(asked, chosen.get()));
            var here = request.getRequestURI() + "?" + request.getQueryString() + "&choice=";
            return Response.ok(new View(
                            "simulator/login",
                            Language.of(request),
                            Map.of("appId", asked.appId(), "here", here, "payers", WechatPayer.values())))
                    .build();
        } catch (WechatLogin.Refused refused) {
            return said(refused.getMessage() + (refused.number == 0 ? "" : "，错误码 " + refused.number));
        }
    }

    private static Response to(URI address) {
        return Response.status(Response.Status.FOUND).location(address).build();
    }

    private Response said(String sentence) {
        return Response.ok(new View("simulator/refused", Language.of(request), Map.of("sentence", sentence)))
                .build();
    }

    @GET
    @Path("sns/oauth2/access_token")
    public Response accessToken(
            @QueryParam("appid") String appId,
            @QueryParam("secret") String secret,
            @QueryParam("code") String code,
            @QueryParam("grant_type") String grantType) {
        return exchanged(WechatLogin.PAGE, appId, secret, code, grantType);
    }

    @GET
    @Path("sns/jscode2session")
    public Response session(
            @QueryParam("appid") String appId,
            @QueryParam("secret") String secret,
            @QueryParam("js_code") String code,
            @QueryParam("grant_type") String grantType) {
        return exchanged(WechatLogin.MINI_PROGRAM, appId, secret, code, grantType);
    }

    /** JSON that calls itself text, as WeChat's does; a refusal too is answered with 200. */
    private Response exchanged(String kind, String appId, String secret, String code, String grantType) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        JsonObject answer;
        try {
            answer = login.exchange(kind, appId, secret, code, grantType);
        } catch (WechatLogin.Refused refused) {
            answer = Json.createObjectBuilder()
                    .add("errcode", refused.number)
                    .add("errmsg", refused.getMessage() + ", rid: " + Keys.random("0123456789abcdef", 8))
                    .build();
        }
        return Response.ok(answer.toString(), "text/plain; charset=utf-8").build();
    }

    private void forPayers() {
        if (request.getLocalPort() == settings.simulatorPort()) throw new NotFoundException();
    }
}
