package io.cashdesk.demo;

import static java.util.stream.Collectors.joining;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * A demo shop that integrates Cashdesk as a merchant does: only through the public API, its own API key and its own
 * tables.
 */
@RequestScoped
@Path("/demo")
public class DemoResource {
    private static final Logger LOG = Logger.getLogger(DemoResource.class);
    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyMMddHHmmss", Locale.ROOT);
    private static final String CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_WEBHOOK = 64 * 1024;
    private static final int MAX_FORGED_BODY = 2_000;

    /** The provider refused the refund, which ends it; docs/api.md, "refund". */
    private static final int PROVIDER_REFUSED = 3002;

    /** Refusals after which the same call is to be repeated; docs/api.md, "All errors". */
    private static final Set<Integer> REFUSED_FOR_NOW = Set.of(2004, 2008, 2019);

    /** Signature headers of a webhook; Standard Webhooks specification. */
    private static final List<String> SIGNATURE_HEADERS =
            List.of("webhook-id", "webhook-timestamp", "webhook-signature");

    @Inject
    DemoCredentials demoCredentials;

    @Inject
    ShopOrders orders;

    @Inject
    PublicApi api;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @GET
    @Produces(MediaType.TEXT_HTML)
    public Response shop(@QueryParam(Language.NAME) String switched) {
        demoCredentials.read();
        var language = Language.of(request);
        var model = model(language, "shop");
        model.put(
                "items",
                Arrays.stream(Item.values())
                        .map(i -> Map.of(
                                "word", i.key(), "yuan", Money.fen(i.fen()).yuan()))
                        .toList());
        return page(new View("demo/shop", language, model), switched);
    }

    @POST
    @Path("buy")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public Response buy(@FormParam("item") String word) {
        var credentials = demoCredentials.read();
        var language = Language.of(request);
        var item = Item.byKey(word).orElseThrow(NotFoundException::new);
        var no = number();
        orders.open(no, item); // before the API call, because a webhook can arrive before its response
        String reason;
        try {
            var response = api.call(credentials, "createCheckout", checkoutRequest(credentials, no, item, language));
            if (response.status() == 200 && response.body().getInt("code", -1) == 0) {
                return Redirect.outside(URI.create(response.body().getString("checkout_url")))
                        .build();
            }
            reason = response.body().getString("msg", "HTTP " + response.status());
        } catch (IOException e) {
            LOG.infof("The demo shop's createCheckout was not answered: %s", e.getMessage());
            reason = String.valueOf(e.getMessage());
        }
        var model = model(language, "failed");
        model.put("why", reason);
        return Response.status(Response.Status.BAD_GATEWAY)
                .entity(new View("demo/failed", language, model))
                .build();
    }

    private static JsonObject checkoutRequest(
            DemoCredentials.Credentials credentials, String no, Item item, Locale language) {
        var data = Json.createObjectBuilder()
                .add("out_trade_no", no)
                .add("total_fee", item.fen())
                .add("subject", Messages.text(language, "demo.item." + item.key()))
                .add("type", "goods")
                .add("user_id", "demo-visitor")
                .add("custom", Json.createObjectBuilder().add("item", item.key()))
                .add("return_url", credentials.base() + "/demo/orders/" + no);
        return Json.createObjectBuilder().add("data", data).build();
    }

    /** An order number: "D", twelve digits of the time, and eight random characters, so that it cannot be guessed. */
    private String number() {
        var number = new StringBuilder("D").append(SECOND.format(clock.instant().atZone(BEIJING)));
        for (int i = 0; i < 8; i++) number.append(CHARACTERS.charAt(RANDOM.nextInt(CHARACTERS.length())));
        return number.toString();
    }

    /** Receives webhooks. One with a wrong signature is stored to be shown, answered with 401, and changes nothing. */
    @POST
    @Path("webhook")
    @Produces(MediaType.APPLICATION_JSON)
    public Response webhook(@Context HttpHeaders headers, byte[] bytes) {
        var credentials = demoCredentials.read();
        if (bytes.length > MAX_WEBHOOK)
            return Response.status(413).entity("{\"code\":413}").build();
        var body = new String(bytes, StandardCharsets.UTF_8);
        var valid = verify(credentials.webhookSecret(), headers, body);
        var event = PublicApi.object(body);
        var data = event.containsKey("data") && event.get("data") instanceof JsonObject o
                ? o
                : JsonObject.EMPTY_JSON_OBJECT;
        var order = orders.byNumber(data.getString("out_trade_no", ""));
        order.ifPresent(o -> store(o, headers, valid, event.getString("type", ""), body));
        if (!valid)
            return Response.status(401)
                    .entity("{\"code\":401,\"msg\":\"the signature is wrong\"}")
                    .build();
        order.ifPresent(o -> apply(o, event, data));
        return Response.ok("{\"code\":0}").build();
    }

