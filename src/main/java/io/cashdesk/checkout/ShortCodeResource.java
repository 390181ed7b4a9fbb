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
import java.net.URI;

/** What the one code for every wallet holds: the phone that scans it comes to the same page, and its browser decides the way. */
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
                .map(o -> Response.seeOther(URI.create("/checkout/" + o.checkoutToken()))
                        .build())
                .orElseGet(() -> Response.status(Response.Status.NOT_FOUND)
                        .entity(CheckoutPage.unknown(Language.of(request)))
                        .build());
    }
}
