package io.cashdesk.checkout;

import io.cashdesk.ground.json.Caller;
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
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
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
            @FormParam("provider") @DefaultValue("") String provider,
            @HeaderParam(HttpHeaders.USER_AGENT) String userAgent) {
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) return CompletableFuture.completedFuture(Addresses.redirect(token, ""));
        return start(order.get(), provider, Client.browser(userAgent))
                .handle((attempt, failure) -> failure == null ? started(attempt) : failed(unwrapped(failure)));
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

    private Response started(Attempt attempt) {
        var opens =
                payByCheckout.prompt(attempt, Addresses.back(settings, token)).filter(PaymentPrompt::opensWallet);
        return Addresses.redirect(token, opens.isPresent() ? "?open" : "");
    }

    private Response failed(Throwable failure) {
        if (!(failure instanceof Problem problem)) throw new CompletionException(failure);
        if (SHOWN_BY_STATE.contains(problem.type())) return Addresses.redirect(token, "");
        // a code that is shown stays valid, so the page keeps it on the screen
        var choose = problem.type() == ProblemType.TOO_MANY_ATTEMPTS ? "?problem=" : "?choose&problem=";
        return Addresses.redirect(token, choose + problem.type().slug());
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
