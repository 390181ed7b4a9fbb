package io.cashdesk.webhook;

import io.cashdesk.order.PayOrderChanged;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/** A format of events beside the standard one, with its own rule for what acknowledges a delivery. */
public interface EventFormat {
    /** The name that an endpoint's settings use: "cloudpay". */
    String format();

    /**
     * The address to which this event goes alone; empty: to that of the endpoint. Its failures do not count for the
     * endpoint.
     */
    default Optional<String> target(PayOrderChanged change) {
        return Optional.empty();
    }

    /** The name of the endpoint that the order or refund names as its callback for this event; empty: none. */
    Optional<String> callback(PayOrderChanged change);

    /** The body. It is stored, so that every try sends the same bytes. */
    String body(PayOrderChanged change);

    /**
     * The address that is called with GET, with what is signed for this try; empty: the body is posted.
     *
     * @param merchant whose event it is
     * @param target the delivery's or the endpoint's address
     * @param body as {@link #body} made it
     */
    default Optional<URI> called(UUID merchant, String target, String body) {
        return Optional.empty();
    }

    /** Why the body of a 2xx does not acknowledge, or empty if it does. */
    Optional<String> refusal(String answer);
}
