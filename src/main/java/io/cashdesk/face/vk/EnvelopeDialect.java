package io.cashdesk.face.vk;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.idempotency.ApiDialect;
import io.cashdesk.idempotency.MerchantKeyOwner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The envelope names its call in the body and says everything with HTTP 200. */
@ApplicationScoped
class EnvelopeDialect implements ApiDialect {
    private static final Set<String> WRITES = Set.of("createPayment", "closePayment", "refund");

    @Inject
    MerchantKeyOwner merchants;

    @Override
    public Optional<String> owner(String authorization, Asked asked) {
        return merchants.of(authorization, asked.pid());
    }

    @Override
    public Optional<Asked> read(String path, byte[] body) {
        var envelope = JsonBody.parse(body);
        var operation = VkPayResource.operation(envelope.requiredText("action", 64));
        if (!WRITES.contains(operation)) return Optional.empty();
        return Optional.of(
                new Asked("vk-pay/" + operation, FlatEnvelope.of(envelope).pid(operation)));
    }

    /** An empty number is none, as in every envelope. */
    @Override
    public byte[] complete(Asked asked, byte[] body, UUID seed) {
        if (!asked.call().equals("vk-pay/refund")) return body;
        var envelope = JsonBody.parse(body);
        var data = envelope.object("data");
        if (data.isEmpty()) return body;
        var named = data.get().has("out_refund_no")
                && !"".equals(ApiDialect.text(data.get().json(), "out_refund_no"));
        if (named) return body;
        return Json.createObjectBuilder(envelope.json())
                .add("data", ApiDialect.withRefundNo(data.get().json(), seed))
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Meaning meaning(JsonObject answer) {
        return ApiDialect.byCode(answer);
    }

    @Override
    public Response no(RuntimeException why, ContainerRequestContext request) {
        var answer = VkPayResource.no(why, request.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE));
        return Response.ok(answer, MediaType.APPLICATION_JSON).build();
    }
}
