package io.cashdesk.simulator;

import io.cashdesk.ground.page.Messages;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of an order's log: a message that a simulated provider received or sent, or an event inside it. Keys and
 * other secrets of the two sides must not be part of a line, because the wallet page shows it.
 *
 * @param accountId the merchant's account at the provider; null: not known, and the line is not stored
 * @param number the merchant's number of the order; empty or "?": not known, and the line is not stored
 * @param what method and address; of an event its name
 * @param why belongs to the verdict or the event: the name of a fault, a number, an amount, or the provider's words
 * @param status HTTP; 0: it has none
 * @param headers those of the signature and of the content, one a line
 * @param body as it was on the wire
 * @param plain the text that is encrypted in the body
 */
public record Exchange(
        UUID accountId,
        String number,
        Way way,
        String what,
        Verdict verdict,
        String why,
        int status,
        String headers,
        String body,
        String plain) {

    /** As {@code why}; has the message {@code simulator.why.LATE}. */
    static final String LATE = "LATE";

    /** As {@code why}: the signature does not match what was signed. */
    public static final String MISMATCH = reason("MISMATCH");

    private static final String OWN = "@";

    /**
     * A {@code why} in the simulator's own words, which the page shows in its language.
     *
     * @param key of the message {@code simulator.why.<key>}
     * @param arguments of the message, without line breaks
     */
    public static String reason(String key, String... arguments) {
        return OWN + key + Stream.of(arguments).map(a -> "\n" + a).collect(Collectors.joining());
    }

    /** The reason in this language, if it is in the simulator's own words. */
    static Optional<String> reasonIn(String why, Locale language) {
        if (!why.startsWith(OWN)) return Optional.empty();
        var parts = why.substring(OWN.length()).split("\n", -1);
        var arguments = (Object[]) Arrays.copyOfRange(parts, 1, parts.length);
        return Optional.of(Messages.text(language, "simulator.why." + parts[0], arguments));
    }

    /** Who sent it to whom. */
    public enum Way {
        /** The merchant's server to the provider. */
        CALL,
        /** The provider to the merchant's server. */
        ANSWER,
        /** The provider to the merchant's {@code notify_url}. */
        NOTIFICATION,
        /** The merchant's {@code notify_url} to the provider. */
        ACKNOWLEDGEMENT,
        /** The payer's phone to the provider. */
        PAYER,
        /** Nothing was sent. */
        EVENT
    }

    /** What is known about the signature or, for acknowledgements, about the answer. */
    public enum Verdict {
        /** The provider verified it. */
        RIGHT("✓"),
        /** The provider refused it. */
        WRONG("✗"),
        /** The provider signed it. */
        SIGNED("✓"),
        /** The provider signed it wrongly, because a fault is set. */
        FORGED("✗"),
        /** It has no signature, and its content is encrypted. */
        ENCRYPTED("–"),
        /** It has no signature. */
        NONE("–"),
        /** The merchant acknowledged a notification. */
        ACKNOWLEDGED("✓"),
        /** The merchant answered, but did not acknowledge; the notification is repeated. */
        REFUSED("✗"),
        /** As REFUSED, after the last delivery. */
        REFUSED_LAST("✗"),
        /** The merchant refused a notification that was signed wrongly on purpose, as it must. */
        REFUSED_FORGED("✓"),
        /** The merchant acknowledged a notification that was signed wrongly on purpose. */
        ACCEPTED_FORGED("✗"),
        /** There was no answer; the notification is repeated. */
        LOST("✗"),
        /** As LOST, after the last delivery. */
        LOST_LAST("✗");

        private final String mark;

        Verdict(String mark) {
            this.mark = mark;
        }

        /**
         * About the merchant's answer to a notification.
         *
         * @param forged whether its signature was wrong on purpose
         * @param repeated whether there is a next delivery, if it is not acknowledged
         */
        static Verdict ofAnswer(boolean acknowledged, boolean forged, boolean repeated) {
            if (forged) return acknowledged ? ACCEPTED_FORGED : REFUSED_FORGED;
            return acknowledged ? ACKNOWLEDGED : repeated ? REFUSED : REFUSED_LAST;
        }

        /** One character, so that colour is not the only sign. */
        String mark() {
            return mark;
        }
    }

    /** Events; each has the message {@code simulator.event.<name>}. */
    public enum Event {
        PAID,
        PAID_BY_CODE,
        PASSWORD,
        DECLINED,
        EXPIRED,
        TOPPED_UP,
        REFUND_ACCEPTED,
        REFUND_SUCCESS,
        REFUND_CLOSED,
        REFUND_ABNORMAL,
        REVERSED,
        NOT_NOTIFIED
    }

    public static Exchange of(UUID accountId, String number, Way way, String what) {
        return new Exchange(accountId, number, way, what, Verdict.NONE, "", 0, "", "", "");
    }

    /** @param detail an amount or a number, or an empty text */
    public static Exchange event(Trade trade, Event event, String detail) {
        var way = event == Event.DECLINED ? Way.PAYER : Way.EVENT;
        return of(trade.accountId(), trade.number(), way, event.name()).verdict(Verdict.NONE, detail);
    }

    /** The answer is sent, but only after the caller's time-out. */
    public Exchange late(boolean late) {
        return late ? verdict(verdict, LATE) : this;
    }

    public Exchange verdict(Verdict verdict, String why) {
        return new Exchange(accountId, number, way, what, verdict, why, status, headers, body, plain);
    }

    /** The verdict about a message that the provider signed, with the fault that made its signature wrong, or null. */
    public Exchange signed(Fault fault) {
        return fault == null ? verdict(Verdict.SIGNED, why) : verdict(Verdict.FORGED, fault.name());
    }

    public Exchange status(int status) {
        return new Exchange(accountId, number, way, what, verdict, why, status, headers, body, plain);
    }

    public Exchange headers(Map<String, String> headers) {
        var lines = headers.entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining("\n"));
        return new Exchange(accountId, number, way, what, verdict, why, status, lines, body, plain);
    }

    public Exchange body(String body) {
        return new Exchange(accountId, number, way, what, verdict, why, status, headers, body, plain);
    }

    public Exchange plain(String plain) {
        return new Exchange(accountId, number, way, what, verdict, why, status, headers, body, plain);
    }
}
