package io.cashdesk.manage;

import io.cashdesk.ground.problem.ProblemType;
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
import java.util.UUID;

/** The part of the management API that is about handlers inside the WAR: looked at, run again. */
@RequestScoped
@Path("/api/manage/merchants/{pid}/handlers/{mode}/{out_trade_no}")
@Produces(MediaType.APPLICATION_JSON)
public class ManageHandlersResource {
    @Inject
    Merchants merchants;

    @Inject
    RerunHandler handleAgain;

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
    public JsonObject shown() {
        return calls.read(authorization, () -> answer(handleAgain.shown(merchant(), mode(), outTradeNo)));
    }

    @POST
    @Path("run")
    @Idempotent(in = ManageDialect.class)
    public JsonObject run() {
        return calls.write(authorization, () -> answer(handleAgain.of(merchant(), mode(), outTradeNo)));
    }

    private static JsonObject answer(JsonObject run) {
        return Json.createObjectBuilder().add("code", 0).add("handler", run).build();
    }

    private Mode mode() {
        return switch (mode) {
            case "test" -> Mode.TEST;
            case "live" -> Mode.LIVE;
            default -> throw ProblemType.FIELD.with("mode", "\"test\" or \"live\"", '"' + mode + '"');
        };
    }

    private UUID merchant() {
        return merchants
                .byPid(pid)
                .orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid))
                .id();
    }
}
