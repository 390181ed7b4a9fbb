package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.refund.PayerRefundKey;
import io.cashdesk.refund.PayerRefundRequests;
import io.cashdesk.refund.PayerRefundState;
import io.cashdesk.refund.PayerRefunds;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
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
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The part of the management API for refunds that payers request at a provider. */
@RequestScoped
@Path("/api/manage/merchants/{pid}/refund-requests")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ManageRefundRequestsResource {
    private static final List<String> STATES = Stream.concat(
                    Stream.of(QueryParameters.ALL),
                    Stream.of(PayerRefundState.values()).map(PayerRefundState::word))
            .toList();

    private static final List<String> DECISIONS = Stream.of(PayerRefunds.Decision.values())
            .map(PayerRefunds.Decision::word)
            .toList();

    /** What is read of a reason at most; how long it may be, the provider says. */
    private static final int MOST_READ = 2_000;

    @Inject
    Merchants merchants;

    @Inject
    PayerRefundRequests requests;

    @Inject
    PayerRefunds payerRefunds;

    @Inject
    ManageCalls calls;

    @Inject
    Clock clock;

    @PathParam("pid")
    String pid;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    /** Of one merchant, the oldest first. */
    @GET
    public JsonObject get(@Context UriInfo uri) {
        return calls.read(authorization, () -> {
            var query = QueryParameters.of(uri.getQueryParameters(), Set.of("mode", "state", "cursor", "limit"));
            var mode = query.mode();
            var state = query.read("state", LocalizedText.oneOf(STATES), word -> QueryParameters.known(word, STATES))
                    .orElse(PayerRefundState.OPEN.word());
            var after = query.cursor()
                    .map(place -> new PayerRefundRequests.Place(place.at(), place.id()))
                    .orElse(PayerRefundRequests.Place.FIRST);
            var limit = query.limit();
            var states = Stream.of(PayerRefundState.values())
                    .filter(s -> s.word().equals(state))
                    .collect(Collectors.toSet()); // none: all
            return RefundRequestJson.list(
                    requests.in(states, merchant(), mode, after, limit + 1), limit, clock.instant());
        });
    }

    @GET
    @Path("{refund_id}")
    public JsonObject get(@PathParam("refund_id") String refundId, @Context UriInfo uri) {
        return calls.read(authorization, () -> {
            var mode =
                    QueryParameters.of(uri.getQueryParameters(), Set.of("mode")).mode();
            var key = requests.byNumber(merchant(), mode, refundId)
                    .orElseThrow(() -> ProblemType.REFUND_REQUEST_NOT_FOUND.with(refundId))
                    .key();
            return one(key);
        });
    }

    /** Answers after the provider's answer; {@code state} says what is known. A repetition changes nothing. */
    @POST
    @Path("{refund_id}")
    @Idempotent(in = ManageDialect.class)
    public JsonObject decide(@PathParam("refund_id") String refundId, byte[] body) {
        return calls.outside(authorization, () -> {
            var request = JsonBody.parse(body).only("decision", "reason", "by", "mode");
            Mode mode = ManageResource.modeOrLive(request);
            var decision = Stream.of(PayerRefunds.Decision.values())
                    .filter(d -> d.word().equals(request.text("decision", 16).orElse("")))
                    .findFirst()
                    .orElseThrow(() -> request.malformed("decision", LocalizedText.oneOf(DECISIONS)));
            var wish = new PayerRefunds.Wish(
                    decision, request.text("reason", MOST_READ).orElse(""), request.requiredText("by", 64));
            return one(payerRefunds.decide(merchant(), mode, refundId, wish).key());
        });
    }

    private JsonObject one(PayerRefundKey key) {
        return RefundRequestJson.one(requests.listed(key).orElseThrow(), clock.instant());
    }

    private UUID merchant() {
        return merchants
                .byPid(pid)
                .orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid))
                .id();
    }
}
