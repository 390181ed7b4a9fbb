package io.cashdesk.checkout;

import io.cashdesk.ground.page.Language;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.QueryForPayer;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
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

    /**
     * @param reported what the wallet reported to the page: "cancelled", "not-opened"; without it, the payer has
     *     pressed
     * @param language that the page's address names
     */
    @POST
    public CompletionStage<Response> ask(
            @QueryParam("reported") String reported, @QueryParam(Language.NAME) String language) {
        var page = PageQuery.of(wish(reported)).in(PageQuery.language(language));
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) {
            return CompletableFuture.completedFuture(Addresses.redirect(token, PageQuery.NONE.in(page.language())));
        }
        return queryForPayer.of(order.get()).thenApply(since -> Addresses.redirect(token, page.waiting(since)));
    }

    private static PageState.Wish wish(String reported) {
        if (PageState.Wish.CANCELLED.word().equals(reported)) return PageState.Wish.CANCELLED;
        if (PageState.Wish.NOT_OPENED.word().equals(reported)) return PageState.Wish.NOT_OPENED;
        return PageState.Wish.ASKED;
    }
}