    /** Changes the shop's own order as a webhook with a right signature says. */
    private void apply(ShopOrders.ShopOrder order, JsonObject event, JsonObject data) {
        var type = event.getString("type", "");
        var paid = type.equals("payment.paid")
                && data.get("total_fee") instanceof JsonNumber fee
                && fee.longValue() == order.price();
        if (paid) orders.paid(order.no());
        var ended = type.equals("refund.succeeded") ? "success" : type.equals("refund.failed") ? "failed" : "";
        if (!ended.isEmpty()
                && event.get("refund") instanceof JsonObject refund
                && refund.get("refund_fee") instanceof JsonNumber fee
                && fee.longValue() > 0) {
            orders.refundReported(
                    order.no(),
                    refund.getString("out_refund_no", ""),
                    fee.longValue(),
                    refund.getString("cause", "merchant"),
                    ended);
        }
    }

    private void store(ShopOrders.ShopOrder order, HttpHeaders headers, boolean valid, String type, String body) {
        var signedWith = new StringBuilder();
        for (var name : SIGNATURE_HEADERS) {
            signedWith
                    .append(name)
                    .append(": ")
                    .append(cut(header(headers, name), 200))
                    .append('\n');
        }
        orders.store(
                order.no(),
                cut(header(headers, "webhook-id"), 80),
                valid,
                cut(type, 40),
                signedWith.toString(),
                valid ? body : cut(body, MAX_FORGED_BODY));
    }

