package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.WalletResource;
import io.cashdesk.simulator.wechat.WechatPayer;
import io.cashdesk.simulator.wechat.WechatRefusal;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * WeChat on the payer's phone, on the public listener: payments that pages, mini-programs and apps open, and the login
 * page.
 */
@RequestScoped
@Path("/simulator/wxpay")
@Consumes(MediaType.WILDCARD)
public class WxpayPayerResource {
    private static final String BRIDGE = "get_brand_wcpay_request:";

    @Inject
    TradeOperations operations;

    @Inject
    WxpayWallet wallet;

    @Inject
    WxpayLogin login;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    @Context
    HttpServletRequest request;

    /** An {@code h5_url}: leads to the wallet page, or shows why it does not. */
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
            var trade = wallet.open(new WxpayWallet.Visit(prepayId, redirectUrl, referer, agent, fromThisMachine()));
            return Redirect.inside(WalletResource.page(trade)).build();
        } catch (WxpayWallet.Refused refused) {
            return refusedPage(refused.getMessage());
        }
    }

    /** Method and path of this request. */
    private String what() {
        return request.getMethod() + " " + request.getRequestURI();
    }

    private boolean fromThisMachine() {
        try {
            return InetAddress.getByName(caller.address(request)).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    /**
     * What {@code WeixinJSBridge} and {@code wx.requestPayment} do with their parameters. Two more parameters are the
     * tester's: {@code openid} of the payer who holds the phone, and {@code decline}, true if the payer does not pay.
     */
    @POST
    @Path("jsapi")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject insideWechat(byte[] body) {
        forPayers();
        try {
            var given = object(body);
            var launch = WxpayLaunch.inWechat(given, wallet.otherSignTypes());
            var trade = wallet.open(launch, WxpayProduct.JSAPI, null, given.getString("openid", ""), what());
            return paid(trade, given);
        } catch (WxpayWallet.Refused refused) {
            return failed(refused.getMessage());
        }
    }

    /**
     * The wallet page for the parameters of {@code getBrandWCPayRequest}, for a browser that calls itself WeChat's and
     * has no {@code WeixinJSBridge}; checks them as {@link #insideWechat} does.
     *
     * @param parameters JSON
     * @param back the path of this server's page to which the wallet page leads back
     */
    @GET
    @Path("launch")
    @Produces(MediaType.TEXT_HTML)
    public Response launch(
            @QueryParam("parameters") @DefaultValue("") String parameters,
            @QueryParam("back") @DefaultValue("") String back) {
        forPayers();
        try {
            var given = object(parameters.getBytes(StandardCharsets.UTF_8));
            var launch = WxpayLaunch.inWechat(given, wallet.otherSignTypes());
            var trade = wallet.open(launch, WxpayProduct.JSAPI, null, "", what());
            if (back.matches("/checkout/[^/\\\\?#]+/back")) wallet.leadBack(trade, settings.baseUrl() + back);
            return Redirect.inside(WalletResource.page(trade)).build();
        } catch (WxpayWallet.Refused refused) {
            return refusedPage(refused.getMessage());
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
            var launch = WxpayLaunch.inApp(given);
            var trade = wallet.open(launch, WxpayProduct.APP, given.getString("partnerid", ""), "", what());
            return paid(trade, given);
        } catch (WxpayWallet.Refused refused) {
            return failed(refused.getMessage());
        }
    }

    private JsonObject paid(Trade trade, JsonObject given) {
        if (given.get("decline") == JsonValue.TRUE) {
            operations.decline(trade);
            return result("cancel", -2).build();
        }
        return operations.pay(trade) ? result("ok", 0).build() : failed("订单已支付或已关闭");
    }

    private static JsonObject failed(String why) {
        return result("fail", -1).add("err_desc", why).build();
    }

    /** The result of a payment, with the fields of pages ({@code err_msg}) and of apps ({@code errCode}). */
    private static JsonObjectBuilder result(String result, int code) {
        return Json.createObjectBuilder().add("err_msg", BRIDGE + result).add("errCode", code);
    }

    private static JsonObject object(byte[] body) {
        try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            throw new WxpayWallet.Refused("参数不是 JSON 对象");
        }
    }

    /**
     * The login page. It sends the browser back at once for {@code snsapi_base}, after a choice for
     * {@code snsapi_userinfo}.
     */
    @GET
    @Path("connect/oauth2/authorize")
    @Produces(MediaType.TEXT_HTML)
    public Response authorize(
            @HeaderParam("User-Agent") String agent,
            @CookieParam("sim-payer") String holder,
            @QueryParam("choice") String choice) {
        forPayers();
        try {
            var loginRequest = login.read(request.getQueryString(), agent);
            if (loginRequest.silent()) {
                var payer = WechatPayer.named(holder == null ? "" : holder).orElse(WechatPayer.FIRST);
                return to(login.back(loginRequest, payer));
            }
            if ("refuse".equals(choice)) return to(WxpayLogin.refused(loginRequest));
            var chosen = WechatPayer.named(choice == null ? "" : choice);
            if (chosen.isPresent()) return to(login.back(loginRequest, chosen.get()));
            var here = request.getRequestURI() + "?" + request.getQueryString() + "&choice=";
            return Response.ok(new View(
                            "simulator/wxpay/login",
                            Language.of(request),
                            Map.of("appId", loginRequest.appId(), "here", here, "payers", WechatPayer.values())))
                    .build();
        } catch (WechatRefusal refused) {
            return refusedPage(refused.getMessage() + (refused.errcode() == 0 ? "" : "，错误码 " + refused.errcode()));
        }
    }

    private static Response to(URI address) {
        return Response.status(Response.Status.FOUND)
                .header(HttpHeaders.LOCATION, address.toString())
                .build();
    }

    private Response refusedPage(String sentence) {
        return Response.ok(new View("simulator/wxpay/refused", Language.of(request), Map.of("sentence", sentence)))
                .build();
    }

    private void forPayers() {
        if (request.getLocalPort() == settings.simulatorPort()) throw new NotFoundException();
    }
}
