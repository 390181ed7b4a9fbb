package io.cashdesk.simulator;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The payer's wallet as a page: a tester opens a code, pays, declines, lets it expire, or sets faults. */
@RequestScoped
@Path("/simulator")
@Produces(MediaType.TEXT_HTML)
public class WalletResource {
    /** For ten minutes. */
    private static final int MOST_TURNS = 75;

    private static final int SECONDS_OF_A_TURN = 8;

    @Inject
    TradeStore trades;

    @Inject
    WalletPage walletPage;

    @Inject
    OrdersPage ordersPage;

    @Inject
    FaultSettings faultSettings;

    @Inject
    TradeOperations operations;

    @Inject
    SimulatedProviders providers;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /** The orders; in development only, because elsewhere a stranger would see others' orders. */
    @GET
    public Response orders(
            @QueryParam("wallet") String wallet,
            @QueryParam("state") String state,
            @QueryParam("before") String before) {
        if (!settings.development()) throw new NotFoundException();
        var choice = ordersPage.choice(wallet, state, before);
        var language = Language.of(request);
        return page("simulator/orders", ordersPage.model(choice, language), choice.address(choice.before()), 200);
    }

    /** The page with a link to itself in the other language; a language that the address names is remembered. */
    private Response page(String template, Map<String, Object> model, String here, int status) {
        var language = Language.of(request);
        var other = Locale.ENGLISH.getLanguage().equals(language.getLanguage()) ? "zh" : "en";
        var whole = new LinkedHashMap<>(model);
        whole.put("otherLanguage", other);
        whole.put("otherAddress", here + (here.contains("?") ? "&" : "?") + "lang=" + other);
        var response = Response.status(status).entity(new View(template, language, whole));
        return request.getParameter(Language.NAME) == null
                ? response.build()
                : response.cookie(Language.remember(language, settings.isHttps()))
                        .build();
    }

    /** A provider's colour for the pages, as a style sheet, because the pages allow no inline styles. */
    @GET
    @Path("style/{provider}.css")
    @Produces("text/css")
    public String style(@PathParam("provider") String name) {
        var provider = providers.all().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(NotFoundException::new);
        return ".desk { --brand: " + provider.walletStyle().colour() + "; --on-brand: #ffffff; }\n";
    }

    /**
     * @param turn of a browser without scripts: how often the page has loaded itself again; "off": it does not
     * @param open anything: the bodies in the log are unfolded
     */
    @GET
    @Path("wallet")
    public Response wallet(
            @QueryParam("code") String code,
            @QueryParam("said") @DefaultValue("") String said,
            @QueryParam("turn") @DefaultValue("0") String turn,
            @QueryParam("open") String open) {
        var found = code == null ? Optional.<Trade>empty() : trades.byCode(code.strip());
        if (found.isEmpty()) {
            return page(
                    "simulator/unknown", Map.of("given", code != null), "/simulator/wallet", code == null ? 200 : 404);
        }
        var trade = operations.scan(found.get());
        var model = walletPage.model(trade, Language.of(request));
        model.put("said", List.of("declined", "too-late", "dialled").contains(said) ? said : "");
        var done = !(boolean) model.get("payable") || said.equals("declined");
        var leave = done ? providers.of(trade).merchantPage(trade) : "";
        model.put("leave", leave);
        model.put("list", settings.development());
        var here = link(trade.code(), "") + (open == null ? "" : "&open=1");
        model.put("open", open != null);
        model.put("openAddress", link(trade.code(), "") + (open == null ? "&open=1" : "") + "#log");
        model.put("news", "/simulator/wallet/news?code=" + encoded(trade.code()));
        model.put("refresh", leave.isEmpty() ? refresh(here, turn) : null);
        model.put("still", here + "&turn=off");
        model.put("moving", here);
        return page("simulator/wallet", model, here, 200);
    }

    /** Until when and where to a browser without scripts loads the page again, as in a refresh header, or null. */
    private static String refresh(String here, String turn) {
        if (!turn.matches("\\d{1,3}") || Integer.parseInt(turn) >= MOST_TURNS) return null;
        return SECONDS_OF_A_TURN + ";url=" + here + "&turn=" + (Integer.parseInt(turn) + 1);
    }

    /** A text that changes when the wallet page of this code does; its script reads it every one to five seconds. */
    @GET
    @Path("wallet/news")
    @Produces(MediaType.TEXT_PLAIN)
    public String news(@QueryParam("code") String code) {
        return walletPage.version(operations.current(byCode(code)));
    }

    @POST
    @Path("wallet/pay")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response pay(@FormParam("code") String code, @FormParam("wallet") @DefaultValue("") String wallet) {
        return back(code, operations.pay(byCode(code), wallet) ? "" : "too-late");
    }

    @POST
    @Path("wallet/decline")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response decline(@FormParam("code") String code) {
        operations.decline(byCode(code));
        return back(code, "declined");
    }

    @POST
    @Path("wallet/expire")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response expire(@FormParam("code") String code) {
        operations.expire(byCode(code));
        return back(code, "");
    }

    @POST
    @Path("wallet/dial")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response setFaults(@FormParam("code") String code, @FormParam("fault") List<String> names) {
        var faults = new LinkedHashSet<Fault>();
        names.forEach(name -> providers.fault(name).ifPresent(faults::add));
        faultSettings.set(byCode(code).id(), faults);
        return back(code, "dialled");
    }

    private Trade byCode(String code) {
        return trades.byCode(code == null ? "" : code).orElseThrow(NotFoundException::new);
    }

    private static Response back(String code, String said) {
        return Redirect.inside(link(code, said)).build();
    }

    /** The path of a trade's wallet page. */
    public static String page(Trade trade) {
        return link(trade.code(), "");
    }

    private static String link(String code, String said) {
        return "/simulator/wallet?code=" + encoded(code) + (said.isEmpty() ? "" : "&said=" + said);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
