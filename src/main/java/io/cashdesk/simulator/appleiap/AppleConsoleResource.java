package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;

/**
 * What Apple decides, and App Store Connect, as a test wants it. Answered with 404 unless {@code CASHDESK_DEVELOPMENT}
 * is true; the page has the same for one purchase.
 */
@RequestScoped
@Path(AppleServer.PATH)
@Produces(MediaType.APPLICATION_JSON)
public class AppleConsoleResource {
    private static final List<String> TYPES = List.of(AppleNotices.REFUND, AppleNotices.REVOKE);
    private static final long MOST_TIMES = 1_000;

    @Inject
    AppleOrders orders;

    @Inject
    AppleApps apps;

    @Inject
    AppleSales sales;

    @Inject
    ApplePurchases purchases;

    @Inject
    AppleConsumptions consumptions;

    @Inject
    ApplePapers papers;

    @Inject
    Settings settings;

    /** Where notifications of an app go; an empty address ends them. */
    @POST
    @Path("console")
    public JsonObject console(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("bundle_id", "url");
        var app = orders.app(body);
        var url = body.text("url", 500).orElseThrow(() -> wrongUrl(body));
        if (!url.isEmpty() && !isAddress(url)) throw wrongUrl(body);
        apps.notifyAt(app.id(), url);
        return done(true).build();
    }

    private static RuntimeException wrongUrl(JsonBody body) {
        return body.malformed("url", "http 或 https 地址，或空文本", "an address with http or https, or an empty text");
    }

    private static boolean isAddress(String url) {
        try {
            var address = URI.create(url);
            return address.getHost() != null && List.of("http", "https").contains(address.getScheme());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** The next payment of a subscription. */
    @POST
    @Path("renew")
    public JsonObject renew(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("original_transaction_id", "notify");
        var purchase = purchase(body, "original_transaction_id");
        if (!purchase.detail().subscription()) {
            throw body.malformed(
                    "original_transaction_id", "自动续期订阅的 transaction_id", "that of a subscription that renews itself");
        }
        return papers.of(sales.renew(purchase, body.flag("notify", true)), done(true))
                .build();
    }

    /** Apple gives money back, wholly or in part, or ends a purchase that a family shared. */
    @POST
    @Path("refund")
    public JsonObject refund(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("transaction_id", "percentage", "type");
        var purchase = purchase(body, "transaction_id");
        var type = body.text("type", 16).orElse(AppleNotices.REFUND);
        if (!TYPES.contains(type)) throw body.malformed("type", LocalizedText.oneOf(TYPES));
        var percentage = body.whole("percentage").orElse(ApplePurchase.Revocation.ALL);
        if (percentage < 1 || percentage > ApplePurchase.Revocation.ALL) {
            throw body.malformed(
                    "percentage",
                    "1 至 100000 的整数（100000 为全额）",
                    "a whole number from 1 to 100000 (thousandths of a percent; 100000 is all)");
        }
        var done = type.equals(AppleNotices.REVOKE) ? sales.revoke(purchase) : sales.refund(purchase, percentage);
        return done(done).build();
    }

    /** Apple reverses a refund. */
    @POST
    @Path("reverse")
    public JsonObject reverse(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("transaction_id");
        return done(sales.reverse(purchase(body, "transaction_id"))).build();
    }

    /** Apple queries how a purchase was used, because the payer wants the money back. */
    @POST
    @Path("consumption")
    public JsonObject requestConsumption(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("transaction_id");
        sales.announce(purchase(body, "transaction_id"), AppleNotices.CONSUMPTION_REQUEST, "");
        return done(true).build();
    }

    /** What the merchant answered to that, oldest first. */
    @GET
    @Path("consumption")
    public JsonObject consumption(@QueryParam("transaction_id") String transactionId) {
        developmentOnly();
        var answers = Json.createArrayBuilder();
        for (var answer : consumptions.of(purchase(transactionId).trade().id())) {
            answers.add(Json.createObjectBuilder()
                    .add("version", answer.version())
                    .add("at", answer.at().toString())
                    .add("body", answer.body()));
        }
        return done(true).add("answers", answers).build();
    }

    /** Any notification about a purchase. */
    @POST
    @Path("notify")
    public JsonObject announce(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("transaction_id", "type", "subtype");
        var purchase = purchase(body, "transaction_id");
        sales.announce(purchase, word(body, "type"), body.has("subtype") ? word(body, "subtype") : "");
        return done(true).build();
    }

    private static String word(JsonBody body, String name) {
        var word = body.requiredText(name, 64);
        if (!word.matches("[A-Z][A-Z0-9_]*"))
            throw body.malformed(name, "由大写字母、数字和下划线组成的词", "a word of capital letters, digits and underscores");
        return word;
    }

    /** What verifyReceipt answers next for receipts whose newest purchase is this one. */
    @POST
    @Path("status")
    public JsonObject status(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("transaction_id", "status", "times");
        var purchase = purchase(body, "transaction_id");
        var status = body.whole("status")
                .filter(s -> s >= 21_000 && s <= 21_199)
                .orElseThrow(() -> body.malformed("status", "21000 至 21199 的整数", "a whole number from 21000 to 21199"));
        var times = body.whole("times").orElse(1L);
        if (times < 0 || times > MOST_TIMES)
            throw body.malformed("times", "0 至 1000 的整数", "a whole number from 0 to 1000");
        purchases.setStatus(purchase.trade().id(), Math.toIntExact(status), times);
        return done(true).build();
    }

    private ApplePurchase purchase(JsonBody body, String name) {
        return purchase(body.requiredText(name, 40));
    }

    private ApplePurchase purchase(String transactionId) {
        return purchases
                .byId(transactionId == null ? "" : transactionId)
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(transactionId));
    }

    /** {@code code} is -1 if Apple cannot do that now. */
    private static JsonObjectBuilder done(boolean done) {
        return Json.createObjectBuilder().add("code", done ? 0 : -1);
    }

    private void developmentOnly() {
        if (!settings.development()) throw new NotFoundException();
    }
}
