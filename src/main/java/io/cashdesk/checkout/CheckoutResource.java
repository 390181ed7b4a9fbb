package io.cashdesk.checkout;

import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.PayByCheckout;
import io.cashdesk.payment.QueryPayment;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Providers;
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
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    PayerLogin knownPayer;

    @Inject
    Settings settings;

    @Inject
    Providers providers;

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
            @QueryParam("any") String any,
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
        var client = Client.browser(userAgent);
        var ways = payByCheckout.waysFor(order.get(), client);
        var mayAsk = order.get().takesAttempts() && problem == null;
        var mustAsk = mayAsk ? notYetKnown(order.get(), ways) : Optional.<Response>empty();
        if (mustAsk.isPresent()) return mustAsk.get();
        var wish = choose != null
                ? PageState.Wish.CHOOSE
                : any != null ? PageState.Wish.ANY_CODE : asked != null ? PageState.Wish.ASKED : PageState.Wish.NOTHING;
        var view = view(order.get(), ways, wish, Optional.ofNullable(problem), client, language);
        var answer = Response.ok(view);
        return switched == null
                ? answer.build()
                : answer.cookie(Language.remember(language)).build();
    }

    /** Where a product must know the payer, the browser is sent to the wallet's page once, before it sees ours. */
    private Optional<Response> notYetKnown(PayOrder order, PayByCheckout.Ways ways) {
        return ways.here().stream()
                .filter(PayByCheckout.Way::needsOpenid)
                .filter(way -> knownPayer.known(request, order, way.payType()).isEmpty())
                .findFirst()
                .flatMap(way -> knownPayer.ask(order, way.payType()));
    }

    /** Back from the wallet's page. */
    @GET
    @Path("payer")
    public Response payer(
            @QueryParam("state") String state,
            @Context UriInfo uri,
            @HeaderParam(HttpHeaders.USER_AGENT) String userAgent) {
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) return to("");
        return payByCheckout.waysFor(order.get(), Client.browser(userAgent)).here().stream()
                .filter(PayByCheckout.Way::needsOpenid)
                .findFirst()
                .map(way -> knownPayer.answered(
                        request,
                        order.get(),
                        way.payType(),
                        uri.getQueryParameters().getFirst(knownPayer.codeParameter(way.payType())),
                        state))
                .orElseGet(() -> to(""));
    }

    private View view(
            PayOrder order,
            PayByCheckout.Ways ways,
            PageState.Wish wish,
            Optional<String> problem,
            Client client,
            Locale language) {
        var now = clock.instant();
        var latest = attempts.latestOf(order.id());
        var ofUse = latest.filter(a -> ways.with(a.provider())
                .filter(w -> w.payType().toString().equals(a.payType()))
                .isPresent());
        var prompt = ofUse.flatMap(payByCheckout::prompt);
        var shown = ofUse.filter(a -> prompt.isPresent());
        var state = PageState.of(PageState.Facts.of(order, shown, opensWallet(prompt)), wish, now);
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
                state.waits() ? offered(order, ways) : CheckoutPage.Ways.NONE,
                state.waits() ? step(order, state, shown, prompt, now) : Optional.empty(),
                beingAskedAbout(order, state),
                client,
                state == PageState.CHOOSE ? problem : Optional.empty(),
                problem.filter(ProblemType.PROVIDER_REFUSED.slug()::equals).flatMap(p -> latest.flatMap(this::refusal)),
                now);
        return page.view(language);
    }

    private static boolean opensWallet(Optional<PaymentPrompt> prompt) {
        return prompt.filter(p -> !(p instanceof PaymentPrompt.ScanQrCode)).isPresent();
    }

    /** A wallet that would not say who pays cannot be paid with here. */
    private CheckoutPage.Ways offered(PayOrder order, PayByCheckout.Ways ways) {
        var here = new ArrayList<String>();
        var elsewhere = new ArrayList<>(
                ways.elsewhere().stream().map(p -> p.name().value()).toList());
        for (var way : ways.here()) {
            var unknown = way.needsOpenid()
                    && knownPayer
                            .known(request, order, way.payType())
                            .orElse("")
                            .isEmpty();
            (unknown ? elsewhere : here).add(way.provider().name().value());
        }
        return new CheckoutPage.Ways(here, elsewhere);
    }

    private Optional<CheckoutPage.Step> step(
            PayOrder order, PageState state, Optional<Attempt> shown, Optional<PaymentPrompt> prompt, Instant now) {
        if (state == PageState.ANY_CODE) {
            var address = settings.baseUrl() + "/q/" + token;
            return Optional.of(new CheckoutPage.Scan("any", address, QrCode.svg(address), order.expiresAt()));
        }
        return shown.flatMap(attempt -> prompt.map(p -> {
            if (p instanceof PaymentPrompt.ScanQrCode scan) {
                return new CheckoutPage.Scan(
                        attempt.provider(), scan.content(), QrCode.svg(scan.content()), attempt.expiresAt());
            }
            var old = attempt.promptEndsWithin(Duration.ofSeconds(10), now);
            var url = p instanceof PaymentPrompt.GoTo go && !old ? Optional.of(go.url()) : Optional.<String>empty();
            var launch = p instanceof PaymentPrompt.CallWallet call && !old
                    ? Optional.of(call.orderInfo().toString())
                    : Optional.<String>empty();
            return new CheckoutPage.Open(attempt.provider(), url, launch);
        }));
    }

    /** The address says only that there was a refusal; which one, our own row says. */
    private Optional<LocalizedText> refusal(Attempt attempt) {
        var asked = attempt.byPaymentCode() ? PaymentProvider.Call.CODE_PAY : PaymentProvider.Call.CREATE;
        return attempt.providerCode()
                .map(code -> providers
                        .named(attempt.provider())
                        .explain(asked, code, "")
                        .payer());
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
    public CompletionStage<Response> pay(
            @FormParam("provider") @DefaultValue("") String provider,
            @HeaderParam(HttpHeaders.USER_AGENT) String userAgent) {
        var order = orders.byCheckoutToken(token);
        if (order.isEmpty()) return CompletableFuture.completedFuture(to(""));
        return started(order.get(), provider, Client.browser(userAgent)).handle((attempt, failure) -> {
            if (failure == null) return to(opensWallet(payByCheckout.prompt(attempt)) ? "?open" : "");
            if (!(unwrapped(failure) instanceof Problem problem)) throw new CompletionException(unwrapped(failure));
            return to(
                    SHOWN_BY_STATE.contains(problem.type())
                            ? ""
                            : "?choose&problem=" + problem.type().slug());
        });
    }

    private CompletionStage<Attempt> started(PayOrder order, String provider, Client client) {
        try {
            var openid = payByCheckout
                    .waysFor(order, client)
                    .with(provider)
                    .filter(PayByCheckout.Way::needsOpenid)
                    .flatMap(way -> knownPayer.known(request, order, way.payType()))
                    .orElse("");
            var backTo = URI.create(settings.baseUrl() + "/checkout/" + token);
            return payByCheckout.start(order, provider, client, caller.address(request), openid, backTo);
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
