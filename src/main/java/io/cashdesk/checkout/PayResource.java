package io.cashdesk.checkout;

import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.PayByCheckout;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.PaymentPrompt;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The payer has chosen a provider on the page. Every answer leads back to the page, which shows what came of it. */
@RequestScoped
@Path("/checkout/{token}/pay")
public class PayResource {
    /** Problems that the page need not name, because it then shows another state. */
    private static final Set<ProblemType> SHOWN_BY_STATE =
            Set.of(ProblemType.ORDER_PAID, ProblemType.ORDER_CLOSED, ProblemType.ORDER_NEEDS_PERSON);

    @Inject
    PayOrders orders;

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    PayerLogin payerLogin;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    @Context
    HttpServletRequest request;

    @PathParam("token")
    String token;

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public CompletionStage<Response> pay(
            MultivaluedMap<String, String> form,
            @QueryParam(Language.NAME) String language,
            @HeaderParam(HttpHeaders.USER_AGENT) String userAgent) {
        var order = orders.byCheckoutToken(token);
        var to = PageQuery.NONE.in(PageQuery.language(language));
        if (order.isEmpty()) return CompletableFuture.completedFuture(Addresses.redirect(token, to));
        var provider = Objects.requireNonNullElse(form.getFirst("provider"), "");
        return start(order.get(), provider, Client.browser(userAgent))
                .handle((attempt, failure) -> failure == null ? started(attempt, to) : failed(unwrapped(failure), to));
    }

    private CompletionStage<Attempt> start(PayOrder order, String provider, Client client) {
        try {
            var openid = payByCheckout
                    .waysFor(order, client)
                    .with(provider)
                    .filter(PayByCheckout.Way::needsOpenid)
                    .flatMap(way -> payerLogin.openid(request, order, way.payType()))
                    .orElse("");
            var backTo = Addresses.back(settings, token);
            return payByCheckout.start(order, provider, client, caller.address(request), openid, backTo);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private Response started(Attempt attempt, PageQuery to) {
        var opens =
                payByCheckout.prompt(attempt, Addresses.back(settings, token)).filter(PaymentPrompt::opensWallet);
        if (opens.isEmpty()) return Addresses.redirect(token, to);
        return Addresses.redirect(token, "?open" + to.text().replace('?', '&'));
    }

    private Response failed(Throwable failure, PageQuery to) {
        if (!(failure instanceof Problem problem)) throw new CompletionException(failure);
        if (SHOWN_BY_STATE.contains(problem.type())) return Addresses.redirect(token, to);
        // a code that is shown stays valid, so the page keeps it on the screen
        var tooMany = problem.type() == ProblemType.TOO_MANY_ATTEMPTS;
        return Addresses.redirect(
                token,
                PageQuery.of(tooMany ? PageState.Wish.NOTHING : PageState.Wish.CHOOSE)
                        .about(problem.type().slug())
                        .in(to.language()));
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
