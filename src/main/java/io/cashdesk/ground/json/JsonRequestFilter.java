package io.cashdesk.ground.json;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Checks every request before its resource is chosen. Below {@code /api/} the body must be uncompressed
 * application/json in UTF-8 of at most {@link JsonBody#LIMIT} bytes, of {@code verifyReceipt} at most
 * {@link JsonBody#RECEIPT_LIMIT}.
 *
 * <p>Every address has one kind of answer, and errors are problems (RFC 9457), so {@code Accept} chooses nothing: it is
 * replaced, and a caller that sends an unusual or malformed one gets the answer and no 406 without a body.
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION + 1)
public class JsonRequestFilter implements ContainerRequestFilter {
    /**
     * Of a body below {@code /notify/}, {@code /epay/} and {@code /api/cloudPay/}, in bytes. Their resources get it
     * whole and unverified, and refuse it in formats of their own; of a longer one they get one byte more than this and
     * no more, so that callers without any key cannot fill the memory.
     */
    public static final int LARGEST = 256 * 1024;

    /** Its action, which decides how long a body may be, is in the body. */
    private static final String ENVELOPE = "/http/vk-pay";

    private static final String RECEIPTS = "/api/pay/verifyReceipt";

    private static final Set<String> UTF_8 = Set.of("utf-8", "utf8");

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        request.getHeaders().putSingle(HttpHeaders.ACCEPT, MediaType.WILDCARD);
        var type = contentType(request);
        var path = request.getUriInfo().getPath();
        if (path.startsWith("/api/")) refuseUnstorableAddress(request);
        if (!checked(path) || !request.hasEntity()) {
            if (type.isEmpty()) request.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
            if (checksItself(path) && request.hasEntity()) {
                var most = path.startsWith(ENVELOPE) ? JsonBody.RECEIPT_LIMIT : LARGEST;
                var cut = request.getEntityStream().readNBytes(most + 1);
                request.setEntityStream(new ByteArrayInputStream(cut));
            }
            return;
        }
        var limit = path.equals(RECEIPTS) ? JsonBody.RECEIPT_LIMIT : JsonBody.LIMIT;
        if (request.getLength() > limit) throw ProblemType.BODY_TOO_LARGE.with(limit);
        ContentEncoding.requireNone(request.getHeaderString(HttpHeaders.CONTENT_ENCODING));
        if (type.filter(JsonRequestFilter::utf8Json).isEmpty()) {
            var sent = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
            request.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
            throw ProblemType.contentType(sent);
        }
        var body = request.getEntityStream().readNBytes(limit + 1);
        if (body.length > limit) throw ProblemType.BODY_TOO_LARGE.with(limit);
        request.setEntityStream(new ByteArrayInputStream(body));
    }

    /** Empty if there is none, or if it cannot be read. */
    private static Optional<MediaType> contentType(ContainerRequestContext request) {
        try {
            return Optional.ofNullable(request.getMediaType());
        } catch (IllegalArgumentException | WebApplicationException malformed) {
            return Optional.empty();
        }
    }

    private static boolean utf8Json(MediaType type) {
        var json = type.getType().equalsIgnoreCase("application")
                && type.getSubtype().equalsIgnoreCase("json");
        var charset = type.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "utf-8");
        return json && UTF_8.contains(charset.replace("\"", "").toLowerCase(Locale.ROOT));
    }

    /** PostgreSQL stores no U+0000, so no merchant, order or endpoint has one in its name. */
    private static void refuseUnstorableAddress(ContainerRequestContext request) {
        var uri = request.getUriInfo();
        if (uri.getPath().indexOf('\0') >= 0) {
            throw ProblemType.notFound(uri.getPath().replace("\0", "%00"));
        }
        uri.getQueryParameters().forEach((name, values) -> {
            if (name.indexOf('\0') >= 0 || values.stream().anyMatch(v -> v.indexOf('\0') >= 0)) {
                throw ProblemType.field(
                        name.replace("\0", "%00"),
                        new LocalizedText("不含 U+0000 的文本", "a text without U+0000"),
                        new LocalizedText("含有 %00 的文本", "one with %00"));
            }
        });
    }

    private static boolean checksItself(String path) {
        return path.startsWith("/notify/")
                || path.startsWith("/epay/")
                || path.startsWith("/api/cloudPay/")
                || path.startsWith(ENVELOPE);
    }

    /** CloudPay's dialect reports errors in its own format with HTTP 200, so its resource checks its bodies itself. */
    private static boolean checked(String path) {
        return path.startsWith("/api/") && !path.startsWith("/api/cloudPay/");
    }
}
