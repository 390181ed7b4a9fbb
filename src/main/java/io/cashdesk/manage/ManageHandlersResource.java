package io.cashdesk.manage;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.handler.HandlerRunView;
import io.cashdesk.handler.RerunHandler;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.UUID;

/** The part of the management API for handlers inside the WAR: their runs, read and started again. */
@RequestScoped
@Path("/api/manage/merchants/{pid}/handlers/{mode}/{out_trade_no}")
@Produces(MediaType.APPLICATION_JSON)
public class ManageHandlersResource {
    @Inject
    Merchants merchants;

    @Inject
    RerunHandler rerun;

    @Inject
    ManageCalls calls;

    @PathParam("pid")
    String pid;

    @PathParam("mode")
    String mode;

    @PathParam("out_trade_no")
    String outTradeNo;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @GET
    public JsonObject get() {
        return calls.read(authorization, () -> answer(rerun.view(merchant(), mode(), outTradeNo)));
    }

    @POST
    @Path("run")
    @Idempotent(in = ManageDialect.class)
    public JsonObject run() {
        return calls.write(authorization, () -> answer(rerun.of(merchant(), mode(), outTradeNo)));
    }

    /** Times are Unix milliseconds; what is not known is absent. */
    private static JsonObject answer(HandlerRunView run) {
        var json = Json.createObjectBuilder()
                .add("out_trade_no", run.outTradeNo())
                .add("type", run.type())
                .add("state", run.state().name().toLowerCase(Locale.ROOT))
                .add("tries", run.tries())
                .add("created_at", run.createdAt().toEpochMilli());
        run.succeededAt().ifPresent(t -> json.add("succeeded_at", t.toEpochMilli()));
        run.nextTryAt().ifPresent(t -> json.add("next_try_at", t.toEpochMilli()));
        run.error().ifPresent(e -> json.add("error", e));
        return Json.createObjectBuilder().add("code", 0).add("handler", json).build();
    }

    private Mode mode() {
        return switch (mode) {
            case "test" -> Mode.TEST;
            case "live" -> Mode.LIVE;
            default -> throw ProblemType.field("mode", ManageResource.MODE, LocalizedText.quoted(mode));
        };
    }

    private UUID merchant() {
        return merchants
                .byPid(pid)
                .orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid))
                .id();
    }
}
