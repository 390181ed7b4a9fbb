package io.cashdesk.checkout;

import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.PayByCheckout;
import io.cashdesk.provider.Client;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** The browser is back from the wallet's page, which was to say who pays ({@link PayerLogin}). */
@RequestScoped
@Path("/checkout/{token}/payer")
public class PayerResource {
    @Inject
    PayOrders orders;

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    PayerLogin payerLogin;

    @Context
    HttpServletRequest request;

    @Context
    UriInfo uri;

    @PathParam("token")
    String token;

    @GET
    public Response payer(@HeaderParam(HttpHeaders.USER_AGENT) String userAgent) {
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) return Addresses.redirect(token, "");
        return payByCheckout.waysFor(order.get(), Client.browser(userAgent)).here().stream()
                .filter(PayByCheckout.Way::needsOpenid)
                .findFirst()
                .map(way -> payerLogin.takeCode(request, order.get(), way.payType(), uri.getQueryParameters()))
                .orElseGet(() -> Addresses.redirect(token, ""));
    }
}
