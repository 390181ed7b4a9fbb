package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.TestAccounts;
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
@Path("/simulator/accounts/appleiap")
@Produces(MediaType.APPLICATION_JSON)
public class AppleAccountsResource {
    @Inject
    SimulatedAccounts testAccounts;

    @Inject
    Settings settings;

    /** A new app of no merchant, as a node with {@code gateway}. */
    @POST
    public JsonObject open(byte[] bytes) {
        if (!settings.development()) throw new NotFoundException();
        var body = JsonBody.parse(bytes).only("sandbox", "acceptSandbox");
        var id = UUID.randomUUID();
        var gateway = testAccounts.gateway(AppleServer.NAME).toString();
        var node = testAccounts.open(new TestAccounts.Holder(id, id.toString()), AppleServer.NAME, false);
        return Json.createObjectBuilder()
                .add("code", 0)
                .add(
                        "node",
                        Json.createObjectBuilder(node)
                                .add("sandbox", body.flag("sandbox", false))
                                .add("acceptSandbox", body.flag("acceptSandbox", true))
                                .add("gateway", gateway)
                                .add("sandboxGateway", gateway + "/sandbox"))
                .build();
    }
}
