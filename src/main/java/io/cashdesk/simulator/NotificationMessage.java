package io.cashdesk.simulator;

import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request that notifies a merchant.
 *
 * @param url where it is posted or, if {@link #inAddress}, requested with GET
 * @param acknowledgement decides whether the merchant's answer acknowledges it
 * @param probe a request that is posted before it; its answer is only logged
 * @param verdict for the log: SIGNED, or ENCRYPTED or NONE if it has no signature
 * @param plain for the log: the text that is encrypted in the body, or an empty text
 */
public record NotificationMessage(
        String url,
        String contentType,
        Map<String, String> headers,
        String body,
        Acknowledgement acknowledgement,
        Optional<NotificationMessage> probe,
        Exchange.Verdict verdict,
        String plain) {
    public NotificationMessage(
            String url, String contentType, Map<String, String> headers, String body, Acknowledgement acknowledgement) {
        this(url, contentType, headers, body, acknowledgement, Optional.empty(), Exchange.Verdict.SIGNED, "");
    }

    /** A notification whose content is the query of the address. */
    public static NotificationMessage inAddress(String url, Acknowledgement acknowledgement) {
        return new NotificationMessage(url, "", Map.of(), "", acknowledgement);
    }

    /** Whether it is a GET request without a body. */
    boolean inAddress() {
        return contentType.isEmpty();
    }

    /** The same message with this verdict in the log. */
    public NotificationMessage verdict(Exchange.Verdict how) {
        return encrypting("", how);
    }

    public NotificationMessage after(NotificationMessage first) {
        return new NotificationMessage(
                url, contentType, headers, body, acknowledgement, Optional.of(first), verdict, plain);
    }

    /** The same message, whose encrypted content is this text. */
    public NotificationMessage encrypting(String text, Exchange.Verdict how) {
        return new NotificationMessage(url, contentType, headers, body, acknowledgement, probe, how, text);
    }

    /** The provider's rule about the merchant's answer. A notification that is not acknowledged is sent again. */
    public interface Acknowledgement {
        boolean isGivenBy(int status, String body);
    }
}
