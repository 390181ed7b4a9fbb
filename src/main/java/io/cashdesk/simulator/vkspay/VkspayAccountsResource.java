package io.cashdesk.simulator.vkspay;

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

/** VksPay's merchant console: gives out nodes of every dialect. Only with {@code CASHDESK_DEVELOPMENT=true}. */
@RequestScoped
@Path("/simulator/accounts/vkspay")
@Produces(MediaType.APPLICATION_JSON)
public class VkspayAccountsResource {
    @Inject
    AccountStore accounts;

    @Inject
    SimulatedAccounts testAccounts;

    @Inject
    VkspayServer server;

    @Inject
    EpayOrders orders;

    @Inject
    Settings settings;

    /**
     * A node as a merchant would enter it, {@code gateway} included. {@code mch_id} is a number that exists, which can
     * use every dialect; without it a new number is made.
     */
    @POST
    public JsonObject open(byte[] bytes) {
        if (!settings.development()) throw new NotFoundException();
        var body = JsonBody.parse(bytes).only("dialect", "mch_id");
        var dialect = dialect(body.text("dialect", 16).orElse(VkspayDialect.VKSPAY.word));
        var account = account(body.text("mch_id", 32).orElseGet(this::newNumber));
        var gateway = dialect == VkspayDialect.VKSPAY
                ? testAccounts.gateway(VkspayServer.NAME).toString()
                : orders.site();
        var node = Json.createObjectBuilder(server.node(account, dialect)).add("gateway", gateway);
        return Json.createObjectBuilder().add("code", 0).add("node", node).build();
    }

    private static VkspayDialect dialect(String word) {
        List<String> words = Stream.of(VkspayDialect.values()).map(d -> d.word).toList();
        return VkspayDialect.of(word)
                .orElseThrow(
                        () -> ProblemType.field("dialect", LocalizedText.oneOf(words), LocalizedText.quoted(word)));
    }

    private Account account(String number) {
        return accounts.byMchNo(VkspayServer.NAME, number).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
    }

    /** A new number every time, of no merchant. */
    private String newNumber() {
        var id = UUID.randomUUID();
        return testAccounts
                .open(new TestAccounts.Holder(id, id.toString()), VkspayServer.NAME, false)
                .getString("mchId");
    }
}
