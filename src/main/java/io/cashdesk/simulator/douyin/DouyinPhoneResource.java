package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A mini-program inside Douyin on the payer's phone, on the public listener: its calls, and a page that plays it. */
@RequestScoped
@Path(DouyinServer.PATH)
public class DouyinPhoneResource {
    private static final long LARGEST = 10_000_000_000L;
    private static final Set<Long> WAYS = Set.of(1L, 2L, 10L);

    @Inject
    DouyinPhone phone;

    @Inject
    DouyinPage page;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    // the calls

    /** {@code tt.requestOrder}. */
    @POST
    @Path("requestOrder")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject requestOrder(byte[] bytes) {
        forPayers();
        return requested(JsonBody.parse(bytes).only("data", "byteAuthorization").json());
    }

    private JsonObject requested(JsonObject arguments) {
        try {
            var order = phone.requestOrder(text(arguments, "data"), text(arguments, "byteAuthorization"));
            return Json.createObjectBuilder()
                    .add("errMsg", "requestOrder:ok")
                    .add("orderId", order.trade().transactionId())
                    .build();
        } catch (DouyinRefusal refused) {
            return Json.createObjectBuilder()
                    .add("errMsg", "requestOrder:fail " + refused.getMessage())
                    .add("errNo", refused.errNo)
                    .build();
        }
    }

    private static String text(JsonObject body, String name) {
        if (body.get(name) instanceof JsonString text && !text.getString().isEmpty()) return text.getString();
        throw new DouyinRefusal(DouyinRefusal.CLIENT_PARAMETER, name + " 应为文本");
    }

    /**
     * {@code tt.pay} with {@code order_id} and {@code order_token}, {@code tt.getOrderPayment} with {@code orderId}.
     * Two more are the tester's: {@code outcome} and {@code way}.
     */
    @POST
    @Path("pay")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject pay(byte[] bytes) {
        forPayers();
        var body = JsonBody.parse(bytes).only("order_id", "order_token", "orderId", "outcome", "way");
        var outcome = DouyinOutcome.of(body.text("outcome", 16).orElse("pay"))
                .orElseThrow(() -> body.malformed("outcome", LocalizedText.oneOf(DouyinOutcome.texts())));
        var way = body.whole("way").orElse(0L);
        if (body.has("way") && !WAYS.contains(way)) {
            throw body.malformed("way", LocalizedText.oneOf(List.of("1", "2", "10")));
        }
        var played = played(body.json(), outcome, way.intValue());
        return Json.createObjectBuilder()
                .add("errMsg", played.errMsg())
                .add("code", played.code())
                .build();
    }

    private DouyinPage.Played played(JsonObject arguments, DouyinOutcome outcome, int way) {
        var ofTrade = arguments.containsKey("orderId");
        var name = ofTrade ? "getOrderPayment:" : "pay:";
        try {
            var order = ofTrade
                    ? phone.ofTrade(text(arguments, "orderId"))
                    : phone.ofEcpay(text(arguments, "order_id"), text(arguments, "order_token"));
            var code = phone.pay(order, outcome, way);
            return new DouyinPage.Played(
                    code,
                    name + (code == DouyinOutcome.PAID ? "ok" : "fail"),
                    order.trade().transactionId());
        } catch (DouyinRefusal refused) {
            return new DouyinPage.Played(DouyinOutcome.FAIL.code(), name + "fail " + refused.getMessage(), "");
        }
    }

    /** A payer requests a refund of a paid order of the general trade system; {@code amount} in fen, otherwise all. */
    @POST
    @Path("refundRequest")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject refundRequest(byte[] bytes) {
        forPayers();
        var body = JsonBody.parse(bytes).only("order_id", "amount", "reason");
        var amount = body.whole("amount").orElse(0L);
        if (body.has("amount") && (amount < 1 || amount > LARGEST)) {
            throw body.malformed("amount", "大于 0 的整数，单位分", "a whole number of fen, more than 0");
        }
        try {
            var refund = phone.requestRefund(
                    body.requiredText("order_id", 64),
                    amount,
                    body.text("reason", 100).orElse(""));
            return Json.createObjectBuilder()
                    .add("code", 0)
                    .add("refund_id", refund.refundNo())
                    .build();
        } catch (DouyinRefusal refused) {
            return Json.createObjectBuilder()
                    .add("code", refused.errNo)
                    .add("msg", refused.getMessage())
                    .build();
        }
    }

