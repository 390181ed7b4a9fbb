package io.cashdesk.face.vk;

import io.cashdesk.coin.CoinCalls;
import io.cashdesk.ground.json.Caller;
import io.cashdesk.ground.json.ContentEncoding;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.AcceptLanguage;
import io.cashdesk.ground.problem.ExceptionTranslator;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.ApiKeys;
import io.cashdesk.merchant.Authority;
import io.cashdesk.openid.ExchangeCode;
import io.cashdesk.payment.ClientErrorTexts;
import io.cashdesk.payment.ClosePayment;
import io.cashdesk.payment.CreatePayment;
import io.cashdesk.payment.QueryPayment;
import io.cashdesk.payment.VerifyReceipt;
import io.cashdesk.refund.RefundCalls;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The one address that vk-uni-pay's clients call: {@code {"action": "pay/createPayment", "data": {…}}}. The answer is
 * always HTTP 200; {@code code} shows whether the call succeeded. A client in a browser or an app has a publishable key
 * in the path, which allows few calls; a server has its secret key in the header.
 */
@RequestScoped
@Path("/http/vk-pay")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
public class VkPayResource {
    private static final String CODE_TO_SESSION = "code2Session";
    private static final String VERIFY_RECEIPT = "/verifyReceipt";

    @Inject
    ApiKeys keys;

    @Inject
    CreatePayment createPayment;

    @Inject
    QueryPayment queryPayment;

    @Inject
    VerifyReceipt verifyReceipt;

    @Inject
    ClosePayment closePayment;

    @Inject
    RefundCalls refunds;

    @Inject
    ExchangeCode exchangeCode;

    @Inject
    CoinCalls coins;

    @Inject
    ClientErrorTexts clientErrors;

    @Inject
    Caller caller;

    @Context
    HttpServletRequest request;

    @Context
    HttpHeaders headers;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @POST
    @Idempotent(in = EnvelopeDialect.class)
    public CompletionStage<Response> withSecretKey(byte[] body) {
        return answer(() -> keys.authority(authorization).secret(), body, false);
    }

    @POST
    @Path("{pk}")
    public CompletionStage<Response> withPublishableKey(@PathParam("pk") String key, byte[] body) {
        return answer(() -> publishable(keys.authority("Bearer " + key)), body, true);
    }

    /** A secret key is refused here, because paths are written to logs. */
    private static Authority publishable(Authority authority) {
        if (authority.kind() != ApiKey.Kind.PUBLISHABLE) throw ProblemType.KEY_WRONG.with();
        return authority;
    }

    /** @param client whether the answer goes to a caller with a publishable key */
    private CompletionStage<Response> answer(Supplier<Authority> authority, byte[] bytes, boolean client) {
        CompletionStage<JsonObject> answer;
        try {
            ContentEncoding.requireNone(headers.getHeaderString(HttpHeaders.CONTENT_ENCODING));
            var body = JsonBody.parse(bytes, JsonBody.RECEIPT_LIMIT);
            var action = body.requiredText("action", 64);
            if (bytes.length > JsonBody.LIMIT && !takesReceipts(operation(action))) {
                throw ProblemType.BODY_TOO_LARGE.with(JsonBody.LIMIT);
            }
            answer = act(authority.get(), action, FlatEnvelope.of(body));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        var language = headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE);
        return answer.thenApply(json ->
                        Response.ok(json, MediaType.APPLICATION_JSON_TYPE).build())
                .exceptionally(why -> {
                    var problem = ExceptionTranslator.toProblem(why);
                    return response(client ? problem.forClient() : problem, language);
                });
    }

    private boolean takesReceipts(String operation) {
        return operation.equals("verifyReceipt") || storeOf(operation).isPresent();
    }

    private CompletionStage<JsonObject> act(Authority authority, String action, FlatEnvelope data) {
        return switch (operation(action)) {
            case "createPayment" ->
                createPayment.of(authority, data.createPayment(sender(authority)), caller.address(request));
            case "queryPayment" -> queryPayment.of(authority, data.body());
            case "verifyReceipt" -> verifyReceipt.of(authority, Optional.empty(), data.body(), caller.address(request));
            case "closePayment" -> done(closePayment.of(authority.secret(), data.body()));
            case "refund" -> done(refunds.refund(authority.secret(), data.body()));
            case "queryRefund" -> done(refunds.queryRefund(authority.secret(), data.body()));
            case "clientErrors" -> done(clientErrors.of(data.body()));
            case "getOpenid" -> done(exchangeCode.getOpenid(authority.secret(), data.body()));
            default -> {
                var store = storeOf(operation(action));
                if (store.isPresent()) yield verifyReceipt.of(authority, store, data.body(), caller.address(request));
                if (coins.has(operation(action))) {
                    yield done(coins.of(authority.secret(), operation(action), data.body(), caller.address(request)));
                }
                var wallet = operation(action).startsWith(CODE_TO_SESSION)
                        ? operation(action).substring(CODE_TO_SESSION.length())
                        : "";
                if (!exchangeCode.hasSession(wallet)) {
                    throw ProblemType.notSupported(
                            LocalizedText.same("action \"" + action + '"'),
                            new LocalizedText("可用的 action 见 docs/api.md", "docs/api.md lists the actions"));
                }
                yield done(exchangeCode.codeToSession(authority, data.body(), wallet));
            }
        };
    }

    /** Of an action such as {@code pay/<provider>/verifyReceipt}: the provider, if it has a store of its own. */
    private Optional<String> storeOf(String operation) {
        return Optional.of(operation)
                .filter(name -> name.endsWith(VERIFY_RECEIPT))
                .map(name -> name.substring(0, name.length() - VERIFY_RECEIPT.length()))
                .filter(verifyReceipt::hasStore);
    }

    /**
     * What the headers say of the payer's client. A user agent counts with a publishable key only: every HTTP library
     * of a server sends one of its own. A server sends a {@code Referer} only if it passes on its client's.
     */
    private FlatEnvelope.Sender sender(Authority authority) {
        var client = authority.kind() == ApiKey.Kind.PUBLISHABLE;
        return new FlatEnvelope.Sender(
                headers.getHeaderString("Referer"), client ? headers.getHeaderString(HttpHeaders.USER_AGENT) : null);
    }

    /** An action's name without the folder {@code pay/} that some clients put before it. */
    static String operation(String action) {
        return action.startsWith("pay/") ? action.substring("pay/".length()) : action;
    }

    private static CompletionStage<JsonObject> done(JsonObject answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** Its status is in the body only, but {@code Retry-After} is a header as in the other APIs. */
    static Response response(Problem problem, String acceptLanguage) {
        var response =
                Response.ok(problem.json(AcceptLanguage.locale(acceptLanguage)), MediaType.APPLICATION_JSON_TYPE);
        problem.retryAfter().ifPresent(t -> response.header(HttpHeaders.RETRY_AFTER, Math.max(1, t.toSeconds())));
        return response.build();
    }
}
