package io.cashdesk.face.epay;

import io.cashdesk.ground.problem.AcceptLanguage;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.payment.ClosePayment;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundState;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Version 2 of epay, but for its page ({@link EpayResource}). Answers are HTTP 200, {@code code} is 0 if the call
 * succeeded, and they are signed if the call names a merchant.
 */
@RequestScoped
@Path("/epay/api/{call: .+}")
@Consumes(MediaType.WILDCARD)
public class EpayV2Resource {
    private static final byte[] NO_BODY = {};

    @Inject
    Verify verify;

    @Inject
    OpenTrade openTrade;

    @Inject
    Trades trades;

    @Inject
    ClosePayment closePayment;

    @Inject
    Signed signed;

    @Context
    HttpServletRequest request;

    @PathParam("call")
    String call;

    @GET
    public CompletionStage<Response> get() {
        return post(NO_BODY);
    }

    @POST
    public CompletionStage<Response> post(byte[] form) {
        CompletionStage<JsonObjectBuilder> answer;
        var named = new Parameters[1];
        try {
            named[0] = Parameters.of(request.getQueryString(), form, request.getContentType());
            answer = act(named[0]);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(this::refused)
                .thenApply(unsigned -> signed(Optional.ofNullable(named[0]), unsigned));
    }

    private CompletionStage<JsonObjectBuilder> act(Parameters parameters) {
        return switch (call) {
            case "pay/create" -> create(verify.byRsa(parameters), parameters);
            case "pay/query" ->
                done(() -> {
                    var shop = verify.byRsa(parameters);
                    return success()
                            .addAll(Trades.orderOfV2(
                                    trades.queried(shop, parameters),
                                    shop.access().pid()));
                });
            case "pay/refund" -> done(() -> refund(verify.byRsa(parameters), parameters));
            case "pay/refundquery" -> done(() -> refundQuery(verify.byRsa(parameters), parameters));
            case "pay/close" ->
                done(() -> {
                    var closed = closePayment.of(trades.named(verify.byRsa(parameters), parameters));
                    return success().add("trade_no", Trade.number(closed)).add("out_trade_no", closed.outTradeNo());
                });
            case "merchant/info" -> done(() -> info(verify.byRsa(parameters)));
            case "merchant/orders" ->
                done(() -> success().add("data", trades.list(verify.byRsa(parameters), parameters, true)));
            default -> {
                var shown = LocalizedText.named(call);
                throw Refusal.of(
                        Refusal.NO_SUCH_ACT,
                        "不提供接口 /epay/api/" + shown.zh() + "，可用的接口见 docs/epay.md",
                        "/epay/api/" + shown.en() + " is not offered; docs/epay.md lists what is");
            }
        };
    }

    private CompletionStage<JsonObjectBuilder> create(Shop shop, Parameters parameters) {
        var method = parameters.required("method");
        if (!method.equals("web") && !method.equals("jump")) {
            throw Refusal.malformed(
                    "method",
                    "web 或 jump；不提供 jsapi、app、scan 和 applet，付款人可打开 jump 返回的页面",
                    "web or jump; jsapi, app, scan and applet are not offered: send the payer to the page of jump");
        }
        parameters.required("return_url");
        return openTrade
                .forServer(shop, parameters, 2, method.equals("jump"))
                .thenApply(next -> success()
                        .add("trade_no", Trade.number(next.order()))
                        .add(
                                "pay_type",
                                switch (next.form()) {
                                    case PAYURL -> "jump";
                                    case QRCODE -> "qrcode";
                                    case URLSCHEME -> "urlscheme";
                                })
                        .add("pay_info", next.content()));
    }

    private JsonObjectBuilder refund(Shop shop, Parameters parameters) {
        var order = trades.named(shop, parameters);
        var refund = trades.refund(order, parameters);
        return success()
                .add("refund_no", refund.outRefundNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("trade_no", Trade.number(order))
                .add("money", Yuan.text(refund.amount()))
                .add("reducemoney", Yuan.text(refund.amount()));
    }

    private JsonObjectBuilder refundQuery(Shop shop, Parameters parameters) {
        var refund = trades.queriedRefund(shop, parameters);
        var order = trades.orderOf(refund);
        return success()
                .add("refund_no", refund.outRefundNo())
                .add("out_refund_no", refund.outRefundNo())
                .add("trade_no", Trade.number(order))
                .add("out_trade_no", order.outTradeNo())
                .add("money", Yuan.text(refund.amount()))
                .add("reducemoney", Yuan.text(refund.amount()))
                .add("status", status(refund))
                .add("addtime", Trade.time(refund.createdAt()));
    }

    /** 0 failed, 1 succeeded; 2, which epay does not know, while it is neither. */
    private static int status(Refund refund) {
        if (refund.state() == RefundState.SUCCEEDED) return 1;
        return refund.state().ended() ? 0 : 2;
    }

    private JsonObjectBuilder info(Shop shop) {
        var figures = trades.figures(shop).build();
        return success()
                .add("pid", shop.access().pid())
                .add("status", 1)
                .add("pay_status", 1)
                .add("settle_status", 0)
                .add("money", "0.00")
                .add("settle_type", 0)
                .add("settle_account", "")
                .add("settle_name", shop.merchant().name())
                .add("order_num", figures.getJsonNumber("orders"))
                .add("order_num_today", figures.getJsonNumber("order_today"))
                .add("order_num_lastday", figures.getJsonNumber("order_lastday"));
    }

    private static CompletionStage<JsonObjectBuilder> done(Supplier<JsonObjectBuilder> answer) {
        return CompletableFuture.completedFuture(answer.get());
    }

    private static JsonObjectBuilder success() {
        return Json.createObjectBuilder().add("code", 0).add("msg", "ok");
    }

    private JsonObjectBuilder refused(Throwable why) {
        var refusal = Refusal.of(why);
        var locale = AcceptLanguage.locale(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE));
        return Json.createObjectBuilder().add("code", refusal.code).add("msg", refusal.text(locale));
    }

    private Response signed(Optional<Parameters> parameters, JsonObjectBuilder unsigned) {
        var access = parameters.flatMap(verify::named);
        var answer = access.isPresent() ? signed.answer(access.get(), unsigned) : unsigned.build();
        return Response.ok(answer, MediaType.APPLICATION_JSON_TYPE).build();
    }
}
