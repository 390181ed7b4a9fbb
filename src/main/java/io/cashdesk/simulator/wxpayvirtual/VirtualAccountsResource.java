package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.TestAccounts;
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
import java.util.UUID;

/** Opens accounts for live nodes. Answered with 404 unless {@code CASHDESK_DEVELOPMENT} is true. */
@RequestScoped
@Path("/simulator/accounts/wxpay-virtual")
@Produces(MediaType.APPLICATION_JSON)
public class VirtualAccountsResource {
    @Inject
    AccountStore accounts;

    @Inject
    SimulatedAccounts testAccounts;

    @Inject
    VirtualServer server;

    @Inject
    VirtualProfiles profiles;

    @Inject
    Settings settings;

    /** A new account of no merchant, with its own application, as a node with {@code gateway}. */
    @POST
    public JsonObject open(byte[] bytes) {
        if (!settings.development()) throw new NotFoundException();
        var body = JsonBody.parse(bytes).only("rate", "sandbox", "ios", "mode", "format");
        var rate = VirtualConsoleResource.rate(body);
        var mode = VirtualConsoleResource.mode(body);
        var format = VirtualConsoleResource.format(body);
        var id = UUID.randomUUID();
        var appId = testAccounts
                .open(new TestAccounts.Holder(id, id.toString()), VirtualServer.NAME, false)
                .getString("appId");
        var account = accounts.byAppId(VirtualServer.NAME, appId).orElseThrow();
        var p = profiles.of(account);
        var sandbox = body.flag("sandbox", false);
        profiles.store(new VirtualProfile(
                p.accountId(),
                p.offerId(),
                p.originalId(),
                p.appKey(),
                p.sandboxAppKey(),
                rate.orElse(p.rate()),
                sandbox,
                !sandbox,
                body.flag("ios", false),
                p.coinState(),
                p.token(),
                p.aesKey(),
                p.pushUrl(),
                mode.orElse(p.mode()),
                format.map("xml"::equals).orElse(p.xml())));
        return Json.createObjectBuilder()
                .add("code", 0)
                .add(
                        "node",
                        Json.createObjectBuilder(server.node(account))
                                .add(
                                        "gateway",
                                        testAccounts.gateway(VirtualServer.NAME).toString()))
                .build();
    }
}
