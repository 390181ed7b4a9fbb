package io.cashdesk.face.epay;

import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.page.View;
import java.util.LinkedHashMap;
import java.util.Locale;

/** What a payer's browser shows if the shop's request cannot be carried out. */
final class RefusedPage {
    private RefusedPage() {}

    static View of(Refusal refusal, Locale language) {
        var model = new LinkedHashMap<String, Object>();
        model.put("title", Messages.text(language, "checkout.epay.heading"));
        model.put("reason", refusal.text(language));
        return new View("checkout/epay", language, model);
    }
}
