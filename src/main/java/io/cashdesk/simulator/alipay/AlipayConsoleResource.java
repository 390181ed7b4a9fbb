package io.cashdesk.simulator.alipay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.TestAccounts;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.SimulatedAccounts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Alipay's merchant console, for tests. Answered with 404 unless {@code CASHDESK_DEVELOPMENT} is true. */
@RequestScoped
@Path("/simulator/alipay/console")
@Produces(MediaType.APPLICATION_JSON)
public class AlipayConsoleResource {
    @Inject
    AccountStore accounts;

    @Inject
    SimulatedAccounts testAccounts;

    @Inject
    AlipayAuthorizations authorizations;

    @Inject
    Settings settings;

    /** The same merchant's account in certificate mode, which is another application. It is opened at first use. */
    @POST
    @Path("certificates")
    public JsonObject certificates(byte[] bytes) {
        var account = account(bytes);
        var holder = new TestAccounts.Holder(account.merchantId(), account.pid());
        var node = testAccounts.open(holder, AlipayServer.NAME, true);
        return Json.createObjectBuilder().add("code", 0).add("node", node).build();
    }

    /** The other seller for which this application may act, and the token for it. */
    @POST
    @Path("authorization")
    public JsonObject authorization(byte[] bytes) {
        var given = authorizations.of(account(bytes));
        var seller = accounts.get(given.sellerId());
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("app_auth_token", given.token())
                .add("auth_app_id", seller.appId())
                .add("user_id", seller.mchNo())
                .build();
    }

    private Account account(byte[] bytes) {
        if (!settings.development()) throw new NotFoundException();
        var appId = JsonBody.parse(bytes).only("app_id").requiredText("app_id", 32);
        return accounts.byAppId(AlipayServer.NAME, appId).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(appId));
    }
}
