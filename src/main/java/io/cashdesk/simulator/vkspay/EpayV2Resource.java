package io.cashdesk.simulator.vkspay;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.WalletResource;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** An epay site, V2: signed with RSA both ways, on both listeners. */
@RequestScoped
@Path("/simulator/vkspay/epay/api")
@Consumes(MediaType.WILDCARD)
public class EpayV2Resource {
    /** The calls about one order that exists. */
    private static final Set<String> ABOUT_AN_ORDER = Set.of("pay/query", "pay/refund", "pay/close");

    @Inject
    EpayOrders orders;

    @Inject
    EpayMessages messages;

    @Inject
    EpayV2Calls calls;

    @Context
    HttpServletRequest request;

    @GET
    @Path("pay/submit")
    @Produces(MediaType.TEXT_HTML)
    public Response submit() {
        return opened(query());
    }

    /** The parameters are in the form, unless the address has them. */
    @POST
    @Path("pay/submit")
    @Produces(MediaType.TEXT_HTML)
    public Response submit(byte[] form) {
        var query = query();
        return opened(query.contains("pid=") ? query : text(form));
    }

    private String query() {
        return request.getQueryString() == null ? "" : request.getQueryString();
    }

    private Response opened(String parameters) {
        try {
            var fields = VkspayFormat.decoded(parameters);
            var account = orders.merchant(fields, VkspayRefusal.GENERAL);
            orders.checkRsa(account, fields);
            var trade = orders.take(account, VkspayDialect.EPAY_V2, fields, true, true);
            messages.logCall(account, trade, Exchange.Way.PAYER, what("pay/submit"), fields, null);
            return Redirect.inside(WalletResource.page(trade)).build();
        } catch (VkspayRefusal refused) {
            return EpayResource.refusedPage(request, refused);
        }
    }

    @POST
    @Path("{call: pay/(create|query|refund|refundquery|close)|merchant/(info|orders)}")
    public CompletionStage<Response> call(@PathParam("call") String call, byte[] form) {
        Account account = null;
        Trade trade = null;
        Map<String, String> fields = Map.of();
        try {
            fields = VkspayFormat.decoded(text(form));
            account = orders.merchant(fields, VkspayRefusal.GENERAL);
            orders.checkRsa(account, fields);
            if (ABOUT_AN_ORDER.contains(call)) trade = orders.existing(account, fields);
            if (call.equals("pay/create")) trade = calls.create(account, fields);
            if (call.equals("pay/refundquery")) trade = calls.refunded(account, fields);
            if (trade != null) messages.logCall(account, trade, Exchange.Way.CALL, what(call), fields, null);
            return messages.v2(account, calls.answer(call, account, trade, fields));
        } catch (VkspayRefusal refused) {
            return messages.v2(account, new EpayMessages.Outcome(EpayMessages.refusal(refused), trade, null));
        }
    }

    private static String text(byte[] form) {
        return new String(form, StandardCharsets.UTF_8);
    }

    private String what(String call) {
        return request.getMethod() + " " + VkspayServer.EPAY + "/api/" + call;
    }
}
