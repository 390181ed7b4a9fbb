package io.cashdesk.face.epay;

import io.cashdesk.ground.problem.AcceptLanguage;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Version 1 of epay. Answers are HTTP 200; {@code code} is 1 if the call succeeded. A browser that is refused gets a
 * page.
 */
@RequestScoped
@Path("/epay")
@Consumes(MediaType.WILDCARD)
public class EpayResource {
    private static final byte[] NO_BODY = {};

    @Inject
    Verify verify;

    @Inject
    OpenTrade openTrade;

    @Inject
    SubmitPage submitPage;

    @Inject
    Trades trades;

    @Context
    HttpServletRequest request;

    @GET
    @Path("submit.php")
    public Response submit() {
        return submit(NO_BODY);
    }

    @POST
    @Path("submit.php")
    public Response submit(byte[] form) {
        return submitPage.of(
                request, form, parameters -> openTrade.forBrowser(verify.byMd5(parameters), parameters, 1));
    }

    @GET
    @Path("mapi.php")
    public CompletionStage<Response> mapi() {
        return mapi(NO_BODY);
    }

    @POST
    @Path("mapi.php")
    public CompletionStage<Response> mapi(byte[] form) {
        // read here, because the answer may be made on another thread, which has no request
        var locale = locale();
        CompletionStage<JsonObject> answer;
        try {
            var parameters = parameters(form);
            var shop = verify.byMd5(parameters);
            answer = openTrade.forServer(shop, parameters, 1, false).thenApply(EpayResource::created);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(e -> refused(e, locale)).thenApply(EpayResource::json);
    }

    private static JsonObject created(OpenTrade.Next next) {
        var name = switch (next.form()) {
            case PAYURL -> "payurl";
            case QRCODE -> "qrcode";
            case URLSCHEME -> "urlscheme";
        };
        return success("ok")
                .add("trade_no", Trade.number(next.order()))
                .add(name, next.content())
                .build();
    }

    @GET
    @Path("api.php")
    public Response api() {
        return api(NO_BODY);
    }

    @POST
    @Path("api.php")
    public Response api(byte[] form) {
        try {
            return json(act(parameters(form)));
        } catch (RuntimeException e) {
            return json(refused(e, locale()));
        }
    }

    private JsonObject act(Parameters parameters) {
        var act = parameters.text("act").orElse("");
        return switch (act) {
            case "order" -> order(verify.byKey(parameters), parameters);
            case "orders" ->
                success("ok")
                        .add("data", trades.list(verify.byKey(parameters), parameters, false))
                        .build();
            case "refund" -> refund(verify.byKey(parameters), parameters);
            case "query" -> merchant(verify.byKey(parameters), parameters);
            case "settle" -> {
                verify.byKey(parameters);
                yield success("没有结算记录：款项由支付渠道直接结算给商户，不经过本系统")
                        .add("data", Json.createArrayBuilder())
                        .build();
            }
            default ->
                throw Refusal.of(
                        Refusal.NO_SUCH_ACT,
                        "act 必须是 order、orders、refund、query 或 settle",
                        "act must be order, orders, refund, query or settle");
        };
    }

    private JsonObject order(Shop shop, Parameters parameters) {
        var order = trades.queried(shop, parameters);
        return success("查询订单号成功")
                .addAll(trades.order(order, shop.access().pid()))
                .build();
    }

    private JsonObject refund(Shop shop, Parameters parameters) {
        if (!request.getMethod().equals("POST")) {
            throw Refusal.general("退款请使用 POST 方法", "A refund must be sent with POST");
        }
        var order = trades.named(shop, parameters);
        var refund = trades.refund(order, trades.refundNoOf(order, parameters), parameters);
        return success("退款已受理，金额 " + Yuan.text(refund.amount()) + " 元")
                .add("trade_no", Trade.number(order))
                .add("money", Yuan.text(refund.amount()))
                .build();
    }

    /** No balance and no account: the providers pay the merchant, and none of it goes through this server. */
    private JsonObject merchant(Shop shop, Parameters parameters) {
        return Json.createObjectBuilder()
                .add("code", 1)
                .add("msg", "ok")
                .add("pid", shop.access().pid())
                .add("key", parameters.required("key"))
                .add("active", 1)
                .add("money", "0.00")
                .add("type", 0)
                .add("account", "")
                .add("username", shop.merchant().name())
                .addAll(trades.figures(shop))
                .build();
    }

    private static JsonObjectBuilder success(String message) {
        return Json.createObjectBuilder().add("code", 1).add("msg", message);
    }

    private Parameters parameters(byte[] form) {
        return Parameters.of(request.getQueryString(), form, request.getContentType());
    }

    private Locale locale() {
        return AcceptLanguage.locale(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE));
    }

    private static JsonObject refused(Throwable why, Locale locale) {
        var refusal = Refusal.of(why);
        return Json.createObjectBuilder()
                .add("code", refusal.code)
                .add("msg", refusal.text(locale))
                .build();
    }

    private static Response json(JsonObject answer) {
        return Response.ok(answer, MediaType.APPLICATION_JSON_TYPE).build();
    }
}
