package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
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
import java.util.Map;

/**
 * Alipay as the payer's phone sees it, on the public listener: the SDK inside apps, mini-programs, and the login.
 *
 * <p>What the phone says of a payment: 9000 paid, 8000 in work, 4000 failed, 5000 asked for twice, 6001 given up, 6002 no network,
 * 6004 unknown. It is only a hint, and a test may choose one that differs from the truth.
 */
@RequestScoped
@Path("/simulator/alipay")
@Consumes(MediaType.WILDCARD)
public class AlipayPayerResource {
    private static final Map<String, String> MEMOS = Map.of(
            "9000", "",
            "8000", "正在处理中",
            "4000", "订单支付失败",
            "5000", "重复请求",
            "6001", "用户中途取消",
            "6002", "网络连接出错",
            "6004", "支付结果未知");

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

    /**
     * What Alipay's SDK in an app does with the order's text.
     *
     * @param decline if it is there, the payer gives up
     * @param says what the phone says of a payment that has gone well
     */
    @POST
    @Path("app")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject app(
            byte[] body, @QueryParam("decline") String decline, @QueryParam("says") @DefaultValue("9000") String says) {
        forPayers();
        known(says);
        try {
            var fields = AlipayGate.decoded(new String(body, StandardCharsets.UTF_8));
            var caller = gate.caller(fields);
            if (!"alipay.trade.app.pay".equals(fields.get("method"))) return said("4000", "不是 APP 支付的订单");
            var content = AlipayGate.content(fields);
            books.log(AlipayRules.number(content), "←", "alipay.trade.app.pay", "signature right", content.toString());
            var trade = trades.make(caller, AlipayProduct.APP, fields, content, AlipayTrades.Decision.NONE);
            if (decline != null) return declined(trade);
            if (!cashier.pay(trade)) return said("4000", MEMOS.get("4000"));
            var result = says.equals("9000") ? gate.appResult(caller, books.trade(trade.id())) : "";
            return said(says, MEMOS.get(says), result);
        } catch (AlipayRules.Refused refused) {
            return refused.subCode.equals("ACQ.TRADE_HAS_SUCCESS")
                    ? said("5000", MEMOS.get("5000"))
                    : said("4000", refused.subCode + " " + refused.getMessage());
        }
    }

    private JsonObject declined(Books.Trade trade) {
        cashier.decline(trade);
        return said("6001", MEMOS.get("6001"));
    }

    private static void known(String status) {
        if (!MEMOS.containsKey(status)) throw new BadRequestException("says must be one of " + MEMOS.keySet());
    }

    private static JsonObject said(String status, String memo) {
        return said(status, memo, "");
    }

    private static JsonObject said(String status, String memo, String result) {
        return Json.createObjectBuilder()
                .add("resultStatus", status)
                .add("memo", memo)
                .add("result", result)
                .build();
    }

    /** {@code my.tradePay({tradeNO})}; {@code decline}: true, if the payer gives up; {@code says} as for apps. */
    @POST
    @Path("jsapi")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject miniProgram(byte[] body) {
        forPayers();
        var given = object(body);
        var says = given.getString("says", "9000");
        known(says);
        var trade = books.tradeByNumberOfProvider("alipay", given.getString("tradeNO", ""))
                .filter(t -> alipay.detail(t.id())
                        .filter(d -> d.product() == AlipayProduct.CREATE)
                        .isPresent());
        if (trade.isEmpty()) return result("4000");
        if (given.getBoolean("decline", false)) {
            cashier.decline(trade.get());
            return result("6001");
        }
        return result(cashier.pay(trade.get()) ? says : "4000");
    }

    private static JsonObject result(String code) {
        return Json.createObjectBuilder()
                .add("resultCode", code)
                .add("memo", MEMOS.get(code))
                .build();
    }

    private static JsonObject object(byte[] body) {
        try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new BadRequestException("the body is no JSON object");
        }
    }

    /** {@code my.getAuthCode} in the mini-program {@code appId}; {@code openIdOnly}: true, as for newer ones. */
    @POST
    @Path("auth-code")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject authCode(byte[] body) {
        forPayers();
        var given = object(body);
        var appId = given.getString("appId", "");
        if (books.accountByAppId("alipay", appId).isEmpty()) throw new BadRequestException("no such appId");
        var code = alipay.newLogin(appId, given.getBoolean("openIdOnly", false));
        return Json.createObjectBuilder().add("authCode", code).build();
    }

    /** The login page, which asks nobody anything for {@code auth_base}. */
    @GET
    @Path("oauth2/publicAppAuthorize.htm")
    public Response authorize(
            @QueryParam("app_id") String appId,
            @QueryParam("scope") String scope,
            @QueryParam("redirect_uri") String backTo,
            @QueryParam("state") @DefaultValue("") String state) {
        forPayers();
        var known = appId != null && books.accountByAppId("alipay", appId).isPresent();
        if (!known || backTo == null || !backTo.matches("https?://\\S+") || !"auth_base".equals(scope)) {
            return Response.status(400)
                    .type(MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                    .entity("授权参数有误")
                    .build();
        }
        var query = "auth_code=" + alipay.newLogin(appId, false) + "&app_id=" + appId + "&scope=auth_base&state="
                + URLEncoder.encode(state, StandardCharsets.UTF_8);
        return Response.seeOther(URI.create(backTo + (backTo.contains("?") ? "&" : "?") + query))
                .build();
    }

    private void forPayers() {
        if (request.getLocalPort() == settings.simulatorPort()) throw new NotFoundException();
    }
}
