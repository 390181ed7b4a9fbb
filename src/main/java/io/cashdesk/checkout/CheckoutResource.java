package io.cashdesk.checkout;

import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.PayByCheckout;
import io.cashdesk.payment.QueryPayment;
import io.cashdesk.provider.PaymentPrompt;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The payer's pages. Whatever the address asks for, they show what our own row says. */
@RequestScoped
@Path("/checkout/{token}")
public class CheckoutResource {
    /** How long a payer's question is held at most, in seconds (design decision D5). */
    private static final int HELD = 25;

    /** How soon the page asks again: at once where the question is held, else every two seconds. */
    private static final int ASK_AT_ONCE_MS = 100;

    private static final int ASK_LATER_MS = 2_000;

    /** Problems that the page itself answers, because it then shows another state. */
    private static final Set<ProblemType> SHOWN_BY_STATE =
            Set.of(ProblemType.ORDER_PAID, ProblemType.ORDER_CLOSED, ProblemType.ORDER_NEEDS_PERSON);

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Merchants merchants;

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    QueryPayment queryPayment;

    @Inject
    Signals signals;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @PathParam("token")
    String token;

    @GET
    @Produces(MediaType.TEXT_HTML)
    public Response page(
            @QueryParam("choose") String choose,
            @QueryParam("asked") String asked,
            @QueryParam("problem") String problem,
            @QueryParam(Language.NAME) String switched,
            @HeaderParam(HttpHeaders.USER_AGENT) String userAgent) {
        var language = Language.of(request);
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) {
            return Response.status(Response.Status.NOT_FOUND)
                    .entity(CheckoutPage.unknown(language))
                    .build();
        }
        var wish =
                choose != null ? PageState.Wish.CHOOSE : asked != null ? PageState.Wish.ASKED : PageState.Wish.NOTHING;
        var view = view(order.get(), wish, Optional.ofNullable(problem), CheckoutPage.Browser.of(userAgent), language);
        var answer = Response.ok(view);
        return switched == null
                ? answer.build()
                : answer.cookie(Language.remember(language)).build();
    }

    private View view(
            PayOrder order,
            PageState.Wish wish,
            Optional<String> problem,
            CheckoutPage.Browser browser,
            Locale language) {
        var now = clock.instant();
        var latest = attempts.latestOf(order.id());
        var state = PageState.of(PageState.Facts.of(order, latest), wish, now);
        var merchant = merchants.byId(order.merchantId());
        var page = new CheckoutPage(
                state,
                token,
                order.mode() == Mode.TEST,
                new CheckoutPage.Shop(
                        merchant.name(),
                        merchant.logo(),
                        merchant.accent().isPresent(),
                        order.returnUrl().isPresent()),
                new CheckoutPage.Bill(
                        order.total(),
                        order.refundFee(),
                        order.subject(),
                        order.outTradeNo(),
                        order.expiresAt(),
                        order.paidAt(),
                        order.payType()),
                state.waits() ? payByCheckout.waysFor(order) : List.of(),
                state.waits() ? latest.flatMap(CheckoutResource::code) : Optional.empty(),
                beingAskedAbout(order, state),
                browser,
                state == PageState.CHOOSE ? problem : Optional.empty(),
                now);
        return page.view(language);
    }

    private static Optional<CheckoutPage.Code> code(Attempt attempt) {
        return attempt.prompt().flatMap(stored -> {
            try (var reader = Json.createReader(new StringReader(stored))) {
                if (PaymentPrompt.of(reader.readObject()) instanceof PaymentPrompt.ScanQrCode scan) {
                    return Optional.of(new CheckoutPage.Code(
                            attempt.provider(), scan.content(), QrCode.svg(scan.content()), attempt.expiresAt()));
                }
                return Optional.empty();
            }
        });
    }

    /** Past its deadline and not closed yet: a payment of the last second may still be on its way. */
    private boolean beingAskedAbout(PayOrder order, PageState state) {
        return state == PageState.EXPIRED
                && order.status() == 0
                && !attempts.thatMayBePaid(order.id()).isEmpty();
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

    @POST
    @Path("pay")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public CompletionStage<Response> pay(@FormParam("provider") @DefaultValue("") String provider) {
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) return CompletableFuture.completedFuture(to(""));
        return started(order.get(), provider, caller.address(request)).handle((attempt, failure) -> {
            if (failure == null) return to("");
            if (!(unwrapped(failure) instanceof Problem problem)) throw new CompletionException(unwrapped(failure));
            return to(
                    SHOWN_BY_STATE.contains(problem.type())
                            ? ""
                            : "?choose&problem=" + problem.type().slug());
        });
    }

    private CompletionStage<Attempt> started(PayOrder order, String provider, String address) {
        try {
            return payByCheckout.start(order, provider, address);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private Response to(String query) {
        return Response.seeOther(URI.create("/checkout/" + encoded(token) + query))
                .build();
    }

    /**
     * "Paid yet?": our own row and nothing else, held until there may be news.
     *
     * @param wait seconds to be held at most; a page whose connections are being cut asks with 0
     */
    @POST
    @Path("queryPayment")
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<JsonObject> queryPayment(@QueryParam("wait") @DefaultValue("25") int wait) {
        var english = Locale.ENGLISH.getLanguage().equals(Language.of(request).getLanguage());
        var id = orders.byCheckoutToken(token)
                .map(PayOrder::id)
                .orElseThrow(() -> ProblemType.NOT_FOUND.with(request.getRequestURI()));
        var waiter = signals.park(id); // first park, then read: no news falls in between
        var order = read(id);
        if (!worthWaiting(order) || wait <= 0) {
            waiter.leave();
            return CompletableFuture.completedFuture(answer(order, english, ASK_LATER_MS));
        }
        return waiter.await(Duration.ofSeconds(Math.min(wait, HELD)))
                .thenApply(news -> answer(read(id), english, ASK_AT_ONCE_MS));
    }

    private PayOrder read(UUID id) {
        return orders.byId(id).orElseThrow();
    }

    private boolean worthWaiting(PayOrder order) {
        return order.takesAttempts() && clock.instant().isBefore(order.expiresAt());
    }

    /** {@code ask_again_ms} is 0 once nothing more is to be expected: then the page looks for itself. */
    private JsonObject answer(PayOrder order, boolean english, int askAgain) {
        var past = !clock.instant().isBefore(order.expiresAt());
        var again = !order.takesAttempts() ? 0 : past ? ASK_LATER_MS : askAgain;
        return Json.createObjectBuilder(queryPayment.fromOurRow(order, english))
                .add("ask_again_ms", again)
                .build();
    }

    /** Back to the shop, to the address that was checked when the order was made; the shop asks us for the truth. */
    @GET
    @Path("return")
    public Response back() {
        var order = orders.byCheckoutToken(token);
        var url = order.flatMap(PayOrder::returnUrl);
        if (url.isEmpty()) return to("");
        return Response.seeOther(withNumber(url.get(), order.get().outTradeNo()))
                .build();
    }

    static URI withNumber(String url, String outTradeNo) {
        var hash = url.indexOf('#');
        var address = hash < 0 ? url : url.substring(0, hash);
        var fragment = hash < 0 ? "" : url.substring(hash);
        return URI.create(
                address + (address.contains("?") ? "&" : "?") + "out_trade_no=" + encoded(outTradeNo) + fragment);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
