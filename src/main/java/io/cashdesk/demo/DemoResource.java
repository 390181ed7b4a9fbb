package io.cashdesk.demo;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.page.View;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A small real shop. It knows the public API, its own key and its own books, and nothing else of this server. */
@RequestScoped
@Path("/demo")
public class DemoResource {
    private static final Logger LOG = Logger.getLogger(DemoResource.class);
    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyMMddHHmmss", Locale.ROOT);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final JsonWriterFactory PRETTY =
            Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));
    private static final int LARGEST_WEBHOOK = 64 * 1024;
    private static final int KEPT_OF_A_FORGED_ONE = 2_000;

    /** The headers that sign a webhook, in the spelling of the Standard Webhooks specification. */
    private static final List<String> SIGNED_WITH = List.of("webhook-id", "webhook-timestamp", "webhook-signature");

    @Inject
    DemoCredentials counter;

    @Inject
    ShopOrders books;

    @Inject
    PublicApi api;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @GET
    @Produces(MediaType.TEXT_HTML)
    public Response shop(@QueryParam(Language.NAME) String switched) {
        counter.contract();
        var language = Language.of(request);
        var model = model(language, "shop");
        model.put(
                "items",
                Arrays.stream(Item.values())
                        .map(i -> Map.of(
                                "word", i.word(), "yuan", Money.fen(i.fen()).yuan()))
                        .toList());
        return page(new View("demo/shop", language, model), switched);
    }

    @POST
    @Path("buy")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public Response buy(@FormParam("item") String word) {
        var contract = counter.contract();
        var language = Language.of(request);
        var item = Item.named(word).orElseThrow(NotFoundException::new);
        var no = number();
        books.open(no, item); // the shop's own row first: a webhook must find it
        String why;
        try {
            var answer = api.call(contract, "createCheckout", wish(contract, no, item, language));
            if (answer.status() == 200 && answer.body().getInt("code", -1) == 0) {
                return Response.seeOther(URI.create(answer.body().getString("checkout_url")))
                        .build();
            }
            why = answer.body().getString("msg", "HTTP " + answer.status());
        } catch (IOException e) {
            LOG.infof("The demo shop's createCheckout was not answered: %s", e.getMessage());
            why = String.valueOf(e.getMessage());
        }
        var model = model(language, "failed");
        model.put("why", why);
        return Response.status(Response.Status.BAD_GATEWAY)
                .entity(new View("demo/failed", language, model))
                .build();
    }

    private static JsonObject wish(DemoCredentials.Contract contract, String no, Item item, Locale language) {
        var data = Json.createObjectBuilder()
                .add("out_trade_no", no)
                .add("total_fee", item.fen())
                .add("subject", Messages.text(language, "demo.item." + item.word()))
                .add("type", "goods")
                .add("user_id", "demo-visitor")
                .add("custom", Json.createObjectBuilder().add("item", item.word()))
                .add("return_url", contract.base() + "/demo/orders/" + no);
        return Json.createObjectBuilder().add("data", data).build();
    }

    /** Twelve digits of time and eight letters of chance: nobody guesses another visitor's order. */
    private String number() {
        var number = new StringBuilder("D").append(SECOND.format(clock.instant().atZone(BEIJING)));
        for (int i = 0; i < 8; i++) number.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        return number.toString();
    }

    /** Where the payment server tells the shop. What is not signed is not believed. */
    @POST
    @Path("webhook")
    @Produces(MediaType.APPLICATION_JSON)
    public Response webhook(@Context HttpHeaders headers, byte[] bytes) {
        var contract = counter.contract();
        if (bytes.length > LARGEST_WEBHOOK)
            return Response.status(413).entity("{\"code\":413}").build();
        var body = new String(bytes, StandardCharsets.UTF_8);
        var valid = signed(contract.webhookSecret(), headers, body);
        var told = PublicApi.object(body);
        var data =
                told.containsKey("data") && told.get("data") instanceof JsonObject o ? o : JsonObject.EMPTY_JSON_OBJECT;
        var order = books.byNumber(data.getString("out_trade_no", ""));
        order.ifPresent(o -> keep(o, headers, valid, told.getString("type", ""), body));
        if (!valid)
            return Response.status(401)
                    .entity("{\"code\":401,\"msg\":\"the signature is wrong\"}")
                    .build();
        if (order.isPresent()
                && "payment.paid".equals(told.getString("type", ""))
                && data.get("total_fee") instanceof JsonNumber fee
                && fee.longValue() == order.get().price()) {
            books.paid(order.get().no());
        }
        return Response.ok("{\"code\":0}").build();
    }

    private void keep(ShopOrders.ShopOrder order, HttpHeaders headers, boolean valid, String type, String body) {
        var signedWith = new StringBuilder();
        for (var name : SIGNED_WITH) {
            signedWith
                    .append(name)
                    .append(": ")
                    .append(cut(header(headers, name), 200))
                    .append('\n');
        }
        books.keep(
                order.no(),
                cut(header(headers, "webhook-id"), 80),
                valid,
                cut(type, 40),
                signedWith.toString(),
                valid ? body : cut(body, KEPT_OF_A_FORGED_ONE));
    }

    private static boolean signed(String secret, HttpHeaders headers, String body) {
        var signature = new HashMap<String, List<String>>();
        for (var name : SIGNED_WITH) signature.put(name, List.of(header(headers, name)));
        try {
            new Webhook(secret).verify(body, signature);
            return true;
        } catch (WebhookVerificationException | IllegalArgumentException wrong) {
            return false; // shown on the order's page and answered with 401
        }
    }

    private static String header(HttpHeaders headers, String name) {
        var value = headers.getHeaderString(name);
        return value == null ? "" : value;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }

    @GET
    @Path("orders/{no}")
    @Produces(MediaType.TEXT_HTML)
    public Response order(@PathParam("no") String no, @QueryParam(Language.NAME) String switched) {
        var contract = counter.contract();
        var language = Language.of(request);
        var order = books.byNumber(no).orElseThrow(NotFoundException::new);
        var asked = order.paidAt().isPresent() ? Optional.<PublicApi.Answer>empty() : asked(contract, no);
        var known = books.byNumber(no).orElseThrow(NotFoundException::new); // the webhook may have come meanwhile
        var model = model(language, "order");
        model.put(
                "title",
                Messages.text(
                        language,
                        "demo.order.title",
                        Messages.text(language, "demo.item." + order.item().word())));
        model.put("no", no);
        model.put("item", order.item().word());
        model.put("yuan", Money.fen(order.price()).yuan());
        model.put("state", state(known, asked));
        model.put("refresh", known.paidAt().isEmpty() && paid(asked) ? 2 : null);
        model.put("asked", asked.map(a -> pretty(a.body())).orElse(null));
        model.put(
                "webhooks",
                books.webhooksOf(no).stream().map(DemoResource::shown).toList());
        model.put(
                "calls",
                List.of(
                        curl(contract, "createCheckout", wish(contract, no, order.item(), language)),
                        curl(
                                contract,
                                "queryPayment",
                                Json.createObjectBuilder()
                                        .add("out_trade_no", no)
                                        .build())));
        return page(new View("demo/order", language, model), switched);
    }

    private Optional<PublicApi.Answer> asked(DemoCredentials.Contract contract, String no) {
        try {
            return Optional.of(api.call(
                    contract,
                    "queryPayment",
                    Json.createObjectBuilder().add("out_trade_no", no).build()));
        } catch (IOException e) {
            LOG.infof("The demo shop's queryPayment was not answered: %s", e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean paid(Optional<PublicApi.Answer> asked) {
        return asked.filter(a -> a.body().getBoolean("orderPaid", false)).isPresent();
    }

    /** "paid" by our own row, "paid-untold" if only the query says so, "closed", or "unpaid". */
    private static String state(ShopOrders.ShopOrder order, Optional<PublicApi.Answer> asked) {
        if (order.paidAt().isPresent()) return "paid";
        if (paid(asked)) return "paid-untold";
        return asked.filter(a -> a.body().getInt("status", 0) == -1).isPresent() ? "closed" : "unpaid";
    }

    private static Map<String, Object> shown(ShopOrders.Arrived webhook) {
        var json = PublicApi.object(webhook.body());
        return Map.of(
                "at", CLOCK.format(webhook.at().atZone(BEIJING)),
                "type", webhook.type(),
                "verdict", webhook.valid() ? "valid" : "invalid",
                "headers", webhook.headers().strip(),
                "body", json.isEmpty() ? webhook.body() : pretty(json),
                "times", webhook.times());
    }

    private static String curl(DemoCredentials.Contract contract, String name, JsonObject body) {
        return "curl " + contract.base() + "/api/pay/" + name + " -H 'Authorization: Bearer " + contract.keyBegins()
                + "' -H 'Content-Type: application/json' -d '" + body + "'";
    }

    private static String pretty(JsonObject json) {
        var text = new StringWriter();
        try (var writer = PRETTY.createWriter(text)) {
            writer.writeObject(json);
        }
        return text.toString().strip();
    }

    private Map<String, Object> model(Locale language, String page) {
        var model = new LinkedHashMap<String, Object>();
        model.put("face", "demo");
        model.put("test", true);
        model.put("title", Messages.text(language, "demo." + page + ".title"));
        model.put("otherLanguage", Locale.ENGLISH.getLanguage().equals(language.getLanguage()) ? "zh" : "en");
        return model;
    }

    private static Response page(View view, String switched) {
        var answer = Response.ok(view);
        return switched == null
                ? answer.build()
                : answer.cookie(Language.remember(view.language())).build();
    }
}
