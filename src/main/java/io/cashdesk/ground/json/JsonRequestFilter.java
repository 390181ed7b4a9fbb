package io.cashdesk.ground.json;

import io.cashdesk.ground.problem.ProblemType;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Checks the body of every request below {@code /api/} before a resource reads it: the content type must be
 * application/json and the body at most {@link JsonBody#LIMIT} bytes.
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION + 1)
public class JsonRequestFilter implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        if (!checked(request.getUriInfo().getPath()) || !request.hasEntity()) return;
        if (request.getLength() > JsonBody.LIMIT) throw ProblemType.BODY_TOO_LARGE.with(JsonBody.LIMIT);
        var type = request.getMediaType();
        if (type == null || !MediaType.APPLICATION_JSON_TYPE.isCompatible(type)) {
            throw ProblemType.CONTENT_TYPE.with(type == null ? "absent" : type);
        }
        var body = request.getEntityStream().readNBytes(JsonBody.LIMIT + 1);
        if (body.length > JsonBody.LIMIT) throw ProblemType.BODY_TOO_LARGE.with(JsonBody.LIMIT);
        request.setEntityStream(new ByteArrayInputStream(body));
    }

    /** CloudPay's dialect reports errors in its own format with HTTP 200, so its resource checks its bodies itself. */
    private static boolean checked(String path) {
        return path.startsWith("/api/") && !path.startsWith("/api/cloudPay/");
    }
}