    // the page

    /**
     * The page.
     *
     * @param order Douyin's number of an order that exists, which the page then shows
     * @param parameters JSON of createPayment's answer or of its {@code orderInfo}
     */
    @GET
    @Path("mini-program")
    @Produces(MediaType.TEXT_HTML)
    public Response miniProgram(
            @QueryParam("order") @DefaultValue("") String order,
            @QueryParam("parameters") @DefaultValue("") String parameters) {
        forPayers();
        return shown(new DouyinPage.Phone(order.strip(), parameters), Optional.empty(), "");
    }

    /** {@code tt.pay}, or {@code tt.requestOrder} and {@code tt.getOrderPayment}, with pasted parameters. */
    @POST
    @Path("mini-program/pay")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public Response pay(
            @FormParam("parameters") @DefaultValue("") String parameters,
            @FormParam("way") @DefaultValue("") String way,
            @FormParam("outcome") @DefaultValue("pay") String outcome) {
        forPayers();
        var arguments = arguments(parameters);
        var chosen = DouyinOutcome.of(outcome).orElse(DouyinOutcome.PAY);
        var number = way.matches("1|2|10") ? Integer.parseInt(way) : 0;
        var played = arguments.containsKey("byteAuthorization")
                ? requestedAndPlayed(arguments, chosen, number)
                : played(arguments, chosen, number);
        return shown(new DouyinPage.Phone(played.orderId(), parameters), Optional.of(played), "");
    }

    private DouyinPage.Played requestedAndPlayed(JsonObject arguments, DouyinOutcome outcome, int way) {
        var requested = requested(arguments);
        if (!requested.containsKey("orderId")) {
            return new DouyinPage.Played(requested.getInt("errNo"), requested.getString("errMsg"), "");
        }
        return played(requested, outcome, way);
    }

    /** The payer requests a refund; shows the order with what came of it. */
    @POST
    @Path("mini-program/refund")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public Response refund(
            @FormParam("order") @DefaultValue("") String order,
            @FormParam("amount") @DefaultValue("") String yuan,
            @FormParam("reason") @DefaultValue("") String reason) {
        forPayers();
        return shown(new DouyinPage.Phone(order, ""), Optional.empty(), requested(order, yuan.strip(), reason.strip()));
    }

    /** REQUESTED, or the platform's text of the refusal. */
    private String requested(String order, String yuan, String reason) {
        try {
            if (!yuan.isEmpty() && !yuan.matches("[0-9]{1,8}(\\.[0-9]{1,2})?")) {
                throw new DouyinRefusal(DouyinRefusal.CLIENT_PARAMETER, "退款金额应为元，最多两位小数");
            }
            var fen =
                    yuan.isEmpty() ? 0 : new BigDecimal(yuan).movePointRight(2).longValueExact();
            if (!yuan.isEmpty() && fen == 0) throw new DouyinRefusal(DouyinRefusal.CLIENT_PARAMETER, "退款金额应大于 0");
            phone.requestRefund(order, fen, reason.length() > 100 ? reason.substring(0, 100) : reason);
            return DouyinPage.REQUESTED;
        } catch (DouyinRefusal refused) {
            return refused.getMessage();
        }
    }

    /** The arguments among what was pasted: the whole answer of createPayment, its orderInfo, or the object itself. */
    static JsonObject arguments(String pasted) {
        try (var reader = Json.createReader(new StringReader(pasted))) {
            var object = reader.readObject();
            return object.get("orderInfo") instanceof JsonObject inside ? inside : object;
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            return JsonObject.EMPTY_JSON_OBJECT;
        }
    }

    private Response shown(DouyinPage.Phone of, Optional<DouyinPage.Played> played, String refund) {
        var language = Language.of(request);
        var response = Response.ok(
                new View("simulator/douyin/mini-program", language, page.model(of, played, refund, language)));
        // of a POST, getParameter would consume the body
        var switched = request.getMethod().equals("GET") && request.getParameter(Language.NAME) != null;
        return !switched
                ? response.build()
                : response.cookie(Language.remember(language, settings.isHttps()))
                        .build();
    }

    private void forPayers() {
        if (request.getLocalPort() == settings.simulatorPort()) throw new NotFoundException();
    }
}
