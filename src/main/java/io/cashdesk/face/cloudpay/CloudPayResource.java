package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.problem.ExceptionTranslator;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.ApiKeys;
import io.cashdesk.merchant.Authority;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The calls of WeChat cloud functions' {@code cloud.cloudPay}, JSON in and out, always HTTP 200: callers look at
 * {@code returnCode} and {@code resultCode}. A secret key takes the place of the platform's own check of cloud
 * functions.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/minigame/dev/wxcloud/reference-sdk-api/open/pay/CloudPay.unifiedOrder.html">CloudPay</a>
 */
@RequestScoped
@Path("/api/cloudPay/{call}")
@Consumes(MediaType.WILDCARD)
public class CloudPayResource {
    @Inject
    ApiKeys keys;

    @Inject
    UnifiedOrder unifiedOrder;

    @Inject
    CloudPayOrders orders;

    @Inject
    CloudPayRefunds refunds;

    @Inject
    CloudPayBills bills;

    @Inject
    Caller caller;

    @Context
    HttpServletRequest request;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @PathParam("call")
    String call;

    @POST
    @Idempotent(in = CloudPayDialect.class)
    public CompletionStage<Response> post(byte[] body) {
        CompletionStage<Response> answer;
        try {
            Authority authority = keys.authority(authorization).secret();
            answer = act(authority, Fields.parse(body));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(why -> refused(why, call));
    }

    @GET
    public Response get() {
        return json(Answer.refused(call, Refusal.call("REQUIRE_POST_METHOD: use POST")));
    }

    @PUT
    public Response put(byte[] body) {
        return get();
    }

    private CompletionStage<Response> act(Authority authority, Fields fields) {
        return switch (call) {
            case "unifiedOrder" ->
                unifiedOrder.of(authority, fields, caller.address(request)).thenApply(CloudPayResource::json);
            case "queryOrder" -> orders.query(authority, fields).thenApply(CloudPayResource::json);
            case "closeOrder" -> done(json(orders.close(authority, fields)));
            case "refund" -> done(json(refunds.refund(authority, fields)));
            case "queryRefund" -> done(json(refunds.query(authority, fields)));
            case "downloadBill" -> done(bill(authority, fields));
            default -> throw Refusal.call("there is no call " + call);
        };
    }

    /** A bill is a table of text; a refusal is JSON like any other, with the number of API v2. */
    private Response bill(Authority authority, Fields fields) {
        try {
            return Response.ok(bills.download(authority, fields), "text/plain;charset=UTF-8")
                    .build();
        } catch (Problem problem) {
            var code = problem.providerCode().orElse("");
            var text = switch (code) {
                case "NO_STATEMENT_EXIST" -> "No Bill Exist";
                case "STATEMENT_CREATING" -> "Bill Creating";
                default -> problem.getMessage();
            };
            var answer = new Answer(call).put("returnCode", "FAIL").put("returnMsg", text);
            if (code.equals("NO_STATEMENT_EXIST")) answer.put("errorCode", "20002");
            return json(answer.build());
        }
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }

    static Response json(JsonObject answer) {
        return Response.ok(answer, MediaType.APPLICATION_JSON).build();
    }

    static Response refused(Throwable thrown, String call) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof Refusal refusal) return json(Answer.refused(call, refusal));
        return json(Answer.refused(call, Refusal.of(ExceptionTranslator.toProblem(cause), call)));
    }
}
