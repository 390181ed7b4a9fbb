package io.cashdesk.webhook;

import io.cashdesk.order.PayOrderChanged;
import java.util.Optional;

/** A format of events beside the standard one, with its own rule for what acknowledges a delivery. */
public interface EventFormat {
    /** The name that an endpoint's settings use: "cloudpay". */
    String format();

    /** The name of the endpoint that the order or refund names as its callback for this event; empty: none. */
    Optional<String> callback(PayOrderChanged change);

    /** The body. It is stored, so that every try sends the same bytes. */
    String body(PayOrderChanged change);

    /** Why the body of a 2xx does not acknowledge, or empty if it does. */
    Optional<String> refusal(String answer);
}
