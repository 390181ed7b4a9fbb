package io.cashdesk.simulator;

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
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A wallet on a page: a person opens a code, pays, declines or lets it expire, and turns the fault dial. */
@RequestScoped
@Path("/simulator")
@Produces(MediaType.TEXT_HTML)
public class WalletResource {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    Cashier cashier;

    @Inject
    AlipayBooks alipay;

    @Inject
    AlipayGate gate;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    /** Every order there is; on a server that strangers can reach nobody is shown others' orders. */
    @GET
    public View orders() {
        if (!settings.development()) throw new NotFoundException();
        var rows = books.latestTrades().stream()
                .map(t -> Map.of(
                        "number", t.number(),
                        "provider", t.provider(),
                        "amount", AlipayMessages.yuan(t.amount()),
                        "subject", t.subject(),
                        "state", t.state(),
                        "link", link(t.code(), "")))
                .toList();
        return new View("simulator/orders", Language.of(request), Map.of("orders", rows));
    }

    @GET
    @Path("wallet")
    public Response wallet(@QueryParam("code") String code, @QueryParam("said") @DefaultValue("") String said) {
        var found = code == null ? Optional.<Books.Trade>empty() : books.tradeByCode(code.strip());
        if (found.isEmpty()) {
            var status = code == null ? 200 : 404;
            return Response.status(status)
                    .entity(new View("simulator/unknown", Language.of(request), Map.of("asked", code != null)))
                    .build();
        }
        var model = model(cashier.scan(found.get()));
        model.put("said", List.of("declined", "too-late", "dialled").contains(said) ? said : "");
        var done = !model.get("state").equals("NOTPAY") || said.equals("declined");
        model.put("leave", done ? merchantsPage(found.get()) : "");
        return Response.ok(new View("simulator/wallet", Language.of(request), model))
                .build();
    }

    /** Where the browser that opened the wallet wants to go afterwards, or an empty text. */
    private String merchantsPage(Books.Trade trade) {
        var page = alipay.detail(trade.id());
        if (page.isPresent()) {
            var now = books.trade(trade.id());
            if (!now.state().equals("SUCCESS")) return page.get().quitUrl();
            return page.get().returnUrl().isEmpty()
                    ? ""
                    : gate.backToShop(books.account(now.accountId()), now, page.get());
        }
        return wechat.prepay(trade.code()).map(WechatBooks.Prepay::redirectUrl).orElse("");
    }

    private Map<String, Object> model(Books.Trade trade) {
        var over = trade.expired(clock.instant()) || cashier.stale(trade);
        var state = over && !trade.state().equals("SUCCESS") ? "CLOSED" : trade.state();
        var model = new LinkedHashMap<String, Object>();
        model.put("provider", trade.provider());
        model.put("state", state);
        model.put("number", trade.number());
        model.put("subject", trade.subject());
        model.put("code", trade.code());
        var yuan = AlipayMessages.yuan(trade.amount());
        model.put("yuan", yuan.substring(0, yuan.indexOf('.')));
        model.put("fen", yuan.substring(yuan.indexOf('.')));
        model.put("seller", books.account(trade.accountId()).mchNo());
        var dial = new LinkedHashMap<String, Boolean>();
        for (var fault : Fault.values()) {
            if (fault.happensAt(trade.provider()))
                dial.put(fault.name(), trade.faults().contains(fault));
        }
        model.put("dial", dial);
        model.put(
                "log",
                books.log(trade.number()).stream()
                        .map(l -> Map.of(
                                "at", CLOCK.format(l.at().atOffset(ZoneOffset.ofHours(8))),
                                "way", l.way(),
                                "what", l.what(),
                                "verdict", l.verdict(),
                                "content", l.content()))
                        .toList());
        return model;
    }

    @POST
    @Path("wallet/pay")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response pay(@FormParam("code") String code) {
        return back(code, cashier.pay(byCode(code)) ? "" : "too-late");
    }

    @POST
    @Path("wallet/decline")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response decline(@FormParam("code") String code) {
        cashier.decline(byCode(code));
        return back(code, "declined");
    }

    @POST
    @Path("wallet/expire")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response expire(@FormParam("code") String code) {
        var trade = byCode(code);
        books.expireNow(trade.id());
        cashier.current(books.trade(trade.id()));
        alipay.lookNow(trade.id());
        return back(code, "");
    }

    @POST
    @Path("wallet/dial")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response dial(@FormParam("code") String code, @FormParam("fault") List<String> faults) {
        var chosen = EnumSet.noneOf(Fault.class);
        Arrays.stream(Fault.values()).filter(f -> faults.contains(f.name())).forEach(chosen::add);
        books.dial(byCode(code).id(), chosen);
        return back(code, "dialled");
    }

    private Books.Trade byCode(String code) {
        return books.tradeByCode(code == null ? "" : code).orElseThrow(NotFoundException::new);
    }

    private static Response back(String code, String said) {
        return Response.seeOther(URI.create(link(code, said))).build();
    }

    /** Relative to the application, as redirects from a resource are. */
    private static String link(String code, String said) {
        return "/simulator/wallet?code=" + URLEncoder.encode(code, StandardCharsets.UTF_8)
                + (said.isEmpty() ? "" : "&said=" + said);
    }
}
