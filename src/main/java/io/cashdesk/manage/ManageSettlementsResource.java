package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.settlement.SettlementState;
import io.cashdesk.settlement.Settlements;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The part of the management API that lists payments whose provider keeps the money until it is settled, and tries
 * again those that have failed.
 */
@RequestScoped
@Path("/api/manage/merchants/{pid}/settlements")
@Produces(MediaType.APPLICATION_JSON)
public class ManageSettlementsResource {
    private static final String UNSETTLED = "unsettled";

    private static final List<String> STATES = Stream.concat(
                    Stream.of(UNSETTLED, QueryParameters.ALL),
                    Stream.of(SettlementState.values()).map(SettlementState::word))
            .toList();

    @Inject
    Merchants merchants;

    @Inject
    Settlements settlements;

    @Inject
    ManageCalls calls;

    @Inject
    Clock clock;

    @PathParam("pid")
    String pid;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    /** Of one merchant, the oldest payment first. */
    @GET
    public JsonObject get(@Context UriInfo uri) {
        return calls.read(authorization, () -> {
            var query = QueryParameters.of(uri.getQueryParameters(), Set.of("mode", "state", "cursor", "limit"));
            var mode = query.mode();
            var state = query.read("state", LocalizedText.oneOf(STATES), word -> QueryParameters.known(word, STATES))
                    .orElse(UNSETTLED);
            var after = query.cursor()
                    .map(place -> new Settlements.Place(place.at(), place.id()))
                    .orElse(Settlements.Place.FIRST);
            var limit = query.limit();
            return SettlementJson.list(found(mode, state, after, limit + 1), limit);
        });
    }

    /** All that have failed are tried again by the job, which begins at once; answers how many they are. */
    @POST
    @Idempotent(in = ManageDialect.class)
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonObject tryAgain(byte[] body) {
        return calls.write(authorization, () -> {
            var request = JsonBody.parse(body).only("mode", "by");
            var mode = ManageResource.modeOrLive(request);
            var by = request.requiredText("by", 64);
            var merchant = merchants.byPid(pid).orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid));
            var count = settlements.tryAgain(merchant.id(), mode, by, clock.instant());
            return Json.createObjectBuilder().add("code", 0).add("count", count).build();
        });
    }

    private List<Settlements.Listed> found(Mode mode, String state, Settlements.Place after, int atMost) {
        var merchant = merchants
                .byPid(pid)
                .orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid))
                .id();
        if (state.equals(UNSETTLED)) return settlements.unsettled(merchant, mode, after, atMost);
        var states = EnumSet.allOf(SettlementState.class);
        if (!state.equals(QueryParameters.ALL)) states.removeIf(s -> !s.word().equals(state));
        return settlements.in(states, merchant, mode, after, atMost);
    }
}
