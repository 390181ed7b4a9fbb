package io.cashdesk.simulator.alipay;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
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
 * Alipay on the payer's phone, on the public listener: the SDK inside apps, mini-programs, and the login page.
 *
 * <p>The results of a payment on the phone: 9000 paid, 8000 in progress, 4000 failed, 5000 paid before, 6001 given up,
 * 6002 no network, 6004 unknown. They are no proof, and a test may choose one that differs from the truth.
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
    AccountStore accounts;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    TradeOperations operations;

    @Inject
    AlipayTradeStore tradeStore;

    @Inject
    AlipayAnswers answers;

    @Inject
    AlipayLoginStore loginStore;

    @Inject
    AlipayRequestVerifier verifier;

    @Inject
    AlipayTrades alipayTrades;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /**
     * What Alipay's SDK in an app does with the order's text.
     *
     * @param decline if it is not null, the payer gives up
     * @param says the result on the phone of a payment that succeeded
     */
    @POST
    @Path("app")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject app(
            byte[] body, @QueryParam("decline") String decline, @QueryParam("says") @DefaultValue("9000") String says) {
        forPayers();
        known(says);
        try {
            var fields = AlipayRequestVerifier.decoded(new String(body, StandardCharsets.UTF_8));
            var caller = verifier.caller(fields);
            if (!"alipay.trade.app.pay".equals(fields.get("method"))) return result("4000", "不是 APP 支付的订单");
            var content = AlipayRequestVerifier.content(fields);
            log.add(AlipayRequestVerifier.line(
                            caller.seller(), AlipayRules.number(content), Exchange.Way.PAYER, "POST", fields)
                    .verdict(Exchange.Verdict.RIGHT, ""));
            var trade = alipayTrades.make(caller, AlipayProduct.APP, fields, content, AlipayTrades.Decision.NONE);
            if (decline != null) return declined(trade);
            if (!operations.pay(trade)) return result("4000", MEMOS.get("4000"));
            var result = says.equals("9000") ? answers.appResult(caller, trades.get(trade.id())) : "";
            return result(says, MEMOS.get(says), result);
        } catch (AlipayRefusal refused) {
            return refused.subCode.equals("ACQ.TRADE_HAS_SUCCESS")
                    ? result("5000", MEMOS.get("5000"))
                    : result("4000", refused.subCode + " " + refused.getMessage());
        }
    }

    private JsonObject declined(Trade trade) {
        operations.decline(trade);
        return result("6001", MEMOS.get("6001"));
    }

    private static void known(String status) {
        if (!MEMOS.containsKey(status)) throw new BadRequestException("says must be one of " + MEMOS.keySet());
    }

    private static JsonObject result(String status, String memo) {
        return result(status, memo, "");
    }

    private static JsonObject result(String status, String memo, String result) {
        return Json.createObjectBuilder()
                .add("resultStatus", status)
                .add("memo", memo)
                .add("result", result)
                .build();
    }

    /**
     * What {@code my.tradePay({tradeNO})} does. {@code decline}: true if the payer gives up; {@code says} as for apps.
     */
    @POST
    @Path("jsapi")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject miniProgram(byte[] body) {
        forPayers();
        var given = object(body);
        var says = given.getString("says", "9000");
        known(says);
        var trade = trades.byTransactionId(AlipayServer.NAME, given.getString("tradeNO", ""))
                .filter(t -> tradeStore
                        .detail(t.id())
                        .filter(d -> d.product() == AlipayProduct.CREATE)
                        .isPresent());
        if (trade.isEmpty()) return miniProgramResult("4000");
        if (given.getBoolean("decline", false)) {
            operations.decline(trade.get());
            return miniProgramResult("6001");
        }
        return miniProgramResult(operations.pay(trade.get()) ? says : "4000");
    }

    private static JsonObject miniProgramResult(String code) {
        return Json.createObjectBuilder()
                .add("resultCode", code)
                .add("memo", MEMOS.get(code))
                .build();
    }

    private static JsonObject object(byte[] body) {
        try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            throw new BadRequestException("the body is no JSON object");
        }
    }

    /**
     * What {@code my.getAuthCode} does in the mini-program {@code appId}. {@code openIdOnly}: true as in newer
     * mini-programs.
     */
    @POST
    @Path("auth-code")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject authCode(byte[] body) {
        forPayers();
        var given = object(body);
        var appId = given.getString("appId", "");
        if (accounts.byAppId(AlipayServer.NAME, appId).isEmpty()) throw new BadRequestException("no such appId");
        var code = loginStore.create(appId, given.getBoolean("openIdOnly", false));
        return Json.createObjectBuilder().add("authCode", code).build();
    }

    /** The login page. For {@code auth_base} it sends the browser back without a question. */
    @GET
    @Path("oauth2/publicAppAuthorize.htm")
    public Response authorize(
            @QueryParam("app_id") String appId,
            @QueryParam("scope") String scope,
            @QueryParam("redirect_uri") String backTo,
            @QueryParam("state") @DefaultValue("") String state) {
        forPayers();
        var known = appId != null && accounts.byAppId(AlipayServer.NAME, appId).isPresent();
        if (!known || backTo == null || !backTo.matches("https?://\\S+") || !"auth_base".equals(scope)) {
            return Response.status(400)
                    .type(MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                    .entity("授权参数有误")
                    .build();
        }
        var query = "auth_code=" + loginStore.create(appId, false) + "&app_id=" + appId + "&scope=auth_base&state="
                + URLEncoder.encode(state, StandardCharsets.UTF_8);
        return Redirect.outside(URI.create(backTo + (backTo.contains("?") ? "&" : "?") + query))
                .build();
    }

    private void forPayers() {
        if (request.getLocalPort() == settings.simulatorPort()) throw new NotFoundException();
    }
}
