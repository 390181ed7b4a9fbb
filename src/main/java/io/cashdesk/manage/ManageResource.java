package io.cashdesk.manage;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.ApiKeys;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.MerchantView;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;

/** The management API for merchants, their provider accounts and their keys. Every PUT may be repeated. */
@RequestScoped
@Path("/api/manage")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ManageResource {
    @Inject
    Merchants merchants;

    @Inject
    ApiKeys keys;

    @Inject
    PutMerchant putMerchant;

    @Inject
    PutProviders putProviders;

    @Inject
    Accounts accounts;

    @Inject
    ManageCalls calls;

    @Inject
    Clock clock;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @PUT
    @Path("merchants/{pid}")
    @Idempotent(in = ManageDialect.class)
    public JsonObject merchant(@PathParam("pid") String pid, byte[] body) {
        return calls.write(authorization, () -> MerchantJson.merchant(putMerchant.of(pid, JsonBody.parse(body))));
    }

    @GET
    @Path("merchants/{pid}")
    public JsonObject merchantOf(@PathParam("pid") String pid) {
        return calls.read(authorization, () -> MerchantJson.merchant(MerchantView.of(merchant(pid))));
    }

    @PUT
    @Path("merchants/{pid}/providers")
    @Idempotent(in = ManageDialect.class)
    public JsonObject providers(@PathParam("pid") String pid, byte[] body) {
        return calls.write(
                authorization, () -> MerchantJson.providers(putProviders.of(merchant(pid), JsonBody.parse(body))));
    }

    @GET
    @Path("merchants/{pid}/providers")
    public JsonObject providers(@PathParam("pid") String pid) {
        return calls.read(authorization, () -> MerchantJson.providers(putProviders.view(merchant(pid))));
    }

    /** The numbers and payers of the merchant's accounts at the simulated providers; no key. */
    @GET
    @Path("merchants/{pid}/test-accounts")
    public JsonObject testAccounts(@PathParam("pid") String pid) {
        return calls.outside(
                authorization,
                () -> MerchantJson.testAccounts(
                        accounts.testAccounts(merchant(pid).id())));
    }

    @POST
    @Path("merchants/{pid}/keys")
    @Idempotent(in = ManageDialect.class)
    public JsonObject key(@PathParam("pid") String pid, byte[] body) {
        return calls.write(
                authorization, () -> issue(JsonBody.parse(body).only("mode", "kind", "name"), List.of(merchant(pid))));
    }

    @POST
    @Path("keys")
    @Idempotent(in = ManageDialect.class)
    public JsonObject platformKey(byte[] body) {
        return calls.write(authorization, () -> {
            var request = JsonBody.parse(body).only("mode", "kind", "name", "pids");
            var pids = request.texts("pids", 10_000, 64)
                    .filter(p -> !p.isEmpty())
                    .orElseThrow(() -> request.malformed("pids", "非空的文本列表", "a non-empty list of texts"));
            return issue(request, pids.stream().distinct().map(this::merchant).toList());
        });
    }

    private JsonObject issue(JsonBody request, List<Merchant> merchantsOfKey) {
        var kind = switch (request.text("kind", 16).orElse("secret")) {
            case "secret" -> ApiKey.Kind.SECRET;
            case "publishable" -> ApiKey.Kind.PUBLISHABLE;
            default -> throw request.malformed("kind", LocalizedText.oneOf(List.of("secret", "publishable")));
        };
        var issued =
                ApiKey.issue(mode(request), kind, request.text("name", 64).orElse(""), merchantsOfKey, clock.instant());
        keys.add(issued.key());
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("key", issued.secret())
                .build();
    }

    /** What the field {@code mode} must be. */
    static final LocalizedText MODE = LocalizedText.oneOf(List.of("test", "live"));

    static Mode mode(JsonBody request) {
        return switch (request.text("mode", 8).orElse("")) {
            case "test" -> Mode.TEST;
            case "live" -> Mode.LIVE;
            default -> throw request.malformed("mode", MODE);
        };
    }

    /**
     * The field {@code mode}; live, if it is absent. {@code null} is refused: it must not make a test call a live one.
     */
    static Mode modeOrLive(JsonBody request) {
        if (request.json().containsKey("mode")) return mode(request);
        return Mode.LIVE;
    }

    private Merchant merchant(String pid) {
        return merchants.byPid(pid).orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid));
    }
}
