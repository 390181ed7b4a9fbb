package io.cashdesk.simulator.wxpay;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** The bills of v3, on the loopback listener alone: first an address, then the file behind it. */
@RequestScoped
@Path("/simulator/wxpay/v3")
public class WxpayBillResource {
    @Inject
    WxpayCallHandler calls;

    @Inject
    WxpayBills bills;

    @Context
    HttpServletRequest request;

    @GET
    @Path("bill/tradebill")
    public CompletionStage<Response> trades(
            @QueryParam("bill_date") String date,
            @QueryParam("sub_mchid") String subMchid,
            @QueryParam("bill_type") String type,
            @QueryParam("tar_type") String tar) {
        return calls.answer(
                request, "tradebill", new byte[0], account -> bills.trades(account, date, subMchid, type, tar));
    }

    @GET
    @Path("bill/fundflowbill")
    public CompletionStage<Response> flows(
            @QueryParam("bill_date") String date,
            @QueryParam("account_type") String accountType,
            @QueryParam("tar_type") String tar) {
        return calls.answer(
                request, "fundflowbill", new byte[0], account -> bills.flows(account, date, accountType, tar));
    }

    @GET
    @Path("billdownload/file")
    public Response file(@QueryParam("token") String token) {
        return calls.file(request, "billdownload", account -> {
            var bill = bills.fetch(account, token);
            return bill.gzip()
                    ? Response.ok(WxpayBills.compressed(bill.content()), "application/x-gzip")
                            .build()
                    : Response.ok(bill.content().getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8")
                            .build();
        });
    }
}
