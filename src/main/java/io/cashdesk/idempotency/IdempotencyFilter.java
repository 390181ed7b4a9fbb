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
 * Stands around the calls that are marked {@link Idempotent}. What the call itself refuses to read it refuses in its own words.
 *
 * <p>Nothing here makes a call safe: what is below is, by {@code out_trade_no} and {@code out_refund_no}. So a key whose node died,
 * or whose answer could not be stored, costs one more execution and no money.
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
    IdempotencyKeys idempotency;

    @Inject
    @Any
    Instance<ApiDialect> dialects;

    @Context
    ResourceInfo called;

    /** Kept with the request until its answer goes out. */
    private record Running(ClaimResult.Ours turn, ApiDialect dialect) {}

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
            request.abortWith(dialect.no(e, request));
        }
    }

    /** The whole body, which is put back; empty if it is so large that the call will refuse it. */
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
        var asked = asked(request, body, dialect);
        if (asked.isEmpty()) return;
        var owner = dialect.owner(request.getHeaderString(HttpHeaders.AUTHORIZATION), asked.get());
        if (owner.isEmpty()) return;
        if (!KEY.matcher(key).matches()) throw ProblemType.IDEMPOTENCY_KEY.with(key.length());
        var turn = idempotency.begin(new KeyedCall(owner.get(), key, asked.get().call(), Digest.sha256(body)));
        if (turn instanceof ClaimResult.Answered answered) {
            request.abortWith(again(answered));
        } else if (turn instanceof ClaimResult.Ours ours) {
            request.setProperty(RUNNING, new Running(ours, dialect));
            request.setEntityStream(new ByteArrayInputStream(dialect.complete(asked.get(), body, ours.seed())));
        }
    }

    private static Optional<ApiDialect.Asked> asked(ContainerRequestContext request, byte[] body, ApiDialect dialect) {
        try {
            return dialect.read(request.getUriInfo().getPath(), body);
        } catch (RuntimeException unreadable) { // the call is going to say so
            return Optional.empty();
        }
    }

    private static Response again(ClaimResult.Answered answered) {
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
            switch (running.dialect().meaning(object(answer))) {
                case LASTS -> {
                    var type = response.getMediaType();
                    response.setEntity(answer, null, type); // the same text that a repetition gets
                    idempotency.finish(
                            running.turn(), new ClaimResult.Answered(response.getStatus(), type.toString(), answer));
                }
                case PASSES -> idempotency.release(running.turn());
                case MISTAKE -> idempotency.free(running.turn());
            }
        } catch (RuntimeException e) { // a repetition after the lease is carried out again
            LOG.warnf(
                    e,
                    "The answer to %s was not kept under its Idempotency-Key",
                    running.turn().use().call());
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
