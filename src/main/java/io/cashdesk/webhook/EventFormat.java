package io.cashdesk.webhook;

import io.cashdesk.order.PayOrderChanged;
import java.util.Optional;

/** Another shape in which an endpoint may hear of an event, and its own idea of a yes. */
public interface EventFormat {
    /** As an endpoint names it: "cloudpay". */
    String format();

    /** Which endpoint was named to hear of this; empty: none. */
    Optional<String> callback(PayOrderChanged change);

    /** The body, the same bytes every time it is told. */
    String body(PayOrderChanged change);

    /** Why this answer (with a 2xx) is no yes, or empty if it is one. */
    Optional<String> refusal(String answer);
}
