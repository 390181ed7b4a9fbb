package io.cashdesk.face.epay;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.page.Language;
import io.cashdesk.order.PayOrder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.function.Function;

/** Sends a payer's browser to the page of the order that its shop wants, or shows why there is none. */
@ApplicationScoped
class SubmitPage {
    @Inject
    OpenTrade openTrade;

    /** @param opened verifies the parameters and opens the order */
    Response of(HttpServletRequest request, byte[] form, Function<Parameters, PayOrder> opened) {
        try {
            var order = opened.apply(Parameters.of(request.getQueryString(), form, request.getContentType()));
            return Redirect.outside(URI.create(openTrade.page(order))).build();
        } catch (RuntimeException e) {
            return Response.ok(RefusedPage.of(Refusal.of(e), Language.of(request)), MediaType.TEXT_HTML_TYPE)
                    .build();
        }
    }
}
