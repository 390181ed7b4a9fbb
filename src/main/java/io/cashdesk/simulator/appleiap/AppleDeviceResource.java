package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
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
import java.io.StringReader;
import java.util.Optional;

/** The App Store on the payer's device: the call with which an app buys, and a page that plays it. */
@RequestScoped
@Path(AppleServer.PATH)
public class AppleDeviceResource {
    @Inject
    AppleOrders orders;

    @Inject
    AppleSales sales;

    @Inject
    ApplePurchases purchases;

    @Inject
    ApplePapers papers;

    @Inject
    TradeStore trades;

    @Inject
    AppleStorePage page;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /** What StoreKit's purchase does, and what the app has afterwards. */
    @POST
    @Path("buy")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject buy(byte[] bytes) {
        var body = JsonBody.parse(bytes)
                .only(
                        "bundle_id",
                        "product_id",
                        "appAccountToken",
                        "quantity",
                        "environment",
                        "price",
                        "currency",
                        "ownership",
                        "notify",
                        "with");
        return buy(body);
    }

    private JsonObject buy(JsonBody body) {
        return papers.of(bought(body), Json.createObjectBuilder().add("code", 0))
                .build();
    }

    private ApplePurchase bought(JsonBody body) {
        var app = orders.app(body);
        return sales.buy(app, orders.order(app, body), body.flag("notify", true));
    }

    /**
     * The page.
     *
     * @param app the bundle id
     * @param token {@code appAccountToken}, or JSON that contains it
     * @param code of a purchase whose details are shown first
     * @param said what the page says of the operation before
     */
    @GET
    @Path("store")
    @Produces(MediaType.TEXT_HTML)
    public Response store(
            @QueryParam("app") @DefaultValue("") String app,
            @QueryParam("token") @DefaultValue("") String token,
            @QueryParam("code") @DefaultValue("") String code,
            @QueryParam("said") @DefaultValue("") String said) {
        forPayers();
        return shown(new AppleStorePage.Shown(app.strip(), token(token), code, said), "");
    }

    /** A purchase with the form of the page. */
    @POST
    @Path("store/buy")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public Response buy(
            @FormParam("app") @DefaultValue("") String app,
            @FormParam("token") @DefaultValue("") String token,
            @FormParam("product") @DefaultValue("") String product,
            @FormParam("quantity") @DefaultValue("1") String quantity,
            @FormParam("environment") @DefaultValue("Production") String environment) {
        forPayers();
        var pasted = token(token);
        var body = Json.createObjectBuilder()
                .add("bundle_id", app)
                .add("product_id", product)
                .add("appAccountToken", pasted)
                .add("quantity", quantity.matches("\\d{1,3}") ? Integer.parseInt(quantity) : 0)
                .add("environment", environment)
                .build();
        try {
            var bought = bought(JsonBody.of(body));
            return back(new AppleStorePage.Shown(app, pasted, bought.trade().code(), "bought"));
        } catch (Problem refused) {
            return shown(new AppleStorePage.Shown(app, pasted, "", ""), refused.message(Language.of(request)));
        }
    }

    /** What Apple decides about a purchase: a button of the page. */
    @POST
    @Path("store/decide")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public Response decide(
            @FormParam("code") @DefaultValue("") String code,
            @FormParam("token") @DefaultValue("") String token,
            @FormParam("decision") @DefaultValue("") String decision) {
        forPayers();
        var purchase = trades.byCode(code).flatMap(purchases::of).orElseThrow(NotFoundException::new);
        var done = page.decide(purchase, decision);
        var shown = done.map(p -> p.trade().code()).orElse(code);
        return back(new AppleStorePage.Shown(
                page.bundleId(purchase), token(token), shown, done.isPresent() ? decision : "not-now"));
    }

    private static Response back(AppleStorePage.Shown shown) {
        return Redirect.inside(AppleStorePage.address(shown)).build();
    }

    /** The token in what was pasted: itself, the whole answer of createPayment, or its orderInfo. */
    static String token(String pasted) {
        var text = pasted.strip();
        if (!text.startsWith("{")) return text;
        return object(text)
                .map(whole -> whole.get("orderInfo") instanceof JsonObject inside ? inside : whole)
                .map(inside -> inside.getString("appAccountToken", text))
                .orElse(text);
    }

    private static Optional<JsonObject> object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return Optional.of(reader.readObject());
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            return Optional.empty();
        }
    }

    private Response shown(AppleStorePage.Shown shown, String refused) {
        var language = Language.of(request);
        var response =
                Response.ok(new View("simulator/appleiap/store", language, page.model(shown, refused, language)));
        // of a POST, getParameter would consume the body
        var switched = request.getMethod().equals("GET") && request.getParameter(Language.NAME) != null;
        return !switched
                ? response.build()
                : response.cookie(Language.remember(language, settings.isHttps()))
                        .build();
    }

    private void forPayers() {
        if (request.getLocalPort() == settings.simulatorPort()) throw new NotFoundException();
    }
}
