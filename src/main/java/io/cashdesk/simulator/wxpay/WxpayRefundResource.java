package io.cashdesk.simulator.wxpay;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** The refunds of v3, on the loopback listener alone; merchants and service providers use the same paths. */
@RequestScoped
@Path("/simulator/wxpay/v3/refund/domestic/refunds")
@Consumes(MediaType.WILDCARD)
public class WxpayRefundResource {
    @Inject
    WxpayCallHandler calls;

    @Inject
    WxpayRefunds refunds;

    @Context
    HttpServletRequest request;

    @POST
    public CompletionStage<Response> create(byte[] body) {
        return calls.answer(request, "", body, account -> refunds.create(account, WxpayCallHandler.object(body)));
    }

    @GET
    @Path("{number}")
    public CompletionStage<Response> query(
            @PathParam("number") String number, @QueryParam("sub_mchid") String subMchid) {
        return calls.answer(request, number, new byte[0], account -> refunds.query(account, number, subMchid));
    }

    @POST
    @Path("{id}/apply-abnormal-refund")
    public CompletionStage<Response> redirect(
            @PathParam("id") String id, @HeaderParam("Wechatpay-Serial") String serial, byte[] body) {
        return calls.answer(
                request, id, body, account -> refunds.redirect(account, id, serial, WxpayCallHandler.object(body)));
    }
}
