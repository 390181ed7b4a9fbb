package io.cashdesk.idempotency;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Digest;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.io.StringReader;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Wraps the calls that are marked {@link Idempotent}. What cannot be read here goes on to the call, which refuses it.
 *
 * <p>Money is safe without this filter, by {@code out_trade_no} and {@code out_refund_no}. So if a node stops or an
 * answer cannot be stored, the call is carried out once more, and no money moves twice.
 */
@Provider
@Idempotent
@Priority(Priorities.USER)
@ApplicationScoped
public class IdempotencyFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final Logger LOG = Logger.getLogger(IdempotencyFilter.class);
    private static final String HEADER = "Idempotency-Key";
    private static final String RUNNING = IdempotencyFilter.class.getName();
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    @Inject
    IdempotencyKeys keys;

    @Inject
    @Any
    Instance<ApiDialect> dialects;

    @Context
    ResourceInfo called;

    /** A property of the request until its answer is written. */
    private record Running(ClaimResult.Claimed claimed, ApiDialect dialect) {}

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        var key = request.getHeaderString(HEADER);
        if (key == null) return;
        var body = body(request);
        if (body.isEmpty()) return;
        var dialect = dialects.select(called.getResourceMethod()
                        .getAnnotation(Idempotent.class)
                        .in())
                .get();
        try {
            begin(request, key, body.get(), dialect);
        } catch (RuntimeException e) {
            request.abortWith(dialect.refusal(e, request));
        }
    }

    /**
     * The whole body, which stays readable for the call; empty if it is so large that the call is going to refuse it.
     */
    private static Optional<byte[]> body(ContainerRequestContext request) throws IOException {
        var stream = request.getEntityStream();
        var body = stream.readNBytes(JsonBody.LIMIT + 1);
        if (body.length <= JsonBody.LIMIT) {
            request.setEntityStream(new ByteArrayInputStream(body));
            return Optional.of(body);
        }
        request.setEntityStream(new SequenceInputStream(new ByteArrayInputStream(body), stream));
        return Optional.empty();
    }

    private void begin(ContainerRequestContext request, String key, byte[] body, ApiDialect dialect) {
        var call = call(request, body, dialect);
        if (call.isEmpty()) return;
        var owner = dialect.owner(request.getHeaderString(HttpHeaders.AUTHORIZATION), call.get());
        if (owner.isEmpty()) return;
        if (!KEY.matcher(key).matches()) throw ProblemType.IDEMPOTENCY_KEY.with(key.length());
        var result = keys.claim(new KeyedCall(owner.get(), key, call.get().name(), Digest.sha256(body)));
        if (result instanceof ClaimResult.Answered answered) {
            request.abortWith(replay(answered));
        } else if (result instanceof ClaimResult.Claimed claimed) {
            request.setProperty(RUNNING, new Running(claimed, dialect));
            request.setEntityStream(new ByteArrayInputStream(dialect.complete(call.get(), body, claimed.seed())));
        }
    }

    private static Optional<ApiDialect.Call> call(ContainerRequestContext request, byte[] body, ApiDialect dialect) {
        try {
            return dialect.read(request.getUriInfo().getPath(), body);
        } catch (RuntimeException unreadable) { // the call is going to refuse it
            return Optional.empty();
        }
    }

    private static Response replay(ClaimResult.Answered answered) {
        return Response.status(answered.status())
                .type(answered.mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Idempotent-Replayed", "true")
                .entity(answered.body())
                .build();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(RUNNING) instanceof Running running)) return;
        try {
            var answer = text(response.getEntity());
            switch (running.dialect().outcome(object(answer))) {
                case FINAL -> {
                    var type = response.getMediaType();
                    response.setEntity(answer, null, type); // the same text that a repetition gets
                    keys.finish(
                            running.claimed(), new ClaimResult.Answered(response.getStatus(), type.toString(), answer));
                }
                case TEMPORARY -> keys.endLease(running.claimed());
                case MISTAKE -> keys.delete(running.claimed());
            }
        } catch (RuntimeException e) { // a repetition after the lease is carried out again
            LOG.warnf(
                    e,
                    "The answer of %s was not stored under its Idempotency-Key",
                    running.claimed().call().call());
        }
    }

    private static String text(Object entity) {
        return entity instanceof JsonObject || entity instanceof String ? entity.toString() : "";
    }

    private static JsonObject object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException notJson) {
            return JsonObject.EMPTY_JSON_OBJECT;
        }
    }
}
