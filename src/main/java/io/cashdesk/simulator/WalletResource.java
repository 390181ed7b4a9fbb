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
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The payer's wallet as a page: a tester opens a code, pays, declines, lets it expire, or sets faults. */
@RequestScoped
@Path("/simulator")
@Produces(MediaType.TEXT_HTML)
public class WalletResource {
    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    @Inject
    TradeStore trades;

    @Inject
    AccountStore accounts;

    @Inject
    FaultSettings faultSettings;

    @Inject
    ExchangeLog log;

    @Inject
    TradeOperations operations;

    @Inject
    SimulatedProviders providers;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    /** The newest orders; in development only, because elsewhere a stranger would see others' orders. */
    @GET
    public View orders() {
        if (!settings.development()) throw new NotFoundException();
        var rows = trades.latest().stream()
                .map(t -> Map.of(
                        "number", t.number(),
                        "provider", t.provider(),
                        "amount", Yuan.text(t.amount()),
                        "subject", t.subject(),
                        "state", t.state(),
                        "link", link(t.code(), "")))
                .toList();
        return new View("simulator/orders", Language.of(request), Map.of("orders", rows));
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

    @GET
    @Path("wallet")
    public Response wallet(@QueryParam("code") String code, @QueryParam("said") @DefaultValue("") String said) {
        var found = code == null ? Optional.<Trade>empty() : trades.byCode(code.strip());
        if (found.isEmpty()) {
            var status = code == null ? 200 : 404;
            return Response.status(status)
                    .entity(new View("simulator/unknown", Language.of(request), Map.of("given", code != null)))
                    .build();
        }
        var model = model(operations.scan(found.get()));
        model.put("said", List.of("declined", "too-late", "dialled").contains(said) ? said : "");
        var done = !model.get("state").equals("NOTPAY") || said.equals("declined");
        model.put("leave", done ? merchantPage(found.get()) : "");
        return Response.ok(new View("simulator/wallet", Language.of(request), model))
                .build();
    }

    private String merchantPage(Trade trade) {
        return providers.of(trade).merchantPage(trades.get(trade.id()));
    }

    private Map<String, Object> model(Trade trade) {
        var provider = providers.of(trade);
        var over = trade.expired(clock.instant()) || provider.cannotBeOpened(trade);
        var model = new LinkedHashMap<String, Object>();
        model.put("provider", trade.provider());
        model.put("state", over && !trade.state().equals("SUCCESS") ? "CLOSED" : trade.state());
        model.put("number", trade.number());
        model.put("subject", trade.subject());
        model.put("code", trade.code());
        var yuan = Yuan.text(trade.amount());
        model.put("yuan", yuan.substring(0, yuan.indexOf('.')));
        model.put("fen", yuan.substring(yuan.indexOf('.')));
        model.put("seller", accounts.get(trade.accountId()).mchNo());
        var faults = new LinkedHashMap<String, Boolean>();
        for (var fault : provider.faults()) faults.put(fault.name(), trade.has(fault));
        model.put("dial", faults);
        model.put(
                "log", log.of(trade.number()).stream().map(WalletResource::line).toList());
        return model;
    }

    private static Map<String, String> line(ExchangeLog.Entry entry) {
        return Map.of(
                "at", TIME_OF_DAY.format(entry.at().atOffset(ZoneOffset.ofHours(8))),
                "way", entry.way(),
                "what", entry.what(),
                "verdict", entry.verdict(),
                "content", entry.content());
    }

    @POST
    @Path("wallet/pay")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response pay(@FormParam("code") String code) {
        return back(code, operations.pay(byCode(code)) ? "" : "too-late");
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
        return "/simulator/wallet?code=" + URLEncoder.encode(code, StandardCharsets.UTF_8)
                + (said.isEmpty() ? "" : "&said=" + said);
    }
}
