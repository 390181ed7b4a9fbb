package io.cashdesk.face.vk;

import io.cashdesk.coin.CoinCalls;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ExceptionTranslator;
import io.cashdesk.idempotency.ApiDialect;
import io.cashdesk.idempotency.MerchantKeyOwner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The envelope names its call in the body and always answers with HTTP 200. */
@ApplicationScoped
class EnvelopeDialect implements ApiDialect {
    private static final Set<String> WRITES = Set.of("createPayment", "closePayment", "refund");

    @Inject
    MerchantKeyOwner merchants;

    @Inject
    CoinCalls coins;

    @Override
    public Optional<String> owner(String authorization, Call call) {
        return merchants.of(authorization, call.pid());
    }

    @Override
    public Optional<Call> read(String path, byte[] body) {
        var envelope = JsonBody.parse(body);
        var operation = VkPayResource.operation(envelope.requiredText("action", 64));
        if (!WRITES.contains(operation) && !coins.has(operation)) return Optional.empty();
        return Optional.of(
                new Call("vk-pay/" + operation, FlatEnvelope.of(envelope).pid(operation)));
    }

    /** An empty number counts as absent, as every empty text in an envelope. */
    @Override
    public byte[] complete(Call call, byte[] body, UUID seed) {
        if (!call.name().equals("vk-pay/refund")) return body;
        var envelope = JsonBody.parse(body);
        var data = envelope.object("data");
        if (data.isEmpty()) return body;
        var given = data.get().has("out_refund_no")
                && !"".equals(ApiDialect.text(data.get().json(), "out_refund_no"));
        if (given) return body;
        return Json.createObjectBuilder(envelope.json())
                .add("data", ApiDialect.withRefundNo(data.get().json(), seed))
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Outcome outcome(JsonObject answer) {
        return ApiDialect.byCode(answer);
    }

    @Override
    public Response refusal(RuntimeException why, ContainerRequestContext request) {
        return VkPayResource.response(
                ExceptionTranslator.toProblem(why), request.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE));
    }
}
