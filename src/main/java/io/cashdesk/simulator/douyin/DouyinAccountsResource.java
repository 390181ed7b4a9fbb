package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
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
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Douyin's console: gives out nodes of both dialects. Only with {@code CASHDESK_DEVELOPMENT=true}. */
@RequestScoped
@Path("/simulator/accounts/douyin")
@Produces(MediaType.APPLICATION_JSON)
public class DouyinAccountsResource {
    @Inject
    AccountStore accounts;

    @Inject
    SimulatedAccounts testAccounts;

    @Inject
    DouyinServer server;

    @Inject
    Settings settings;

    /**
     * A node as a merchant would enter it, {@code gateway} included. {@code app_id} is an application that exists,
     * which can use both dialects; without it a new one is made.
     */
    @POST
    public JsonObject open(byte[] bytes) {
        if (!settings.development()) throw new NotFoundException();
        var body = JsonBody.parse(bytes).only("dialect", "app_id");
        var dialect = dialect(body.text("dialect", 16).orElse(DouyinDialect.ECPAY.word));
        var account = account(body.text("app_id", 64).orElseGet(this::newApplication));
        var node = Json.createObjectBuilder(server.node(account, dialect))
                .add("gateway", testAccounts.gateway(DouyinServer.NAME).toString());
        return Json.createObjectBuilder().add("code", 0).add("node", node).build();
    }

    private static DouyinDialect dialect(String word) {
        List<String> words = Stream.of(DouyinDialect.values()).map(d -> d.word).toList();
        return DouyinDialect.of(word)
                .orElseThrow(
                        () -> ProblemType.field("dialect", LocalizedText.oneOf(words), LocalizedText.quoted(word)));
    }

    private Account account(String appId) {
        return accounts.byAppId(DouyinServer.NAME, appId).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(appId));
    }

    /** A new application every time, of no merchant. */
    private String newApplication() {
        var id = UUID.randomUUID();
        return testAccounts
                .open(new TestAccounts.Holder(id, id.toString()), DouyinServer.NAME, false)
                .getString("appId");
    }
}
