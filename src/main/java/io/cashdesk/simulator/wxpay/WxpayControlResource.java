package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
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
import java.util.Set;

/**
 * Controls for tests that only WeChat Pay has: settle a refund, change the key with which it signs. Answered with 404
 * unless {@code CASHDESK_DEVELOPMENT} is true.
 */
@RequestScoped
@Path("/simulator")
@Produces(MediaType.APPLICATION_JSON)
public class WxpayControlResource {
    @Inject
    AccountStore accounts;

    @Inject
    WxpayRefundStore refundStore;

    @Inject
    WxpayRefunds refunds;

    @Inject
    WxpayProfiles profiles;

    @Inject
    WxpayPlatform platform;

    @Inject
    Settings settings;

    /** Settles a refund: SUCCESS, ABNORMAL or CLOSED. */
    @POST
    @Path("refund")
    public JsonObject refund(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("out_refund_no", "status");
        var number = body.requiredText("out_refund_no", 64);
        var status = body.requiredText("status", 16);
        if (!Set.of("SUCCESS", "ABNORMAL", "CLOSED").contains(status)) {
            throw body.malformed("status", LocalizedText.oneOf(List.of("SUCCESS", "ABNORMAL", "CLOSED")));
        }
        var refund = refundStore.byNumber(number).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
        var settled = refunds.settle(refund, Set.of("PROCESSING", "ABNORMAL"), status);
        return Json.createObjectBuilder()
                .add("code", settled ? 0 : -1)
                .add("settled", settled)
                .build();
    }

    /** From now on WeChat Pay signs for this merchant number with its public key's pair or with its certificate's. */
    @POST
    @Path("signing")
    public JsonObject signing(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("mch_id", "with");
        var number = body.requiredText("mch_id", 32);
        var key = body.requiredText("with", 16);
        if (!Set.of(WxpayPlatform.PUBLIC_KEY, WxpayPlatform.CERTIFICATE).contains(key)) {
            throw body.malformed(
                    "with", LocalizedText.oneOf(List.of(WxpayPlatform.PUBLIC_KEY, WxpayPlatform.CERTIFICATE)));
        }
        var account =
                accounts.byMchNo(WxpayServer.NAME, number).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
        profiles.signWith(profiles.of(account).accountId(), key);
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("serial", platform.key(key).id())
                .build();
    }

    private void developmentOnly() {
        if (!settings.development()) throw new NotFoundException();
    }
}