    private static boolean verify(String secret, HttpHeaders headers, String body) {
        var signature = new HashMap<String, List<String>>();
        for (var name : SIGNATURE_HEADERS) signature.put(name, List.of(header(headers, name)));
        try {
            new Webhook(secret).verify(body, signature);
            return true;
        } catch (WebhookVerificationException | IllegalArgumentException wrong) {
            return false;
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
    public Response order(
            @PathParam("no") String no,
            @QueryParam(Language.NAME) String switched,
            @QueryParam("said") @DefaultValue("") String said) {
        var credentials = demoCredentials.read();
        var language = Language.of(request);
        var order = orders.byNumber(no).orElseThrow(NotFoundException::new);
        var response =
                order.paidAt().isPresent() ? Optional.<PublicApi.ApiResponse>empty() : queryPayment(credentials, no);
        var version = version(order); // before the records are read, so that a change in between is not missed
        var model = model(language, "order");
        model.putAll(new OrderPage(language, clock.instant())
                .model(
                        orders.byNumber(no)
                                .orElseThrow(NotFoundException::new), // again: a webhook may have come meanwhile
                        response,
                        orders.webhooksOf(no),
                        orders.refundsOf(no)));
        model.put("version", version);
        model.put("said", said.equals("refund") ? said : "");
        var calls = new ArrayList<String>();
        calls.add(curl(credentials, "createCheckout", checkoutRequest(credentials, no, order.item(), language)));
        calls.add(curl(
                credentials,
                "queryPayment",
                Json.createObjectBuilder().add("out_trade_no", no).build()));
        for (var refund : orders.refundsOf(no)) {
            if (!refund.answer().isEmpty()) calls.add(curl(credentials, "refund", refundRequest(no, refund)));
        }
        model.put("calls", calls);
        return page(new View("demo/order", language, model), switched);
    }

    /** A text that changes when the page of this order does; its script reads it every one to five seconds. */
    @GET
    @Path("orders/{no}/news")
    @Produces(MediaType.TEXT_PLAIN)
    public String news(@PathParam("no") String no) {
        demoCredentials.read();
        return version(orders.byNumber(no).orElseThrow(NotFoundException::new));
    }

    /**
     * While it is unpaid, and for {@link OrderPage#FOLLOWED} at most, it changes every 15 seconds too: query again.
     * Webhooks with a wrong signature do not change it, because anyone can send them.
     */
    private String version(ShopOrders.ShopOrder order) {
        var followed = order.createdAt().plus(OrderPage.FOLLOWED).isAfter(clock.instant());
        var turn = order.paidAt().isEmpty() && followed ? clock.instant().getEpochSecond() / 15 : 0;
        var webhooks = orders.webhooksOf(order.no());
        var arrived = webhooks.stream()
                .filter(ShopOrders.ReceivedWebhook::valid)
                .mapToInt(ShopOrders.ReceivedWebhook::times)
                .sum();
        var refunds = orders.refundsOf(order.no()).stream()
                .map(r -> r.state().substring(0, 1))
                .collect(joining());
        return order.paidAt().isPresent() + "-" + arrived + "-" + refunds + "-" + turn;
    }

    /** The operator of the shop refunds a part or all of what was paid: the API call refund, with the shop's key. */
    @POST
    @Path("orders/{no}/refund")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response refund(@PathParam("no") String no, @FormParam("yuan") @DefaultValue("") String yuan) {
        var credentials = demoCredentials.read();
        var order = orders.byNumber(no).orElseThrow(NotFoundException::new);
        var fee = OrderPage.fen(yuan);
        var opened = order.paidAt().isEmpty() || fee.isEmpty()
                ? Optional.<String>empty()
                : orders.openRefund(order, fee.get()); // before the API call, because a webhook can arrive first
        if (opened.isEmpty())
            return Redirect.inside("/demo/orders/" + no + "?said=refund").build();
        var refund = orders.refundsOf(no).stream()
                .filter(r -> r.no().equals(opened.get()))
                .findFirst()
                .orElseThrow();
        try {
            var response = api.call(credentials, "refund", refundRequest(no, refund));
            orders.answered(refund.no(), stateAfter(response), cut(OrderPage.pretty(response.body()), 4_000));
        } catch (IOException e) {
            LOG.infof("The demo shop's refund was not answered: %s", e.getMessage());
            orders.answered(refund.no(), ShopOrders.REQUESTED, String.valueOf(e.getMessage()));
        }
        return Redirect.inside("/demo/orders/" + no).build();
    }

    /**
     * What the answer of refund says about it. Only a clear refusal ends it: the API refused the request (4xx), or the
     * provider did (3002). After any other answer, such as 5xx, "repeat this later" or a proxy's page, the refund may
     * have been made, so it stays requested, and the next request repeats its {@code out_refund_no}.
     */
    static String stateAfter(PublicApi.ApiResponse response) {
        int code = response.body().getInt("code", -1);
        if (code == 0) {
            var status = response.body().getString("refund_status", "");
            return status.equals("failed") || status.equals("closed") ? "failed" : "processing";
        }
        var refused = response.status() >= 400
                && response.status() < 500
                && response.status() != 429
                && !REFUSED_FOR_NOW.contains(code);
        return code > 0 && (refused || code == PROVIDER_REFUSED) ? "failed" : ShopOrders.REQUESTED;
    }

    private static JsonObject refundRequest(String no, ShopOrders.Refund refund) {
        return Json.createObjectBuilder()
                .add("out_trade_no", no)
                .add("out_refund_no", refund.no())
                .add("refund_fee", refund.fee())
                .build();
    }

    private Optional<PublicApi.ApiResponse> queryPayment(DemoCredentials.Credentials credentials, String no) {
        try {
            return Optional.of(api.call(
                    credentials,
                    "queryPayment",
                    Json.createObjectBuilder().add("out_trade_no", no).build()));
        } catch (IOException e) {
            LOG.infof("The demo shop's queryPayment was not answered: %s", e.getMessage());
            return Optional.empty();
        }
    }

    private static String curl(DemoCredentials.Credentials credentials, String name, JsonObject body) {
        return "curl " + credentials.base() + "/api/pay/" + name + " -H 'Authorization: Bearer "
                + credentials.keyBegins() + "' -H 'Content-Type: application/json' -d '" + body + "'";
    }

    private Map<String, Object> model(Locale language, String page) {
        var model = new LinkedHashMap<String, Object>();
        model.put("test", true);
        model.put("title", Messages.text(language, "demo." + page + ".title"));
        model.put("otherLanguage", Locale.ENGLISH.getLanguage().equals(language.getLanguage()) ? "zh" : "en");
        return model;
    }

    private Response page(View view, String switched) {
        var answer = Response.ok(view);
        return switched == null
                ? answer.build()
                : answer.cookie(Language.remember(view.language(), settings.isHttps()))
                        .build();
    }
}
