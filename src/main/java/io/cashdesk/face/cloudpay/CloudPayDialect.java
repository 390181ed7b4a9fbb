package io.cashdesk.face.cloudpay;

import io.cashdesk.idempotency.ApiDialect;
import io.cashdesk.idempotency.MerchantKeyOwner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** CloudPay's calls never name a merchant of ours, and say yes with two words. */
@ApplicationScoped
class CloudPayDialect implements ApiDialect {
    private static final Set<String> WRITES = Set.of("unifiedOrder", "closeOrder", "refund");

    @Inject
    MerchantKeyOwner merchants;

    @Override
    public Optional<String> owner(String authorization, Asked asked) {
        return merchants.of(authorization, asked.pid());
    }

    @Override
    public Optional<Asked> read(String path, byte[] body) {
        Fields.parse(body);
        return Optional.of(call(path)).filter(WRITES::contains).map(call -> new Asked("cloudPay." + call, null));
    }

    private static String call(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** CloudPay's callers bring all numbers themselves. */
    @Override
    public byte[] complete(Asked asked, byte[] body, UUID seed) {
        return body;
    }

    /** A refusal is not kept: its words do not tell a decision from what passes, and carrying it out again is safe. */
    @Override
    public Meaning meaning(JsonObject answer) {
        var yes = "SUCCESS".equals(ApiDialect.text(answer, "returnCode"))
                && "SUCCESS".equals(ApiDialect.text(answer, "resultCode"));
        if (yes) return Meaning.LASTS;
        var code = ApiDialect.text(answer, "err_code");
        return "PARAM_ERROR".equals(code) || "LACK_PARAMS".equals(code) ? Meaning.MISTAKE : Meaning.PASSES;
    }

    @Override
    public Response no(RuntimeException why, ContainerRequestContext request) {
        return CloudPayResource.no(why, call(request.getUriInfo().getPath()));
    }
}
