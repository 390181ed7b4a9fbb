package io.cashdesk.simulator.wxpay.v2;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/**
 * The calls of v2, on the loopback listener alone.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011935215">the documents that it follows</a>
 */
@RequestScoped
@Path("/simulator/wxpay")
@Consumes(MediaType.WILDCARD)
public class WxpayV2Resource {
    @Inject
    WxpayV2CallHandler calls;

    @Inject
    WxpayV2Orders orders;

    @Inject
    WxpayV2Refunds refunds;

    @Inject
    WxpayV2Bills bills;

    @Context
    HttpServletRequest request;

    @POST
    @Path("pay/unifiedorder")
    public CompletionStage<Response> order(byte[] body) {
        return calls.answer(request, WxpayV2Call.UNIFIEDORDER, body, orders::order);
    }

    @POST
    @Path("pay/micropay")
    public CompletionStage<Response> micropay(byte[] body) {
        return calls.answer(request, WxpayV2Call.MICROPAY, body, orders::micropay);
    }

    @POST
    @Path("pay/orderquery")
    public CompletionStage<Response> query(byte[] body) {
        return calls.answer(request, WxpayV2Call.ORDERQUERY, body, orders::query);
    }

    @POST
    @Path("pay/closeorder")
    public CompletionStage<Response> close(byte[] body) {
        return calls.answer(request, WxpayV2Call.CLOSEORDER, body, orders::close);
    }

    @POST
    @Path("secapi/pay/reverse")
    public CompletionStage<Response> reverse(byte[] body) {
        return calls.answer(request, WxpayV2Call.REVERSE, body, orders::reverse);
    }

    @POST
    @Path("secapi/pay/refund")
    public CompletionStage<Response> refund(byte[] body) {
        return calls.answer(request, WxpayV2Call.REFUND, body, refunds::create);
    }

    @POST
    @Path("pay/refundquery")
    public CompletionStage<Response> refundQuery(byte[] body) {
        return calls.answer(request, WxpayV2Call.REFUNDQUERY, body, refunds::query);
    }

    @POST
    @Path("pay/downloadbill")
    public CompletionStage<Response> bill(byte[] body) {
        return calls.answer(request, WxpayV2Call.DOWNLOADBILL, body, bills::download);
    }

    @GET
    @Path("{call: pay/[a-z]+|secapi/pay/[a-z]+}")
    public Response wrongMethod() {
        return calls.wrongMethod(request);
    }
}
