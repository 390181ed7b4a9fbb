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

    /** How soon it is repeated where only money that has long been there is waited for, and no request is held. */
    private static final int REPEAT_SELDOM_MS = 60_000;

    private static final Duration OLD = Duration.ofHours(1);

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
        // news is answered from the order alone: the page loads itself again
        if (isNews || wait <= 0 || !worthWaiting(order)) {
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
        return order.takesAttempts()
                ? clock.instant().isBefore(order.expiresAt())
                : !isOld(order) && readMoney.follows(order);
    }

    /** {@code ask_again_ms} is 0 once nothing more is to be expected: then the page loads itself again. */
    private JsonObject answer(PayOrder order, boolean english, int repeat) {
        return Json.createObjectBuilder(queryPayment.fromOurRow(order, english))
                .add("ask_again_ms", repeatAfter(order, repeat))
                .add("version", order.version())
                .build();
    }

    private int repeatAfter(PayOrder order, int repeat) {
        if (order.takesAttempts()) return clock.instant().isBefore(order.expiresAt()) ? repeat : REPEAT_LATER_MS;
        if (!readMoney.follows(order)) return 0;
        return isOld(order) ? REPEAT_SELDOM_MS : repeat;
    }

    /** Whether it was paid or ended so long ago that what its money waits for may take days. */
    private boolean isOld(PayOrder order) {
        var began = order.paidAt().or(order::closedAt).orElse(order.expiresAt());
        return clock.instant().isAfter(began.plus(OLD));
    }
}
