package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Receipt;
import io.cashdesk.payment.DecideMoney;
import io.cashdesk.payment.DecideRefund;
import io.cashdesk.refund.RefundPayment;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The part of the management API for decisions about what needs a person. */
@RequestScoped
@Path("/api/manage/merchants/{pid}/orders/{out_trade_no}/decisions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ManageDecisionsResource {
    private static final Map<String, Receipt.Decision> DECISIONS = Map.of(
            "return", Receipt.Decision.RETURN, "accept", Receipt.Decision.ACCEPT, "settle", Receipt.Decision.SETTLE);

    @Inject
    Merchants merchants;

    @Inject
    DecideMoney decide;

    @Inject
    DecideRefund decideRefund;

    @Inject
    ManageCalls calls;

    @PathParam("pid")
    String pid;

    @PathParam("out_trade_no")
    String outTradeNo;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @POST
    @Idempotent(in = ManageDialect.class)
    public JsonObject decide(byte[] body) {
        return calls.changeOrder(authorization, () -> {
            var request = JsonBody.parse(body).only("receipt", "reasons", "refund", "decision", "reason", "by", "mode");
            for (var name : List.of("receipt", "reasons", "refund", "mode")) refuseNull(request, name);
            var mode = request.has("mode") ? ManageResource.mode(request) : Mode.LIVE;
            if (request.has("refund")) return aboutRefund(request, mode);
            var receipt = receipt(request);
            var wish = new DecideMoney.Wish(
                    receipt,
                    reasons(request, receipt.isPresent()),
                    decision(request),
                    request.requiredText("reason", 200),
                    request.requiredText("by", 64));
            decide.of(merchant(), mode, outTradeNo, wish);
            var answer = Json.createObjectBuilder()
                    .add("code", 0)
                    .add("out_trade_no", outTradeNo)
                    .add("mode", mode.word())
                    .add("decision", NeedsPersonJson.word(wish.decision()));
            wish.receipt().ifPresent(id -> answer.add("receipt", id.toString()));
            return answer.build();
        });
    }

    /** A decision about a refund is about no payment and no reasons; it closes those that name the refund. */
    private JsonObject aboutRefund(JsonBody request, Mode mode) {
        for (var name : List.of("receipt", "reasons")) {
            if (request.has(name)) throw request.malformed(name, "空缺（已传 refund）", "absent beside refund");
        }
        var finding = request.text("decision", 16)
                .filter(NeedsPersonJson.FINDINGS::contains)
                .map(word -> RefundPayment.Finding.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElseThrow(() -> request.malformed("decision", LocalizedText.oneOf(NeedsPersonJson.FINDINGS)));
        var wish = new DecideRefund.Wish(
                request.requiredText("refund", 80),
                finding,
                request.requiredText("reason", 200),
                request.requiredText("by", 64));
        decideRefund.of(merchant(), mode, outTradeNo, wish);
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("out_trade_no", outTradeNo)
                .add("mode", mode.word())
                .add("decision", NeedsPersonJson.word(finding))
                .add("refund", wish.outRefundNo())
                .build();
    }

    private static Optional<UUID> receipt(JsonBody request) {
        try {
            return request.text("receipt", 36).map(UUID::fromString);
        } catch (IllegalArgumentException noUuid) {
            throw request.malformed("receipt", "收款记录的 id", "the id of a receipt");
        }
    }

    /**
     * A decision is about one payment, or about these reasons of the list; or, without both, about all that are open.
     */
    private static Set<UUID> reasons(JsonBody request, boolean ofReceipt) {
        var given = request.texts("reasons", 100, 36).orElse(List.of());
        if (request.has("reasons") && (ofReceipt || given.isEmpty())) {
            throw ofReceipt
                    ? request.malformed("reasons", "空缺（已传 receipt）", "absent beside receipt")
                    : request.malformed("reasons", "原因的 id 列表，或不传", "ids of reasons, or absent");
        }
        try {
            return given.stream().map(UUID::fromString).collect(Collectors.toCollection(LinkedHashSet::new));
        } catch (IllegalArgumentException noUuid) {
            throw request.malformed("reasons", "原因的 id 列表", "the ids of reasons");
        }
    }

    /** What is meant for one payment must not become a decision about none, nor one of test mode a live one. */
    private static void refuseNull(JsonBody request, String name) {
        if (request.json().get(name) == JsonValue.NULL) throw request.malformed(name, "有值的字段，或不传", "absent or a value");
    }

    private static Receipt.Decision decision(JsonBody request) {
        return request.text("decision", 16)
                .map(DECISIONS::get)
                .orElseThrow(() ->
                        request.malformed("decision", LocalizedText.oneOf(List.of("return", "accept", "settle"))));
    }

    private UUID merchant() {
        return merchants
                .byPid(pid)
                .orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid))
                .id();
    }
}
