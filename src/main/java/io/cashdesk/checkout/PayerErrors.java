package io.cashdesk.checkout;

import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.annotation.Annotation;

/**
 * Payers read pages and no JSON: a browser whose request to a payer's address is refused (4xx: another method, another
 * address below the page, a body that cannot be read) is sent to the page of its token, and without a token it reads
 * that there is no payment. Failures (5xx) are {@link UnavailablePage}'s.
 */
@Provider
public class PayerErrors implements ContainerRequestFilter, ContainerResponseFilter {
    /** In bytes; the forms of a page have a few short fields. */
    static final int LARGEST_FORM = 64 * 1024;

    @Context
    HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext call) throws IOException {
        var token = PayerPath.token(call);
        if (token.isEmpty() || token.get().isEmpty() || !call.hasEntity() || isShort(call)) return;
        call.abortWith(Addresses.redirect(token.get(), ""));
    }

    /** Whether the body is within the limit; one that comes in chunks has no length before it is read. */
    static boolean isShort(ContainerRequestContext call) throws IOException {
        if (call.getLength() > LARGEST_FORM) return false;
        var body = call.getEntityStream().readNBytes(LARGEST_FORM + 1);
        call.setEntityStream(new ByteArrayInputStream(body));
        return body.length <= LARGEST_FORM;
    }

    @Override
    public void filter(ContainerRequestContext call, ContainerResponseContext answer) {
        if (answer.getStatus() < 400 || answer.getStatus() >= 500 || answer.getEntity() instanceof View) return;
        var token = PayerPath.token(call);
        if (token.isEmpty() || !PayerPath.wantsPage(request)) return;
        answer.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
        if (token.get().isEmpty() || PayerPath.isPage(call)) {
            answer.setStatus(404);
            var page = UnknownPage.view(Language.of(request));
            answer.setEntity(page, new Annotation[0], MediaType.TEXT_HTML_TYPE);
        } else {
            var page = Addresses.redirect(token.get(), "");
            answer.setStatus(page.getStatus());
            answer.getHeaders().putSingle(HttpHeaders.LOCATION, page.getHeaderString(HttpHeaders.LOCATION));
            answer.setEntity(null);
        }
    }
}
