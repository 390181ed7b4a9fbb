package io.cashdesk.checkout;

import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.page.View;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Set;

/**
 * Replaces the answer to a browser's request for a payer's page while it cannot be read (503, 504) by a page that says
 * so and loads itself again.
 */
@Provider
public class UnavailablePage implements ContainerResponseFilter {
    /** Not available, or not known in time: it passes by itself. */
    private static final Set<Integer> PASSING = Set.of(503, 504);

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext call, ContainerResponseContext answer) {
        if (!PASSING.contains(answer.getStatus()) || !wantsPage(call)) return;
        var token = call.getUriInfo().getPathParameters().getFirst("token");
        if (token == null) return;
        var page = view(token, clock.instant(), Language.of(request));
        answer.setEntity(page, new Annotation[0], MediaType.TEXT_HTML_TYPE);
    }

    /** By the header as the browser sent it: for JAX-RS it is replaced, because it chooses no other answer. */
    private boolean wantsPage(ContainerRequestContext call) {
        var path = call.getUriInfo().getPath().replaceFirst("^/", "");
        var accept = request.getHeader("Accept");
        return (path.startsWith("checkout/") || path.startsWith("q/"))
                && accept != null
                && accept.contains(MediaType.TEXT_HTML);
    }

    /** @param token the page's own address, whose order is not known now */
    private static View view(String token, Instant now, Locale language) {
        var model = new LinkedHashMap<String, Object>();
        var base = "/checkout/" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        model.put("state", "unavailable");
        model.put("title", Messages.text(language, "checkout.unavailable.heading"));
        model.put("base", base);
        model.put("refresh", CheckoutModel.REFRESH_SECONDS + ";url=" + base);
        model.put("now", now.toEpochMilli());
        model.put("again", now.plusSeconds(CheckoutModel.REFRESH_SECONDS).toEpochMilli());
        return new View("checkout/unavailable", language, model);
    }
}
