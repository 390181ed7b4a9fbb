package io.cashdesk.checkout;

import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.page.View;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Locale;

/** The page of a link that belongs to no order. */
final class UnknownPage {
    private UnknownPage() {}

    static Response response(Locale language) {
        return Response.status(Response.Status.NOT_FOUND).entity(view(language)).build();
    }

    static View view(Locale language) {
        var model = new LinkedHashMap<String, Object>();
        model.put("state", PageState.UNKNOWN.word());
        model.put("title", Messages.text(language, "checkout.unknown.heading"));
        model.put("otherLanguage", Formats.otherLanguage(language));
        return new View("checkout/unknown", language, model);
    }
}
