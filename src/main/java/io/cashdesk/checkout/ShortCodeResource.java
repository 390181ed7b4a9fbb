package io.cashdesk.checkout;

import io.cashdesk.ground.page.Language;
import io.cashdesk.order.PayOrders;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/**
 * The address in the code for any phone: it leads to the same page, and the phone's browser decides which ways to pay
 * there are.
 */
@RequestScoped
@Path("/q/{token}")
public class ShortCodeResource {
    @Inject
    PayOrders orders;

    @Context
    HttpServletRequest request;

    @GET
    public Response go(@PathParam("token") String token) {
        return orders.byCheckoutToken(token)
                .map(o -> Addresses.redirect(o.checkoutToken(), ""))
                .orElseGet(() -> UnknownPage.response(Language.of(request)));
    }
}
