package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Answers calls of the App Store Server API: verifies who calls, finds the purchase, logs both, and lets faults happen.
 */
@ApplicationScoped
class AppleCalls {
    private static final List<Fault> ANSWERS =
            List.of(CommonFault.ANSWER_SYSTEM_ERROR, CommonFault.ANSWER_HTML, CommonFault.ANSWER_BADLY_SIGNED);

    @Inject
    AppleCaller caller;

    @Inject
    ApplePurchases purchases;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    AppleSigner signer;

    /**
     * @param environment whose address was called
     * @param what method and path, for the log
     * @param authorization the header, or null
     * @param body for the log, or an empty text
     */
    record Call(Environment environment, String what, String authorization, String body) {}

    /** Signs a payload, wrongly if a fault says so. */
    interface Signing extends Function<JsonObject, String> {}

    /** What a call about a purchase does; without a content it is answered with 202. */
    interface AboutPurchase {
        Optional<JsonObject> run(AppleApp app, ApplePurchase purchase, Signing signing);
    }

    /** A call that is about an app. */
    Response answer(Call call, Function<AppleApp, JsonObject> operation) {
        try {
            return json(200, operation.apply(caller.verify(call.authorization())));
        } catch (AppleCaller.Unauthenticated refused) {
            return unauthenticated();
        } catch (AppleRefusal refused) {
            return json(refused.status(), refused.json());
        }
    }

    /** @param id of the transaction, as it stands in the path */
    CompletionStage<Response> answer(Call call, String id, AboutPurchase operation) {
        AppleApp app;
        try {
            app = caller.verify(call.authorization());
        } catch (AppleCaller.Unauthenticated refused) {
            if (refused.app() != null) {
                log.add(asked(call, refused.app(), id).verdict(Exchange.Verdict.WRONG, refused.getMessage()));
                log.add(answered(refused.app(), id).status(401));
            }
            return CompletableFuture.completedFuture(unauthenticated());
        }
        log.add(asked(call, app, id).verdict(Exchange.Verdict.RIGHT, ""));
        return answer(call, app, id, operation);
    }

    private CompletionStage<Response> answer(Call call, AppleApp app, String id, AboutPurchase operation) {
        var late = false;
        Fault fault = null;
        Response response;
        var line = answered(app, id);
        try {
            var purchase = find(call, app, id);
            late = trades.takeFault(trades.get(purchase.trade().id()), CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
            fault = trades.takeFirst(trades.get(purchase.trade().id()), ANSWERS).orElse(null);
            var content = operation.run(app, purchase, signing(purchase, fault == CommonFault.ANSWER_BADLY_SIGNED));
            if (fault == CommonFault.ANSWER_HTML) {
                log.add(line.status(502).verdict(Exchange.Verdict.NONE, CommonFault.ANSWER_HTML.name()));
                return FaultyAnswer.of(FaultyAnswer.proxyPage(), late);
            }
            if (fault == CommonFault.ANSWER_SYSTEM_ERROR) throw AppleRefusal.internal();
            response = content.map(c -> json(200, c))
                    .orElseGet(() -> Response.status(202).build());
            line = line.status(response.getStatus())
                    .body(content.map(JsonObject::toString).orElse(""));
            if (content.isPresent()) line = line.signed(fault);
        } catch (AppleRefusal refused) {
            response = json(refused.status(), refused.json());
            line = line.status(refused.status()).body(refused.json().toString());
        }
        log.add(line.late(late));
        return FaultyAnswer.of(response, late);
    }

    private ApplePurchase find(Call call, AppleApp app, String id) {
        if (!id.matches("\\d{1,40}")) throw AppleRefusal.transactionId();
        var purchase = purchases
                .byId(app.account().id(), id)
                .filter(p -> p.detail().environment() == call.environment())
                .orElseThrow(AppleRefusal::notFound);
        if (trades.takeFault(purchase.trade(), AppleFault.PURCHASE_FOUND_LATE)) throw AppleRefusal.notFound();
        return purchase;
    }

    private Signing signing(ApplePurchase purchase, boolean forged) {
        return payload -> {
            var jws = signer.jws(payload, purchase.detail().environment());
            return forged ? AppleSigner.forged(jws) : jws;
        };
    }

    /** The header is not logged: who has the token can call for an hour. */
    private static Exchange asked(Call call, AppleApp app, String id) {
        return Exchange.of(app.account().id(), id, Exchange.Way.CALL, call.what())
                .headers(Map.of("Authorization", "Bearer …"))
                .body(call.body());
    }

    private static Exchange answered(AppleApp app, String id) {
        return Exchange.of(app.account().id(), id, Exchange.Way.ANSWER, "").headers(Map.of());
    }

    private static Response json(int status, JsonObject content) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(content)
                .build();
    }

    private static Response unauthenticated() {
        return Response.status(401)
                .type(MediaType.TEXT_PLAIN)
                .entity("Unauthenticated\n\nRequest ID: " + UUID.randomUUID() + "\n")
                .build();
    }
}
