package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.EpayAccess;
import io.cashdesk.merchant.EpayAccesses;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** The part of the management API for shops that speak epay (docs/epay.md): off until it is put. */
@RequestScoped
@Path("/api/manage/merchants/{pid}/epay")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ManageEpayResource {
    @Inject
    Merchants merchants;

    @Inject
    EpayAccesses accesses;

    @Inject
    PutEpay putEpay;

    @Inject
    ManageCalls calls;

    @PathParam("pid")
    String pid;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    /** Shows the key in the answer of the call that has made it, and never again. */
    @PUT
    @Idempotent(in = ManageDialect.class)
    public JsonObject put(byte[] body) {
        return calls.write(authorization, () -> {
            var changed = putEpay.of(merchant(), JsonBody.parse(body));
            var answer = Json.createObjectBuilder().add("code", 0).addAll(shown(changed.access()));
            changed.key().ifPresent(key -> answer.add("key", key));
            return answer.build();
        });
    }

    @GET
    public JsonObject all() {
        return calls.read(authorization, this::list);
    }

    /** Off: no call is taken any more. Orders that exist are still paid and reported. */
    @DELETE
    public JsonObject turnOff(@Context UriInfo uri) {
        return calls.write(authorization, () -> {
            var mode = QueryParameters.of(uri.getQueryParameters(), Set.of("mode"))
                    .read("mode", ManageResource.MODE, ManageEpayResource::mode)
                    .orElseThrow(() -> ProblemType.field("mode", ManageResource.MODE, LocalizedText.ABSENT));
            accesses.turnOff(merchant().id(), mode);
            return list();
        });
    }

    private static Mode mode(String word) {
        return switch (word) {
            case "test" -> Mode.TEST;
            case "live" -> Mode.LIVE;
            default -> throw new IllegalArgumentException(word);
        };
    }

    private JsonObject list() {
        var list = Json.createArrayBuilder();
        accesses.of(merchant().id()).forEach(access -> list.add(shown(access)));
        return Json.createObjectBuilder().add("code", 0).add("epay", list).build();
    }

    private static JsonObjectBuilder shown(EpayAccess access) {
        var json = Json.createObjectBuilder()
                .add("mode", access.mode().word())
                .add("epay_pid", access.pid())
                .add("enabled", access.enabled())
                .add("type", access.type());
        access.shopKey().ifPresent(key -> json.add("public_key", key));
        return json.add("platform_public_key", access.platformKey());
    }

    private Merchant merchant() {
        return merchants.byPid(pid).orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid));
    }
}
