package io.cashdesk.simulator;

import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request that notifies a merchant.
 *
 * @param url where it is posted
 * @param acknowledgement decides whether the merchant's answer acknowledges it
 * @param probe a request that is posted before it; its answer is only logged
 */
public record NotificationMessage(
        String url,
        String contentType,
        Map<String, String> headers,
        String body,
        Acknowledgement acknowledgement,
        Optional<NotificationMessage> probe) {
    public NotificationMessage(
            String url, String contentType, Map<String, String> headers, String body, Acknowledgement acknowledgement) {
        this(url, contentType, headers, body, acknowledgement, Optional.empty());
    }

    public NotificationMessage after(NotificationMessage first) {
        return new NotificationMessage(url, contentType, headers, body, acknowledgement, Optional.of(first));
    }

    /** The provider's rule about the merchant's answer. A notification that is not acknowledged is sent again. */
    public interface Acknowledgement {
        boolean isGivenBy(int status, String body);
    }
}
