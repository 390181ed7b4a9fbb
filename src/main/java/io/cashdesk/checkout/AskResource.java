package io.cashdesk.checkout;

import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.QueryForPayer;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The payer says "I have paid": the providers are queried, at most once in three seconds, and the answer leads to the
 * page, which shows the result or that the query still runs.
 */
@RequestScoped
@Path("/checkout/{token}/ask")
public class AskResource {
    @Inject
    PayOrders orders;

    @Inject
    QueryForPayer queryForPayer;

    @PathParam("token")
    String token;

    @POST
    public CompletionStage<Response> ask() {
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) return CompletableFuture.completedFuture(Addresses.redirect(token, ""));
        return queryForPayer
                .of(order.get())
                .thenApply(ended -> Addresses.redirect(token, ended ? "?asked" : "?asked&wait"));
    }
}
