package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.json.ContentEncoding;
import io.cashdesk.ground.problem.AcceptLanguage;
import io.cashdesk.ground.problem.ExceptionTranslator;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.ApiKeys;
import io.cashdesk.merchant.Authority;
import io.cashdesk.payment.Collecting;
import io.cashdesk.payment.CollectingAccounts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

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
    private static final Logger LOG = Logger.getLogger(CloudPayResource.class);

    /**
     * Whose node a refusal names, unless the order or the trade type names another: that for which CloudPay was made.
     */
    static final String MINI_PROGRAM = "wxpay_mp-weixin";

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
    CollectingAccounts accounts;

    @Inject
    Caller caller;

    @Context
    HttpServletRequest request;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @PathParam("call")
    String call;

    @Context
    HttpHeaders headers;

    @POST
    @Idempotent(in = CloudPayDialect.class)
    public CompletionStage<Response> post(byte[] body) {
        var locale = locale();
        try {
            Authority authority = keys.authority(authorization).secret();
            ContentEncoding.requireNone(request.getHeader(HttpHeaders.CONTENT_ENCODING));
            var operation = Operation.named(call).orElseThrow(() -> noSuchCall(call));
            var json = Fields.json(body);
            var parties = new Parties(() -> accounts.ofNode(
                    authority.merchant(null), authority.mode(), node(operation, json), Fields.subMchId(json)));
            return acted(operation, authority, json, parties, locale)
                    .exceptionally(why -> refused(why, call, parties, locale));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(refused(e, call, Parties.unknown(), locale));
        }
    }

    /** The node for which the call is meant, before there is an order. */
    private static String node(Operation operation, JsonObject json) {
        return operation == Operation.UNIFIED_ORDER ? UnifiedOrderFields.node(Fields.tradeType(json)) : MINI_PROGRAM;
    }

    private CompletionStage<Response> acted(
            Operation operation, Authority authority, JsonObject json, Parties parties, Locale locale) {
        try {
            return act(operation, authority, Fields.of(json, operation), parties, locale);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @GET
    public Response get() {
        var refusal = Refusal.call(
                "REQUIRE_POST_METHOD", "REQUIRE_POST_METHOD: 请使用 POST 方法", "REQUIRE_POST_METHOD: use POST");
        return refused(refusal, call, Parties.unknown(), locale());
    }

    @PUT
    public Response put(byte[] body) {
        return get();
    }

    @PATCH
    public Response patch(byte[] body) {
        return get();
    }

    @DELETE
    public Response delete() {
        return get();
    }

    private CompletionStage<Response> act(
            Operation operation, Authority authority, Fields fields, Parties parties, Locale locale) {
        return switch (operation) {
            case UNIFIED_ORDER ->
                unifiedOrder.of(authority, fields, caller.address(request)).thenApply(CloudPayResource::json);
            case QUERY_ORDER -> orders.query(authority, fields, parties, locale).thenApply(CloudPayResource::json);
            case CLOSE_ORDER -> done(json(orders.close(authority, fields, parties)));
            case REFUND -> done(json(refunds.refund(authority, fields, parties)));
            case QUERY_REFUND -> done(json(refunds.query(authority, fields, parties)));
            case DOWNLOAD_BILL -> done(bills.download(authority, fields));
        };
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }

    static Response json(JsonObject answer) {
        return Response.ok(answer, MediaType.APPLICATION_JSON).build();
    }

    private Locale locale() {
        return AcceptLanguage.locale(headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE));
    }

    /** @param call as the caller named it */
    static Response refused(Throwable thrown, String call, Parties parties, Locale locale) {
        var operation = Operation.named(call).orElse(Operation.UNIFIED_ORDER);
        var refusal = refusal(thrown, operation);
        return json(
                operation == Operation.DOWNLOAD_BILL
                        ? CloudPayBills.refused(refusal, locale)
                        : Answer.refused(call, refusal, refusal.ofCall ? Optional.empty() : found(parties), locale));
    }

    /** Empty also if they cannot be looked up: the refusal itself is answered then. */
    private static Optional<Collecting> found(Parties parties) {
        try {
            return parties.get();
        } catch (RuntimeException e) {
            LOG.warnf(e, "A refusal of CloudPay is answered without the node's numbers: they could not be read");
            return Optional.empty();
        }
    }

    private static Refusal refusal(Throwable thrown, Operation operation) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof Refusal refusal) return refusal;
        return Refusal.of(ExceptionTranslator.toProblem(cause), operation);
    }

    private static Refusal noSuchCall(String name) {
        var shown = LocalizedText.named(name).en();
        return Refusal.call("INVALID_REQUEST", "没有 " + shown + " 这个接口", "there is no call " + shown);
    }
}
