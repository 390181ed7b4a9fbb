package io.cashdesk.checkout;

import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.QueryPayment;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** "Paid yet?": answered from our own row and nothing else, and held until there may be news. */
@RequestScoped
@Path("/checkout/{token}/queryPayment")
public class PaidYetResource {
    /** How long a request is held at most, in seconds. */
    private static final int HELD = 25;

    /** How soon the page repeats it: at once where it is held, else every two seconds. */
    private static final int REPEAT_AT_ONCE_MS = 100;

    private static final int REPEAT_LATER_MS = 2_000;

    @Inject
    PayOrders orders;

    @Inject
    QueryPayment queryPayment;

    @Inject
    ReadMoney readMoney;

    @Inject
    Signals signals;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @PathParam("token")
    String token;

    /**
     * @param wait seconds to be held at most; a page whose connections are being cut sends 0
     * @param version the version of the order that the page shows: any other one is news; without it, the version that
     *     is read now
     */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<JsonObject> queryPayment(
            @QueryParam("wait") @DefaultValue("25") int wait, @QueryParam("version") Long version) {
        var english = Locale.ENGLISH.getLanguage().equals(Language.of(request).getLanguage());
        var key = orders.byCheckoutToken(token)
                .map(PayOrder::key)
                .orElseThrow(() -> ProblemType.notFound(request.getRequestURI()));
        // registered before the row is read, so that no change falls in between
        var waiter = signals.park(key.merchantId(), key.id());
        var order = read(key);
        var isNews = version != null && version != order.version();
        if (isNews || !worthWaiting(order) || wait <= 0) {
            waiter.leave();
            return CompletableFuture.completedFuture(answer(order, english, REPEAT_LATER_MS));
        }
        return waiter.await(order.version(), Duration.ofSeconds(Math.min(wait, HELD)))
                .thenApply(news -> answer(read(key), english, REPEAT_AT_ONCE_MS));
    }

    private PayOrder read(OrderKey key) {
        return orders.byKey(key).orElseThrow();
    }

    private boolean worthWaiting(PayOrder order) {
        return order.takesAttempts() ? clock.instant().isBefore(order.expiresAt()) : readMoney.follows(order);
    }

    /** {@code ask_again_ms} is 0 once nothing more is to be expected: then the page loads itself again. */
    private JsonObject answer(PayOrder order, boolean english, int repeat) {
        var past = order.takesAttempts() && !clock.instant().isBefore(order.expiresAt());
        var again = !order.takesAttempts() && !readMoney.follows(order) ? 0 : past ? REPEAT_LATER_MS : repeat;
        return Json.createObjectBuilder(queryPayment.fromOurRow(order, english))
                .add("ask_again_ms", again)
                .add("version", order.version())
                .build();
    }
}
