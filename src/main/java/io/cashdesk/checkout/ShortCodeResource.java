package io.cashdesk.checkout;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
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
import java.time.Clock;
import java.time.Duration;

/**
 * The address in the code for any phone: it leads to the same page, and the phone's browser decides which ways to pay
 * there are.
 */
@RequestScoped
@Path("/q/{token}")
public class ShortCodeResource {
    private static final Duration RECORDED_AT_MOST_EVERY = Duration.ofSeconds(5);

    @Inject
    PayOrders orders;

    @Inject
    Transactions transactions;

    @Inject
    Signals signals;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @GET
    public Response go(@PathParam("token") String token, @HeaderParam(HttpHeaders.USER_AGENT) String userAgent) {
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) return UnknownPage.response(Language.of(request));
        if (request.getMethod().equals("GET") && Client.browser(userAgent).phone()) opened(order.get());
        return Addresses.redirect(token, "");
    }

    /** The screen that shows the code shows from now on that a phone has opened it. */
    private void opened(PayOrder order) {
        var now = clock.instant();
        if (transactions.inNew(() -> orders.openedOnPhone(order.key(), RECORDED_AT_MOST_EVERY, now))) {
            signals.changed(order.id());
        }
    }
}
