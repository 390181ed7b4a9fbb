package io.cashdesk.manage;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.idempotency.ApiDialect;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.UUID;

/** Calls of the management API are named by their path, may have no body, and belong to no merchant. */
@ApplicationScoped
class ManageDialect implements ApiDialect {
    @Inject
    ManageToken token;

    @Override
    public Optional<Call> read(String path, byte[] body) {
        return Optional.of(new Call(path.substring(path.indexOf("manage/")), null));
    }

    @Override
    public Optional<String> owner(String authorization, Call call) {
        try {
            token.check(authorization);
            return Optional.of("manage");
        } catch (Problem wrongToken) { // the call is going to refuse the caller
            return Optional.empty();
        }
    }

    /** Generated secrets and keys are never derived from a stored seed. */
    @Override
    public byte[] complete(Call call, byte[] body, UUID seed) {
        return body;
    }

    @Override
    public Outcome outcome(JsonObject answer) {
        return ApiDialect.byCode(answer);
    }

    @Override
    public Response refusal(RuntimeException why, ContainerRequestContext request) {
        throw why;
    }
}
