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

/** The management API names its calls in the path, may have no body, and belongs to no merchant. */
@ApplicationScoped
class ManageDialect implements ApiDialect {
    @Inject
    ManageToken token;

    @Override
    public Optional<Asked> read(String path, byte[] body) {
        return Optional.of(new Asked(path.substring(path.indexOf("manage/")), null));
    }

    @Override
    public Optional<String> owner(String authorization, Asked asked) {
        try {
            token.check(authorization);
            return Optional.of("manage");
        } catch (Problem wrongToken) { // the call is going to say so
            return Optional.empty();
        }
    }

    /** A secret or a key that is left to us is never made of something that is kept. */
    @Override
    public byte[] complete(Asked asked, byte[] body, UUID seed) {
        return body;
    }

    @Override
    public Meaning meaning(JsonObject answer) {
        return ApiDialect.byCode(answer);
    }

    @Override
    public Response no(RuntimeException why, ContainerRequestContext request) {
        throw why;
    }
}
