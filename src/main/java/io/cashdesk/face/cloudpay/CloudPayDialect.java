package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.problem.AcceptLanguage;
import io.cashdesk.idempotency.ApiDialect;
import io.cashdesk.idempotency.MerchantKeyOwner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** CloudPay's calls name no {@code pid}, and two fields of an answer show whether it succeeded. */
@ApplicationScoped
class CloudPayDialect implements ApiDialect {
    private static final Set<String> WRITES = Set.of("unifiedOrder", "closeOrder", "refund");

    @Inject
    MerchantKeyOwner merchants;

    @Override
    public Optional<String> owner(String authorization, Call call) {
        return merchants.of(authorization, call.pid());
    }

    @Override
    public Optional<Call> read(String path, byte[] body) {
        Fields.json(body);
        return Optional.of(name(path)).filter(WRITES::contains).map(name -> new Call("cloudPay." + name, null));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** CloudPay's callers always send all numbers. */
    @Override
    public byte[] complete(Call call, byte[] body, UUID seed) {
        return body;
    }

    /** A refusal is not stored: its code does not show whether it is final, and a second execution is safe. */
    @Override
    public Outcome outcome(JsonObject answer) {
        var success = "SUCCESS".equals(ApiDialect.text(answer, "returnCode"))
                && "SUCCESS".equals(ApiDialect.text(answer, "resultCode"));
        if (success) return Outcome.FINAL;
        var code = ApiDialect.text(answer, "err_code");
        return "INVALID_REQUEST".equals(code) || "LACK_PARAMS".equals(code) ? Outcome.MISTAKE : Outcome.TEMPORARY;
    }

    @Override
    public Response refusal(RuntimeException why, ContainerRequestContext request) {
        return CloudPayResource.refused(
                why,
                name(request.getUriInfo().getPath()),
                Parties.unknown(),
                AcceptLanguage.locale(request.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE)));
    }
}
