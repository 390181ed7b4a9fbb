package io.cashdesk.simulator;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What only Alipay's console could do, for tests and machines. */
@RequestScoped
@Path("/simulator/alipay/console")
@Produces(MediaType.APPLICATION_JSON)
public class AlipayControlResource {
    @Inject
    Books books;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Settings settings;

    /** The account of the same merchant in certificate mode, opened if need be: an application of its own. */
    @POST
    @Path("certificates")
    public JsonObject certificates(byte[] bytes) {
        var node = accounts.open(account(bytes).merchantId(), "alipay", true);
        return Json.createObjectBuilder().add("code", 0).add("node", node).build();
    }

    /** The other seller for whom this application may act, and the token that says so. */
    @POST
    @Path("authorization")
    public JsonObject authorization(byte[] bytes) {
        var given = accounts.authorization(account(bytes));
        var seller = books.account(given.sellerId());
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("app_auth_token", given.token())
                .add("auth_app_id", seller.appId())
                .add("user_id", seller.mchNo())
                .build();
    }

    private Books.Account account(byte[] bytes) {
        if (!settings.development()) throw new NotFoundException();
        var appId = JsonBody.parse(bytes).only("app_id").requiredText("app_id", 32);
        return books.accountByAppId("alipay", appId).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(appId));
    }
}
