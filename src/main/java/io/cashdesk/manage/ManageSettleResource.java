package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.settlement.SettlePayment;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/** The part of the management API that settles one order's payment now, or tries again what has failed. */
@RequestScoped
@Path("/api/manage/merchants/{pid}/orders/{out_trade_no}/settlements")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ManageSettleResource {
    @Inject
    Merchants merchants;

    @Inject
    SettlePayment settlePayment;

    @Inject
    ManageCalls calls;

    @PathParam("pid")
    String pid;

    @PathParam("out_trade_no")
    String outTradeNo;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    /** Answers after the provider's answer; {@code state} says what is known. A repetition makes no second request. */
    @POST
    @Idempotent(in = ManageDialect.class)
    public JsonObject settle(byte[] body) {
        return calls.outside(authorization, () -> {
            var request = JsonBody.parse(body).only("mode", "by");
            var mode = ManageResource.modeOrLive(request);
            var by = request.requiredText("by", 64);
            var merchant = merchants.byPid(pid).orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid));
            return SettlementJson.one(settlePayment.now(merchant.id(), mode, outTradeNo, by), outTradeNo);
        });
    }
}
