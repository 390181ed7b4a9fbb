package io.cashdesk.manage;

import io.cashdesk.account.AccountRests;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.PayOrders;
import io.cashdesk.payment.NeedingPerson;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The part of the management API that lists what needs a person. */
@RequestScoped
@Path("/api/manage/merchants/{pid}/needs-person")
@Produces(MediaType.APPLICATION_JSON)
public class ManageNeedsPersonResource {
    @Inject
    Merchants merchants;

    @Inject
    NeedingPerson needingPerson;

    @Inject
    AccountRests rests;

    @Inject
    ManageCalls calls;

    @PathParam("pid")
    String pid;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    /** Of one merchant: no statement reads the orders of all of them. */
    @GET
    public JsonObject get(@Context UriInfo uri) {
        return calls.read(authorization, () -> {
            var query = QueryParameters.of(uri.getQueryParameters(), Set.of("mode", "cursor", "limit"));
            var mode = query.read("mode", ManageResource.MODE, ManageNeedsPersonResource::mode)
                    .orElse(Mode.LIVE);
            var after = query.read(
                            "cursor",
                            new LocalizedText("上一次应答中的 next", "the next of an earlier answer"),
                            NeedsPersonJson::place)
                    .orElse(PayOrders.Flagged.FIRST);
            var limit = query.limit();
            var accounts = after.equals(PayOrders.Flagged.FIRST)
                    ? rests.flagged(merchant(), mode)
                    : List.<AccountRests.Flagged>of();
            return NeedsPersonJson.answer(accounts, needingPerson.of(merchant(), mode, after, limit + 1), limit);
        });
    }

    private static Mode mode(String word) {
        return switch (word) {
            case "test" -> Mode.TEST;
            case "live" -> Mode.LIVE;
            default -> throw new IllegalArgumentException(word);
        };
    }

    private UUID merchant() {
        return merchants
                .byPid(pid)
                .orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid))
                .id();
    }
}
