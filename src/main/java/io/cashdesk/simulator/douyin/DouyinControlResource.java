package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
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

/** Controls for tests that only Douyin has. Answered with 404 unless {@code CASHDESK_DEVELOPMENT} is true. */
@RequestScoped
@Path(DouyinServer.PATH)
@Produces(MediaType.APPLICATION_JSON)
public class DouyinControlResource {
    private static final String EXPIRED = "expired";
    private static final String INVALID = "invalid";

    @Inject
    AccountStore accounts;

    @Inject
    DouyinStore store;

    @Inject
    DouyinRefundStore refundStore;

    @Inject
    DouyinRefunds refunds;

    @Inject
    ClientTokens tokens;

    @Inject
    Settings settings;

    /** Settles a refund ({@code out_refund_no} or {@code refund_id}) as SUCCESS or FAIL. */
    @POST
    @Path("refund")
    public JsonObject refund(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_refund_no", "refund_id", "status");
        var number = body.text("refund_id", 64).orElseGet(() -> body.requiredText("out_refund_no", 64));
        var status = body.requiredText("status", 16);
        var states = List.of(DouyinRefund.SUCCESS, DouyinRefund.status(DouyinRefund.CLOSED));
        if (!states.contains(status)) throw body.malformed("status", LocalizedText.oneOf(states));
        var refund = refundStore.byAnyNumber(number).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
        var settled = refunds.settle(refund, status.equals(DouyinRefund.SUCCESS) ? status : DouyinRefund.CLOSED);
        return Json.createObjectBuilder()
                .add("code", settled ? 0 : -1)
                .add("settled", settled)
                .build();
    }

    /** Ends the access tokens of an application ({@code end}: expired or invalid). */
    @POST
    @Path("token")
    public JsonObject token(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("app_id", "end");
        var end = body.requiredText("end", 16);
        if (!List.of(EXPIRED, INVALID).contains(end)) {
            throw body.malformed("end", LocalizedText.oneOf(List.of(EXPIRED, INVALID)));
        }
        tokens.end(account(body), end.equals(INVALID));
        return done();
    }

    /** Enters in the console where callbacks go that have no address of their own; without {@code url} nowhere. */
    @POST
    @Path("console")
    public JsonObject console(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("app_id", "url");
        store.storeNotifyUrl(account(body).id(), body.text("url", 512).orElse(""));
        return done();
    }

    private Account account(JsonBody body) {
        var appId = body.requiredText("app_id", 64);
        return accounts.byAppId(DouyinServer.NAME, appId).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(appId));
    }

    private static JsonObject done() {
        return Json.createObjectBuilder().add("code", 0).build();
    }

    private void developmentOnly() {
        if (!settings.development()) throw new NotFoundException();
    }
}
