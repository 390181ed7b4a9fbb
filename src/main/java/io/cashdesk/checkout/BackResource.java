package io.cashdesk.checkout;

import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.QueryForPayer;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The browser is back from the wallet: the same query as {@link AskResource} makes. What the wallet wrote into the
 * address is no proof of anything and does not stay in it.
 */
@RequestScoped
@Path("/checkout/{token}/back")
public class BackResource {
    @Inject
    PayOrders orders;

    @Inject
    QueryForPayer queryForPayer;

    @PathParam("token")
    String token;

    @GET
    public CompletionStage<Response> back() {
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) return CompletableFuture.completedFuture(Addresses.redirect(token, ""));
        return queryForPayer
                .of(order.get())
                .thenApply(since -> Addresses.redirect(
                        token, PageQuery.of(PageState.Wish.BACK).waiting(since)));
    }
}
