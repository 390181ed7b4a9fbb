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

/**
 * Replaces the answer to a browser's request for a payer's page that failed (5xx: mostly because the database cannot be
 * used for a while) by a page that says so and loads itself again.
 */
@Provider
public class UnavailablePage implements ContainerResponseFilter {
    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext call, ContainerResponseContext answer) {
        if (answer.getStatus() < 500 || !PayerPath.wantsPage(request)) return;
        var token = PayerPath.token(call).filter(t -> !t.isEmpty());
        if (token.isEmpty()) return;
        var page = view(token.get(), clock.instant(), Language.of(request));
        answer.setEntity(page, new Annotation[0], MediaType.TEXT_HTML_TYPE);
    }

    /** @param token the page's own address, whose order is not known now */
    static View view(String token, Instant now, Locale language) {
        var model = new LinkedHashMap<String, Object>();
        var base = "/checkout/" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        model.put("state", "unavailable");
        model.put("title", Messages.text(language, "checkout.unavailable.heading"));
        model.put("otherLanguage", Formats.otherLanguage(language));
        model.put("base", base);
        model.put("refresh", CheckoutModel.REFRESH_SECONDS + ";url=" + base);
        model.put("now", now.toEpochMilli());
        model.put("again", now.plusSeconds(CheckoutModel.REFRESH_SECONDS).toEpochMilli());
        return new View("checkout/unavailable", language, model);
    }
}
