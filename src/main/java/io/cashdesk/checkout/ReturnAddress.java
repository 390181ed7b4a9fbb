package io.cashdesk.checkout;

import io.cashdesk.order.PayOrder;
import java.net.URI;
import java.util.Optional;

/** Where the payer's browser goes back to, for an API whose shops read more there than the order's number. */
public interface ReturnAddress {
    /** The complete address; empty: this API has nothing to add to this order's. */
    Optional<URI> of(PayOrder order);
}
