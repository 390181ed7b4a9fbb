package io.cashdesk.simulator;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
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
import java.util.Arrays;
import java.util.EnumSet;

/** The wallet for tests and machines: dial a fault before the order exists, pay by number, read the provider's books. */
@RequestScoped
@Path("/simulator")
@Produces(MediaType.APPLICATION_JSON)
public class ControlResource {
    @Inject
    Books books;

    @Inject
    Cashier cashier;

    @Inject
    Settings settings;

    @POST
    @Path("dial")
    public JsonObject dial(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_trade_no", "faults");
        var faults = EnumSet.noneOf(Fault.class);
        for (var name :
                body.texts("faults", 16, 64).orElseThrow(() -> ProblemType.FIELD.with("faults", "a list", "absent"))) {
            faults.add(Arrays.stream(Fault.values())
                    .filter(f -> f.name().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            ProblemType.FIELD.with("faults", "some of " + Arrays.toString(Fault.values()), name)));
        }
        books.dialAhead(body.requiredText("out_trade_no", 64), faults);
        return Json.createObjectBuilder().add("code", 0).build();
    }

    @POST
    @Path("pay")
    public JsonObject pay(byte[] bytes) {
        developmentOnly();
        var number = JsonBody.parse(bytes).only("out_trade_no").requiredText("out_trade_no", 64);
        var paid = cashier.pay(trade(number));
        return Json.createObjectBuilder()
                .add("code", paid ? 0 : -1)
                .add("paid", paid)
                .build();
    }

    @GET
    @Path("books")
    public JsonObject books(@QueryParam("out_trade_no") String number) {
        developmentOnly();
        var trade = cashier.current(trade(number));
        var notices = Json.createArrayBuilder();
        for (var notice : books.noticesOf(trade.id())) {
            var n = Json.createObjectBuilder().add("tries", notice.tries()).add("forged", notice.forged());
            if (notice.status() != null) n.add("status", notice.status());
            if (notice.answer() != null) n.add("answer", notice.answer());
            notices.add(n);
        }
        return Json.createObjectBuilder()
                .add("state", trade.state())
                .add("amount", trade.amount())
                .add("reported", trade.reported())
                .add("transaction_id", trade.transactionId())
                .add("code", trade.code())
                .add("notifications", notices)
                .build();
    }

    private Books.Trade trade(String number) {
        return books.tradesByNumber(number).stream()
                .findFirst()
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
    }

    private void developmentOnly() {
        if (!settings.development()) throw new NotFoundException();
    }
}
