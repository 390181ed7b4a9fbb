package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Alipay as the payer's phone sees it, on the public listener: the app's SDK, mini-programs, and the login. */
@RequestScoped
@Path("/simulator/alipay")
@Consumes(MediaType.WILDCARD)
public class AlipayPayerResource {
    @Inject
    AlipayGate gate;

    @Inject
    AlipayBooks alipay;

    @Inject
    AlipayTrades trades;

    @Inject
    Books books;

    @Inject
    Cashier cashier;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /** What Alipay's SDK in an app does with the order's text; {@code decline} in the query: the payer gives up. */
    @POST
    @Path("app")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject app(byte[] body, @QueryParam("decline") String decline) {
        forPayers();
        try {
            var fields = AlipayGate.decoded(new String(body, StandardCharsets.UTF_8));
            var account = gate.caller(fields);
            if (!"alipay.trade.app.pay".equals(fields.get("method"))) return said("4000", "不是 APP 支付的订单");
            var content = AlipayGate.content(fields);
            if (decline != null) return said("6001", "用户中途取消");
            var trade = trades.make(account, "app.pay", fields, content, AlipayTrades.Detailed.NONE);
            return cashier.pay(trade) ? said("9000", "") : said("4000", "订单支付失败");
        } catch (AlipayRules.Refused refused) {
            return said("4000", refused.subCode + " " + refused.getMessage());
        }
    }

    private static JsonObject said(String status, String memo) {
        return Json.createObjectBuilder()
                .add("resultStatus", status)
                .add("memo", memo)
                .build();
    }

    /** {@code my.tradePay({tradeNO})}; {@code decline}: true, if the payer gives up. */
    @POST
    @Path("jsapi")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject miniProgram(byte[] body) {
        forPayers();
        JsonObject given;
        try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
            given = reader.readObject();
        } catch (JsonException e) {
            return result("4000");
        }
        if (given.getBoolean("decline", false)) return result("6001");
        return books.tradeByNumberOfProvider("alipay", given.getString("tradeNO", ""))
                .filter(cashier::pay)
                .map(t -> result("9000"))
                .orElseGet(() -> result("4000"));
    }

    private static JsonObject result(String code) {
        return Json.createObjectBuilder().add("resultCode", code).build();
    }

    /** The login page, which asks nobody anything for {@code auth_base}. */
    @GET
    @Path("oauth2/publicAppAuthorize.htm")
    public Response authorize(
            @QueryParam("app_id") String appId,
            @QueryParam("scope") String scope,
            @QueryParam("redirect_uri") String backTo,
            @QueryParam("state") String state) {
        forPayers();
        var known = appId != null && books.accountByAppId("alipay", appId).isPresent();
        if (!known || backTo == null || !"auth_base".equals(scope)) {
            return Response.status(400)
                    .type(MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                    .entity("授权参数有误")
                    .build();
        }
        var query = "auth_code=" + alipay.newLogin(appId) + "&app_id=" + appId + "&scope=auth_base&state="
                + URLEncoder.encode(state == null ? "" : state, StandardCharsets.UTF_8);
        return Response.seeOther(URI.create(backTo + (backTo.contains("?") ? "&" : "?") + query))
                .build();
    }

    private void forPayers() {
        if (request.getLocalPort() == settings.simulatorPort()) throw new NotFoundException();
    }
}
