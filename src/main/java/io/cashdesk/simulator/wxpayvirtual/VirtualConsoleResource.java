package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The consoles of virtual payment and of message push for an account that exists, and controls for tests. Answered with
 * 404 unless {@code CASHDESK_DEVELOPMENT} is true.
 */
@RequestScoped
@Path(VirtualServer.PATH)
@Produces(MediaType.APPLICATION_JSON)
public class VirtualConsoleResource {
    private static final List<String> FORMATS = List.of("json", "xml");
    private static final long DEAREST = 100_000_000;

    @Inject
    AccountStore accounts;

    @Inject
    VirtualProfiles profiles;

    @Inject
    VirtualProducts products;

    @Inject
    VirtualRefundStore refundStore;

    @Inject
    VirtualRefunds refunds;

    @Inject
    Coins coins;

    @Inject
    PushHandshake handshake;

    @Inject
    Settings settings;

    /**
     * Changes an account's settings. A push address is stored only if the server there returns what the check sends to
     * it ({@code verified}); an empty one ends the push.
     */
    @POST
    @Path("console")
    public JsonObject console(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes)
                .only(
                        "app_id",
                        "url",
                        "mode",
                        "format",
                        "token",
                        "encodingAESKey",
                        "rate",
                        "released",
                        "ios",
                        "coin_state");
        var p = profiles.of(account(body.requiredText("app_id", 32)));
        var url = body.text("url", 500);
        var token = body.text("token", 32).orElse(p.token());
        var result = url.filter(u -> !u.isEmpty()).map(u -> handshake.check(address(body, u), token));
        var verified = result.map(PushHandshake.Result::verified).orElse(true);
        if (verified) {
            profiles.store(new VirtualProfile(
                    p.accountId(),
                    p.offerId(),
                    p.originalId(),
                    p.appKey(),
                    p.sandboxAppKey(),
                    rate(body).orElse(p.rate()),
                    p.sandbox(),
                    body.flag("released", p.released()),
                    body.flag("ios", p.ios()),
                    state(body, "coin_state").orElse(p.coinState()),
                    token,
                    aesKey(body).orElse(p.aesKey()),
                    url.orElse(p.pushUrl()),
                    mode(body).orElse(p.mode()),
                    format(body).map("xml"::equals).orElse(p.xml())));
        }
        var answer = Json.createObjectBuilder().add("code", verified ? 0 : -1).add("verified", verified);
        result.filter(r -> !r.verified()).ifPresent(r -> answer.add("answered", r.said()));
        return answer.build();
    }

    private static URI address(JsonBody body, String text) {
        try {
            var address = URI.create(text);
            if (address.getHost() != null) return address;
        } catch (IllegalArgumentException malformed) {
            throw body.malformed("url", "http 或 https 地址", "an address with http or https");
        }
        throw body.malformed("url", "http 或 https 地址", "an address with http or https");
    }

    static Optional<Long> rate(JsonBody body) {
        var rate = body.whole("rate");
        if (rate.isPresent() && (rate.get() < 1 || rate.get() > 1_000_000)) {
            throw body.malformed("rate", "1 至 1000000 的整数", "a whole number from 1 to 1000000");
        }
        return rate;
    }

    static Optional<PushMode> mode(JsonBody body) {
        return body.text("mode", 16)
                .map(text -> PushMode.of(text)
                        .orElseThrow(() -> body.malformed("mode", LocalizedText.oneOf(PushMode.texts()))));
    }

    static Optional<String> format(JsonBody body) {
        var format = body.text("format", 8);
        if (format.isPresent() && !FORMATS.contains(format.get())) {
            throw body.malformed("format", LocalizedText.oneOf(FORMATS));
        }
        return format;
    }

    private static Optional<String> aesKey(JsonBody body) {
        var key = body.text("encodingAESKey", 43);
        if (key.isPresent() && !key.get().matches("[A-Za-z0-9]{43}")) {
            throw body.malformed("encodingAESKey", "43 个字母或数字", "43 letters or digits");
        }
        return key;
    }

    private static Optional<String> state(JsonBody body, String name) {
        var state = body.text(name, 16);
        if (state.isPresent() && !VirtualProducts.STATES.contains(state.get())) {
            throw body.malformed(name, LocalizedText.oneOf(VirtualProducts.STATES));
        }
        return state;
    }

    /** Adds or changes a product. */
    @POST
    @Path("product")
    public JsonObject product(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("app_id", "product_id", "price", "state");
        var price = body.whole("price")
                .filter(p -> p > 0 && p <= DEAREST)
                .orElseThrow(() ->
                        body.malformed("price", "1 至 100000000 的整数（分）", "a whole number from 1 to 100000000 (fen)"));
        products.put(
                account(body.requiredText("app_id", 32)).id(),
                new VirtualProducts.Product(
                        body.requiredText("product_id", 64),
                        price,
                        state(body, "state").orElse(VirtualProducts.PUBLISHED)));
        return Json.createObjectBuilder().add("code", 0).build();
    }

    /** A user's coins and what changed them, newest first. */
    @GET
    @Path("coins")
    public JsonObject coins(
            @QueryParam("app_id") String appId, @QueryParam("openid") String openid, @QueryParam("env") int env) {
        developmentOnly();
        var owner = new Coins.Owner(account(appId).id(), openid == null ? "" : openid, env);
        var balance = coins.balance(owner);
        var entries = Json.createArrayBuilder();
        for (var entry : coins.entries(owner)) {
            entries.add(Json.createObjectBuilder()
                    .add("order_id", entry.number())
                    .add("kind", entry.kind())
                    .add("amount", entry.amount())
                    .add("of_given", entry.ofGiven()));
        }
        return Json.createObjectBuilder()
                .add("balance", balance.all())
                .add("present_balance", balance.given())
                .add("entries", entries)
                .build();
    }

    /** Decides a refund that is in progress: SUCCESS or FAILED. */
    @POST
    @Path("refund")
    public JsonObject refund(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("refund_order_id", "status");
        var number = body.requiredText("refund_order_id", 32);
        var status = body.requiredText("status", 16);
        if (!VirtualRefunds.DECISIONS.contains(status)) {
            throw body.malformed("status", LocalizedText.oneOf(VirtualRefunds.DECISIONS));
        }
        var refund = refundStore.byNumber(number).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
        var settled = refunds.settle(refund, status.equals("SUCCESS") ? VirtualRefund.SUCCESS : VirtualRefund.CLOSED);
        return Json.createObjectBuilder()
                .add("code", settled ? 0 : -1)
                .add("settled", settled)
                .build();
    }

    private Account account(String appId) {
        return accounts.byAppId(VirtualServer.NAME, appId == null ? "" : appId)
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(appId));
    }

    private void developmentOnly() {
        if (!settings.development()) throw new NotFoundException();
    }
}
