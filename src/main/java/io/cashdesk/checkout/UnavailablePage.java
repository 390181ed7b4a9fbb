package io.cashdesk.checkout;

import io.cashdesk.ground.page.Language;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.time.Clock;
import java.util.Set;

/** A payer whose page cannot be read right now gets a page that says so and looks again, instead of a problem in JSON. */
@Provider
public class UnavailablePage implements ContainerResponseFilter {
    /** Not available, or not known in time: it passes by itself. */
    private static final Set<Integer> PASSING = Set.of(503, 504);

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext asked, ContainerResponseContext answer) {
        if (!PASSING.contains(answer.getStatus()) || !wantsPage(asked)) return;
        var token = asked.getUriInfo().getPathParameters().getFirst("token");
        if (token == null) return;
        var page = CheckoutPage.unavailable(token, clock.instant(), Language.of(request));
        answer.setEntity(page, new Annotation[0], MediaType.TEXT_HTML_TYPE);
    }

    private static boolean wantsPage(ContainerRequestContext asked) {
        var path = asked.getUriInfo().getPath().replaceFirst("^/", "");
        return (path.startsWith("checkout/") || path.startsWith("q/"))
                && asked.getAcceptableMediaTypes().stream()
                        .anyMatch(t -> MediaType.TEXT_HTML_TYPE.isCompatible(t) && !t.isWildcardType());
    }
}
