package io.cashdesk.checkout;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.PayByCheckout;
import io.cashdesk.provider.Client;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.Optional;

/** The payer's page. Whatever the address asks for, it shows the stored state of the order. */
@RequestScoped
@Path("/checkout/{token}")
public class CheckoutResource {
    @Inject
    PayOrders orders;

    @Inject
    Merchants merchants;

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    PayerLogin payerLogin;

    @Inject
    AssemblePage assemblePage;

    @Inject
    @Any
    Instance<ReturnAddress> returnAddresses;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @Context
    UriInfo uri;

    @PathParam("token")
    String token;

    /**
     * {@code ?any=again} chooses the code for any phone anew: its page has an address with the moment of the choice.
     */
    @GET
    @Produces(MediaType.TEXT_HTML)
    public Response page(
            @QueryParam(Language.NAME) String switched, @HeaderParam(HttpHeaders.USER_AGENT) String userAgent) {
        var language = Language.of(request);
        var found = orders.byCheckoutToken(token);
        if (found.isEmpty()) return UnknownPage.response(language);
        var order = found.get();
        var client = Client.browser(userAgent);
        var ways = payByCheckout.waysFor(order, client);
        var query = PageQuery.of(uri.getQueryParameters());
        if (order.takesAttempts() && "again".equals(uri.getQueryParameters().getFirst("any"))) {
            return Addresses.redirect(token, query.chosenAt(clock.instant()));
        }
        if (order.takesAttempts() && query.problem().isEmpty()) {
            var login = login(order, ways);
            if (login.isPresent()) return login.get();
        }
        var visit = new AssemblePage.Visit(request, client, query);
        var answer = Response.ok(assemblePage.of(order, ways, visit).view(language));
        return switched == null
                ? answer.build()
                : answer.cookie(Language.remember(language, settings.isHttps())).build();
    }

    /** Where a product must know the payer, the browser is sent to the wallet's page once, before it sees ours. */
    private Optional<Response> login(PayOrder order, PayByCheckout.Ways ways) {
        return ways.here().stream()
                .filter(PayByCheckout.Way::needsOpenid)
                .filter(way -> payerLogin.openid(request, order, way.payType()).isEmpty())
                .findFirst()
                .flatMap(way -> payerLogin.redirectToWallet(order, way.payType()));
    }

    /** The merchant's colour, checked; a file of its own because our pages allow no style inside them. */
    @GET
    @Path("theme.css")
    @Produces("text/css")
    public String theme() {
        return orders.byCheckoutToken(token)
                .flatMap(o -> merchants.byId(o.merchantId()).accent())
                .map(a -> Accent.of(a).css())
                .orElse("");
    }

    /** Back to the shop, to the address that was checked when the order was made; the shop queries the order itself. */
    @GET
    @Path("return")
    public Response back() {
        var order = orders.byCheckoutToken(token);
        var url = order.flatMap(PayOrder::returnUrl);
        if (url.isEmpty()) return Addresses.redirect(token, "");
        var address = returnAddresses.stream()
                .flatMap(api -> api.of(order.get()).stream())
                .findFirst()
                .orElseGet(() -> Addresses.withNumber(url.get(), order.get().outTradeNo()));
        return Redirect.outside(address).build();
    }
}
