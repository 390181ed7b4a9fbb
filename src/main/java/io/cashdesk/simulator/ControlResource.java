package io.cashdesk.simulator;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;

/**
 * Controls for tests, the same at every provider: set faults before or after an order is made, pay or decline it, make
 * it older, read what the provider stores about it. Answered with 404 unless {@code CASHDESK_DEVELOPMENT} is true.
 */
@RequestScoped
@Path("/simulator")
@Produces(MediaType.APPLICATION_JSON)
public class ControlResource {
    @Inject
    TradeStore trades;

    @Inject
    FaultSettings faultSettings;

    @Inject
    NotificationStore notifications;

    @Inject
    TradeOperations operations;

    @Inject
    SimulatedProviders providers;

    @Inject
    Settings settings;

    /** Sets the faults of the orders with a number, those that exist and those that are made later. */
    @POST
    @Path("dial")
    public JsonObject setFaults(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_trade_no", "faults");
        var faults = new LinkedHashSet<Fault>();
        for (var name : body.texts("faults", 16, 64).orElseThrow(() -> body.malformed("faults", "列表", "a list"))) {
            faults.add(providers
                    .fault(name)
                    .orElseThrow(() -> ProblemType.field(
                            "faults", LocalizedText.oneOf(providers.faultNames()), LocalizedText.quoted(name))));
        }
        faultSettings.setForNumber(body.requiredText("out_trade_no", 64), faults);
        return done();
    }

    @POST
    @Path("pay")
    public JsonObject pay(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_trade_no", "provider", "wallet");
        var number = body.requiredText("out_trade_no", 64);
        var provider = body.text("provider", 16);
        refuseIfPaidElsewhere(number, provider);
        var trade = trade(number, provider);
        var paid = operations.pay(trade, body.text("wallet", 16).orElse(""));
        return Json.createObjectBuilder()
                .add("code", paid ? 0 : -1)
                .add("paid", paid)
                .build();
    }

    /** Says how an order is paid that its provider cannot know yet. */
    private void refuseIfPaidElsewhere(String number, Optional<String> provider) {
        if (provider.isEmpty()
                || trades.byNumber(number).stream().anyMatch(t -> t.provider().equals(provider.get()))) return;
        providers.all().stream()
                .filter(p -> p.name().equals(provider.get()))
                .flatMap(p -> p.paidElsewhere().stream())
                .findFirst()
                .ifPresent(how -> {
                    throw ProblemType.notSupported(LocalizedText.same("POST /simulator/pay"), how);
                });
    }

    /** The payer does not pay, or stops entering the password. */
    @POST
    @Path("decline")
    public JsonObject decline(byte[] bytes) {
        developmentOnly();
        var number = JsonBody.parse(bytes).only("out_trade_no").requiredText("out_trade_no", 64);
        operations.decline(trade(number, Optional.empty()));
        return done();
    }

    /** Makes an order and all that belongs to it older by some seconds. */
    @POST
    @Path("age")
    public JsonObject age(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_trade_no", "seconds");
        var seconds = body.whole("seconds")
                .filter(s -> s > 0 && s < 100_000_000)
                .orElseThrow(() -> body.malformed("seconds", "1 至 99999999 的整数", "a whole number from 1 to 99999999"));
        var trade = trade(body.requiredText("out_trade_no", 64), Optional.empty());
        var by = Duration.ofSeconds(seconds);
        trades.age(trade.id(), by);
        providers.of(trade).age(trade.id(), by);
        return done();
    }

    private static JsonObject done() {
        return Json.createObjectBuilder().add("code", 0).build();
    }

    /** What the provider stores about an order. */
    @GET
    @Path("books")
    public JsonObject stored(@QueryParam("out_trade_no") String number, @QueryParam("provider") String provider) {
        developmentOnly();
        var trade = operations.current(trade(number, Optional.ofNullable(provider)));
        var refunds = Json.createArrayBuilder();
        providers.of(trade).refunds(trade).forEach(refunds::add);
        return Json.createObjectBuilder()
                .add("state", trade.state())
                .add("amount", trade.amount())
                .add("reported", trade.reported())
                .add("transaction_id", trade.transactionId())
                .add("code", trade.code())
                .add("notifications", notifications(trade))
                .add("refunds", refunds)
                .build();
    }

    private JsonArrayBuilder notifications(Trade trade) {
        var list = Json.createArrayBuilder();
        for (var notification : notifications.ofTrade(trade.id())) {
            var n = Json.createObjectBuilder()
                    .add("tries", notification.tries())
                    .add("forged", notification.forged());
            if (notification.status() != null) n.add("status", notification.status());
            if (notification.answer() != null) n.add("answer", notification.answer());
            n.add("about", notification.refundId() == null ? "payment" : "refund");
            if (notification.refundState() != null) n.add("reports", notification.refundState());
            list.add(n);
        }
        return list;
    }

    /** The newest with this number: at the provider that is named, or at any. */
    private Trade trade(String number, Optional<String> provider) {
        return trades.byNumber(number).stream()
                .filter(t -> provider.isEmpty() || provider.get().equals(t.provider()))
                .findFirst()
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
    }

    private void developmentOnly() {
        if (!settings.development()) throw new NotFoundException();
    }
}
